import { Button, Checkbox, NumberInput } from '@mantine/core'
import { useId } from 'react'
import classes from './AssignDialog.module.css'
import type { Assignee } from './useAssign.ts'

interface Props {
  people: readonly Assignee[]
  ownId: string
  loading: boolean
  chosen: ReadonlyMap<string, number>
  onChange: (chosen: ReadonlyMap<string, number>) => void
  weights: boolean
  gets: ReadonlyMap<string, number> | undefined
}

/** Who is chosen, what they have open, and what they will get. */
export function AssignPeople({ people, ownId, loading, chosen, onChange, weights, gets }: Props) {
  const label = useId()
  const choose = (id: string, weight: number | undefined) => {
    const next = new Map(chosen)
    if (weight === undefined) next.delete(id)
    else next.set(id, weight)
    onChange(next)
  }
  const others = people.filter(({ isOwner }) => !isOwner)
  const all = others.length > 0 && others.every(({ id }) => chosen.has(id))
  return (
    <div>
      <div className={classes.head}>
        <span id={label}>People</span>
        {others.length > 1 && (
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() => onChange(all ? new Map() : new Map(others.map(({ id }) => [id, chosen.get(id) ?? 1])))}
          >
            {all ? 'Choose nobody' : 'Choose all collaborators'}
          </Button>
        )}
      </div>
      <table className={classes.people} aria-labelledby={label} aria-busy={loading || undefined}>
        <thead>
          <tr>
            <th scope="col">Person</th>
            {weights && <th scope="col">Weight</th>}
            <th scope="col">Open now</th>
            <th scope="col">Will get</th>
          </tr>
        </thead>
        <tbody>
          {people.map(({ id, name, open }) => (
            <tr key={id}>
              <td>
                <Checkbox
                  size="xs"
                  label={
                    <>
                      {name || id}
                      {id === ownId && ' (you)'} {name && <span className={classes.id}>{id}</span>}
                    </>
                  }
                  checked={chosen.has(id)}
                  onChange={(event) => choose(id, event.currentTarget.checked ? 1 : undefined)}
                />
              </td>
              {weights && (
                <td>
                  <NumberInput
                    aria-label={`Weight of ${name || id}`}
                    size="xs"
                    w={72}
                    min={0}
                    max={1000}
                    disabled={!chosen.has(id)}
                    value={chosen.get(id) ?? 1}
                    onChange={(value) => choose(id, Number(value) || 0)}
                  />
                </td>
              )}
              <td>{open ?? '–'}</td>
              <td>{(chosen.has(id) || gets?.has(id)) && gets ? `+${gets.get(id) ?? 0}` : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
