import { useQuery } from '@tanstack/react-query'
import { useApp } from '#app/appContext.tsx'
import { inWords } from '#app/work/ago.ts'
import { pastConceptsQuery } from '#sync/conceptOffice.ts'
import type { AppScope } from '#sync/scope.ts'
import { ConfirmButton } from '#ui/ConfirmButton.tsx'
import classes from './ConceptsPage.module.css'
import type { EndingConcepts } from './useEndConcept.ts'

interface Props {
  scope: AppScope
  onUndo: EndingConcepts['undo']
}

/** What was merged or deleted in the last 30 days, and the way back. */
export function PastConcepts({ scope, onUndo }: Props) {
  const { clients } = useApp()
  const { data = [], refetch } = useQuery(pastConceptsQuery(clients, scope))
  if (data.length === 0) return null
  return (
    <section className={classes.past} aria-label="Merged and deleted">
      <h2 className={classes.pastTitle}>Merged and deleted</h2>
      <p className={classes.after}>For 30 days these can be taken back.</p>
      <ul>
        {data.map((one) => {
          const name = one.name || one.conceptId
          const into = one.intoName || one.intoId
          return (
            <li key={one.conceptId}>
              <span>
                <b>{name}</b>
                {into && (
                  <>
                    {' '}
                    → <b>{into}</b>
                  </>
                )}
              </span>
              <span className={classes.pastWhen}>
                {into ? 'merged' : 'deleted'} {one.at && inWords(one.at, Date.now())}
                {one.by && ` by ${one.by}`}
              </span>
              {one.returning ? (
                <span className={classes.pastWhen}>Coming back…</span>
              ) : (
                <ConfirmButton
                  label={into ? 'Undo merge' : 'Bring back'}
                  subject={name}
                  question={undoQuestion(name, into)}
                  calm
                  onConfirm={() => void onUndo({ id: one.conceptId, name }, one.undo).then(() => refetch())}
                />
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** What becomes of labels, those made since included. */
const undoQuestion = (name: string, into: string): string =>
  into === ''
    ? `“${name}” is a concept of the app again.`
    : `“${name}” is back, and so are the labels that the merge changed. What was drawn or changed since stays “${into}”.`
