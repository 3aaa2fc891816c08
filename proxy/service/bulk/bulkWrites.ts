import { create, equals } from '@bufbuild/protobuf'
import { type Annotation, DataSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { whyNot } from '#proxy/service/annotations/annotationAccess.ts'
import {
  addConcepts,
  type NewConcepts,
  newConceptsOf,
  takeConcepts,
} from '#proxy/service/annotations/annotationConcepts.ts'
import { setTimes } from '#proxy/service/annotations/annotationForm.ts'
import { stored } from '#proxy/service/annotations/annotationReading.ts'
import { annotationRow } from '#proxy/service/annotations/annotationRow.ts'
import { subjectOf } from '#proxy/service/annotations/annotationSubject.ts'
import { historyOf } from '#proxy/service/annotations/annotationWrites.ts'
import { personIn } from '#proxy/service/appSettings.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { followFilenames } from '#proxy/service/inputs/inputFilename.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { personFor, type TaskRules, taskRules, whyNotChange } from '#proxy/service/tasks/taskRules.ts'
import { type AnnotationRow, type NewAnnotationRow, replaceAnnotations } from '#proxy/store/annotations.ts'
import { nextRevs } from '#proxy/store/apps.ts'
import { appendHistory } from '#proxy/store/history.ts'
import { refreshLabelled } from '#proxy/store/labelled.ts'
import type { Db } from '#proxy/store/open.ts'

/** Why an input or annotation was left as it is. */
export interface Failure {
  readonly id: string
  readonly reason: string
}

/** What became of the first so many of the ids a step was given. */
export interface Handled {
  readonly count: number
  readonly failures: readonly Failure[]
}

/** An annotation to be written: in the place of a row, deleted or not, or as a new one. In stored form. */
export interface Change {
  readonly row: AnnotationRow | undefined
  readonly after: Annotation
}

/** Judges by the rules of patching whether the caller may change annotations. */
export const rightsTo = async (tx: Db, app: AppInUse, rows: readonly AnnotationRow[]) => {
  const rules: TaskRules = await taskRules(tx, app.no, rows.filter((row) => row.task_id !== null).map(stored))
  const person = personIn(app)
  return (row: AnnotationRow): string | undefined => {
    const annotation = stored(row)
    const subject = subjectOf(row)
    return (
      whyNot(personFor(person, annotation, rules), { do: 'patch', subject }) ??
      whyNotChange(annotation, { status: undefined, taskId: '' }, person, rules)
    )
  }
}

/**
 * Writes annotations with their history, the concepts they are the first to use, and what is found of them.
 * @param known what of their concepts is new, where the caller knows that
 * @param names what new ones are to be called, where they were sent with a name
 */
export const writeChanges = async (
  tx: Db,
  app: AppInUse,
  changes: readonly Change[],
  deps: Deps,
  { known, names }: { readonly known?: NewConcepts; readonly names?: NewConcepts['names'] | undefined } = {},
): Promise<void> => {
  const real = changes.filter(saysMore)
  if (real.length === 0) return
  const written = real.map(({ after }) => after)
  const concepts = known ?? (await newConceptsOf(tx, app, written, names))
  for (const { after } of real) takeConcepts(after, 'operation', concepts)
  const stamps = await nextRevs(tx, app.no, concepts.used.size + real.length, deps.now())
  await addConcepts(tx, app, concepts, stamps)
  const rows = real.map(({ row, after }, i): NewAnnotationRow => {
    const { rev, at } = stamps[concepts.used.size + i]!
    const createdAt = row ? row.created_at : at
    setTimes(after, createdAt, at)
    return annotationRow(after, { app: app.no, rev, createdAt, modifiedAt: at })
  })
  await replaceAnnotations(tx, rows)
  await appendHistory(
    tx,
    rows.map((row, i) => {
      const before = real[i]!.row
      return historyOf(
        row,
        app.callerId,
        row.modified_at,
        before?.deleted_at === null ? before.message : null,
        row.message,
      )
    }),
  )
  await refreshLabelled(
    tx,
    app.no,
    written.map(({ inputId }) => inputId),
  )
  await followFilenames(tx, app, written)
}

const empty = create(DataSchema)

/** What changes nothing is not written. */
const saysMore = ({ row, after }: Change): boolean =>
  !row || row.deleted_at !== null || !equals(DataSchema, stored(row).data ?? empty, after.data ?? empty)
