import { ActionIcon, Button, Modal } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { Thumbnail } from '#app/inputs/Thumbnail.tsx'
import { count, messageOf } from '#app/messages.ts'
import { knownAnswersQuery, putKnownAnswers } from '#sync/agreement.ts'
import { inputSummariesQuery } from '#sync/queries.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { failureToast, undoToast } from '#ui/toast.tsx'
import classes from './Consensus.module.css'

interface Props {
  scope: AppScope
  task: string
}

/** Images of a task whose answer the owner knows: labelers are held against it and never told. */
export function KnownAnswers({ scope, task }: Props) {
  const { clients } = useApp()
  const client = useQueryClient()
  const [adding, setAdding] = useState(false)
  const { data, error } = useQuery(knownAnswersQuery(clients, scope, task))
  const put = async (ids: readonly string[], forget: boolean) => {
    try {
      await putKnownAnswers(clients, scope, task, ids, forget)
      await client.invalidateQueries({ queryKey: queryKeys.work(scope) })
      return true
    } catch (failure) {
      failureToast(forget ? 'Not removed' : 'Not kept', messageOf(failure))
      return false
    }
  }
  return (
    <section aria-label="Known answers">
      <h2 className={classes.heading}>Known answers</h2>
      <p className={classes.lead}>
        Label some images of this task yourself, outside of it, and keep them as known answers. Everybody who labels
        them is measured against yours without being told: that is the <b>Quality</b> of a person. They never see what
        you drew there.
      </p>
      {error && <p className={classes.lead}>{messageOf(error)}</p>}
      {data && data.length > 0 && (
        <ul className={classes.known}>
          {data.map(({ input, regions, agreement, people }) =>
            input ? (
              <li key={input.inputId}>
                <span className={classes.thumb}>
                  <Thumbnail input={input} />
                </span>
                <Link
                  to="/apps/$user/$app/inputs/$input"
                  params={{ user: scope.owner, app: scope.app, input: input.inputId }}
                  search={{}}
                  className={classes.clip}
                >
                  {input.filename || input.inputId}
                </Link>
                <span className={classes.dim}>{count(regions, 'region')}</span>
                <span className={classes.share}>
                  {agreement === undefined
                    ? 'nobody yet'
                    : `${Math.round(agreement * 100)}% by ${count(people, 'person', 'people')}`}
                </span>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`No longer a known answer: ${input.filename || input.inputId}`}
                  title="No longer a known answer"
                  onClick={() =>
                    void put([input.inputId], true).then(
                      (done) =>
                        done &&
                        undoToast(
                          `${input.filename || input.inputId} is no known answer any more`,
                          () => void put([input.inputId], false),
                        ),
                    )
                  }
                >
                  <Trash2 size={15} aria-hidden />
                </ActionIcon>
              </li>
            ) : null,
          )}
        </ul>
      )}
      <Button variant="default" onClick={() => setAdding(true)}>
        Keep known answers…
      </Button>
      <Modal opened={adding} onClose={() => setAdding(false)} title="Keep known answers" size={680}>
        {adding && (
          <Choose
            scope={scope}
            known={new Set(data?.map(({ input }) => input?.inputId ?? ''))}
            onKeep={(ids) => void put(ids, false).then((done) => done && setAdding(false))}
            onClose={() => setAdding(false)}
          />
        )}
      </Modal>
    </section>
  )
}

interface ChooseProps {
  scope: AppScope
  known: ReadonlySet<string>
  onKeep: (ids: readonly string[]) => void
  onClose: () => void
}

/** Those that the owner has labelled. */
function Choose({ scope, known, onKeep, onClose }: ChooseProps) {
  const { clients, person } = useApp()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const { data, error } = useQuery(
    inputSummariesQuery(clients, scope, { page: 1, perPage: 100, query: { author: person.id } }),
  )
  const inputs = (data?.inputs ?? []).filter(({ inputId }) => !known.has(inputId))
  return (
    <>
      {error && <p className={classes.lead}>{messageOf(error)}</p>}
      {data && inputs.length === 0 && (
        <p className={classes.lead}>
          You have labelled nothing yet that is not kept already. Open an image from <b>Inputs</b>, draw what is right
          on it, and come back.
        </p>
      )}
      {inputs.length > 0 && <p className={classes.lead}>Images you have labelled:</p>}
      <div className={classes.pick}>
        {inputs.map((input) => (
          <label key={input.inputId} className={classes.option}>
            <Thumbnail input={input} />
            <span>
              <input
                type="checkbox"
                checked={chosen.has(input.inputId)}
                onChange={(event) => {
                  const next = new Set(chosen)
                  if (event.currentTarget.checked) next.add(input.inputId)
                  else next.delete(input.inputId)
                  setChosen(next)
                }}
              />
              <span className={classes.clip}>{input.filename || input.inputId}</span>
            </span>
          </label>
        ))}
      </div>
      <div style={{ display: 'flex', gap: 8, justifyContent: 'flex-end' }}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={chosen.size === 0} onClick={() => onKeep([...chosen])}>
          Keep {chosen.size > 0 ? count(chosen.size, 'answer') : ''}
        </Button>
      </div>
    </>
  )
}
