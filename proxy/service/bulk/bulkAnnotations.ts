import { whyNot } from '#proxy/service/annotations/annotationAccess.ts'
import { subjectOf } from '#proxy/service/annotations/annotationSubject.ts'
import { personIn } from '#proxy/service/appSettings.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { deleteAnnotations } from '#proxy/store/annotationDeletes.ts'
import { annotationsByKey } from '#proxy/store/annotations.ts'
import { refreshLabelled } from '#proxy/store/labelled.ts'
import type { Db } from '#proxy/store/open.ts'
import type { Item } from './bulkSource.ts'
import type { Failure, Handled } from './bulkWrites.ts'

/**
 * Deletes annotations that a search found, softly, within one transaction. The inputs' own go with their inputs only,
 * so they are passed over, as where all of an input's are deleted.
 */
export const deleteFound = async (tx: Db, app: AppInUse, items: readonly Item[], deps: Deps): Promise<Handled> => {
  const keys = items.map(({ id, inputId }) => ({ input_id: inputId, id }))
  const rows = await annotationsByKey(tx, app.no, keys)
  const person = personIn(app)
  const failures: Failure[] = []
  const doomed = rows.filter((row) => {
    if (row.deleted_at !== null || row.input_level) return false
    const reason = whyNot(person, { do: 'delete', subject: subjectOf(row) })
    if (reason) failures.push({ id: row.id, reason })
    return reason === undefined
  })
  await deleteAnnotations(tx, { app: app.no, keys: doomed }, { by: app.callerId, now: deps.now() })
  await refreshLabelled(
    tx,
    app.no,
    doomed.map((row) => row.input_id),
  )
  return { count: items.length, failures }
}
