import { count } from '#app/messages.ts'
import type { PairMean } from '#gen/marquee/v1/team_pb.ts'
import classes from './Consensus.module.css'

interface Props {
  pairs: readonly PairMean[]
  nameOf: (userId: string) => string
}

/** Everybody against everybody: the mean agreement over the images both have submitted. */
export function AgreementMatrix({ pairs, nameOf }: Props) {
  const people = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))].sort((a, b) => nameOf(a).localeCompare(nameOf(b)))
  const of = (one: string, other: string) =>
    pairs.find(({ a, b }) => (a === one && b === other) || (a === other && b === one))
  return (
    <div style={{ overflowX: 'auto' }}>
      <table className={classes.matrix} aria-label="Agreement of two people">
        <thead>
          <tr>
            <td />
            {people.map((id) => (
              <th key={id} scope="col">
                {nameOf(id)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {people.map((row) => (
            <tr key={row}>
              <th scope="row">{nameOf(row)}</th>
              {people.map((column) => {
                const pair = of(row, column)
                if (row === column || !pair)
                  return (
                    <td key={column} className={classes.self}>
                      {row === column ? '·' : '–'}
                    </td>
                  )
                return (
                  <td
                    key={column}
                    className={classes.cell}
                    style={{
                      background: `color-mix(in srgb, var(--accent) ${Math.round(pair.agreement * 42)}%, var(--panel))`,
                    }}
                    title={`${nameOf(row)} and ${nameOf(column)}: ${count(pair.inputs, 'image')} in common`}
                  >
                    {Math.round(pair.agreement * 100)}%<small>{count(pair.inputs, 'image')}</small>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
