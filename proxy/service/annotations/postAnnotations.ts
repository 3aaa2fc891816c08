import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { personIn } from '#proxy/service/appSettings.ts'
import { type Attempt, attempt, attemptAsync } from '#proxy/service/attempt.ts'
import { readThroughMerges } from '#proxy/service/concepts/conceptMerges.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { checkBatch } from '#proxy/service/paging.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { firstStatus, type TaskRules, taskRules, whyNotInTask } from '#proxy/service/tasks/taskRules.ts'
import { type OrderRules, orderRules, statusInOrder, whyNotAdd } from '#proxy/service/team/orderRules.ts'
import { invalid } from '#proxy/service/validate.ts'
import { type AnnotationRow, annotationsByKey, insertAnnotations, livingInputs } from '#proxy/store/annotations.ts'
import { lockApp, nextRevs } from '#proxy/store/apps.ts'
import { appendHistory } from '#proxy/store/history.ts'
import { refreshLabelled } from '#proxy/store/labelled.ts'
import { knownPeople } from '#proxy/store/names.ts'
import type { Db } from '#proxy/store/open.ts'
import type { Person } from './annotationAccess.ts'
import { batchAnswer } from './annotationAnswer.ts'
import { addConcepts, type NewConcepts, newConceptsOf, saidNames, takeConcepts } from './annotationConcepts.ts'
import { type Draft, draftOf, isRepeat, placeRegion } from './annotationDraft.ts'
import { bareStatus, setTimes } from './annotationForm.ts'
import { regionOf } from './annotationParts.ts'
import { stored } from './annotationReading.ts'
import { placeKey, type RegionPlaces, regionPlaces } from './annotationRegions.ts'
import { annotationRow, encoded } from './annotationRow.ts'
import { annotationKey, historyOf } from './annotationWrites.ts'

/**
 * PostAnnotations: 1 to 128, each written or refused by itself, all in one transaction (api.md §§1, 2.1, 8).
 * Safe to repeat: an id that is taken by the very same content answers SUCCESS (decisions §3).
 */
export const postAnnotations: MethodImpl<typeof V2.method.postAnnotations> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addAnnotations')
  checkBatch(request.annotations, 'annotations', deps.limits.batch)
  const person = personIn(app)
  const names = saidNames(request.annotations)
  const drafts = await Promise.all(
    request.annotations.map((posted, i) => attemptAsync(() => draftOf(posted, `annotations[${i}]`, person, deps))),
  )
  const done = await deps.store.together((tx) => writeDrafts(tx, app, drafts, deps.now(), names))
  return batchAnswer(request.annotations, done, app, call, deps)
}

/** What the database knows about the drafts, read within the transaction that writes them. */
interface Surroundings {
  readonly inputs: ReadonlySet<string>
  readonly people: ReadonlySet<string>
  readonly places: RegionPlaces
  readonly concepts: NewConcepts
  readonly tasks: TaskRules
  readonly orders: OrderRules
  readonly person: Person
  /** Ids that are taken; those written by this very call are added as they come. */
  readonly taken: Map<string, { readonly annotation: Annotation; readonly deleted: boolean }>
}

/** Writes what passes the checks only the database can make. @returns for each draft how it fared, in stored form */
export const writeDrafts = async (
  tx: Db,
  app: AppInUse,
  drafts: readonly Attempt<Draft>[],
  now: number,
  names?: NewConcepts['names'],
): Promise<Attempt<Annotation>[]> => {
  await lockApp(tx, app.no)
  const valid = drafts.flatMap((draft) => (draft.ok ? [draft.value] : []))
  const around = await surroundings(tx, app, valid, names)
  const fresh: Annotation[] = []
  const done = drafts.map((draft) => (draft.ok ? attempt(() => settle(draft.value, around, fresh)) : draft))
  await insert(tx, app, fresh, around.concepts, now)
  return done
}

const surroundings = async (
  tx: Db,
  app: AppInUse,
  drafts: readonly Draft[],
  names: NewConcepts['names'] | undefined,
): Promise<Surroundings> => {
  const annotations = drafts.map((draft) => draft.annotation)
  const keys = annotations.map(({ inputId, id }) => ({ input_id: inputId, id }))
  const people = drafts.flatMap(({ worker }) => (worker.kind === 'user' ? [worker.id] : []))
  const said = keys.filter((_, i) => !drafts[i]!.namedHere)
  const taken = said.length === 0 ? [] : await annotationsByKey(tx, app.no, said)
  return {
    inputs: await livingInputs(
      tx,
      app.no,
      keys.map((key) => key.input_id),
    ),
    // the caller is there: they are signed in
    people: (
      await knownPeople(
        tx,
        [...new Set(people)].filter((id) => id !== app.callerId),
      )
    ).add(app.callerId),
    places: await regionPlaces(
      tx,
      app,
      drafts.flatMap((draft) => (draft.placeless ? [draft.annotation] : [])),
    ),
    concepts: await newConceptsOf(tx, app, annotations, names),
    tasks: await taskRules(tx, app.no, annotations),
    orders: await orderRules(tx, app, annotations),
    person: personIn(app),
    taken: new Map(
      (await readThrough(tx, app, taken)).map(({ row, annotation }) => [
        annotationKey({ inputId: row.input_id, id: row.id }),
        { annotation, deleted: row.deleted_at !== null },
      ]),
    ),
  }
}

/** What an answer would say of them, for a draft that is sent again. */
const readThrough = async (tx: Db, app: AppInUse, rows: readonly AnnotationRow[]) => {
  const found = rows.map((row) => ({ row, annotation: stored(row) }))
  await readThroughMerges(
    tx,
    app.no,
    found.map(({ annotation }) => annotation),
  )
  return found
}

/** The annotation that answers a draft; a new one is put among the `fresh`. @throws ApiError of the item */
const settle = (draft: Draft, around: Surroundings, fresh: Annotation[]): Annotation => {
  const { annotation, path, worker } = draft
  if (!around.inputs.has(annotation.inputId))
    throw new ApiError(StatusCode.INPUT_DOES_NOT_EXIST, `${path}.input_id: no input "${annotation.inputId}"`)
  const said = statusInOrder(annotation, draft.saidStatus, around.orders)
  annotation.status = bareStatus(firstStatus(annotation, said, around.tasks))
  const before = around.taken.get(annotationKey(annotation))
  if (before) return repeated(draft, before)
  const none = around.tasks.whyNone(annotation)
  if (none) throw invalid(`${path}.task_id`, none)
  const reason = whyNotInTask(annotation, draft.saidStatus, around.person, around.tasks)
  if (reason) throw new ApiError(StatusCode.ANNOTATION_PERMISSION_DENIED, `${path}.task_id: ${reason}`)
  const ordered = whyNotAdd(annotation, draft.saidStatus, around.person, around.orders)
  if (ordered) throw new ApiError(StatusCode.ANNOTATION_PERMISSION_DENIED, `${path}.input_id: ${ordered}`)
  placeRegion(draft, around.places.get(placeKey(annotation.inputId, regionOf(annotation.data)?.id ?? '')))
  if (worker.kind === 'user' && !around.people.has(worker.id))
    throw invalid(`${path}.user_id`, `there is no user "${worker.id}"`)
  takeConcepts(annotation, path, around.concepts)
  around.taken.set(annotationKey(annotation), { annotation, deleted: false })
  fresh.push(annotation)
  return annotation
}

const repeated = (draft: Draft, before: { annotation: Annotation; deleted: boolean }): Annotation => {
  if (!before.deleted && isRepeat(draft, before.annotation)) return before.annotation
  const what = before.deleted ? 'deleted' : 'taken by another annotation'
  throw new ApiError(StatusCode.DATABASE_DUPLICATE_KEY, `${draft.path}.id: "${before.annotation.id}" is ${what}`)
}

const insert = async (tx: Db, app: AppInUse, fresh: readonly Annotation[], concepts: NewConcepts, now: number) => {
  if (fresh.length === 0) return
  const stamps = await nextRevs(tx, app.no, concepts.used.size + fresh.length, now)
  await addConcepts(tx, app, concepts, stamps)
  const times = stamps.slice(concepts.used.size)
  for (const [i, annotation] of fresh.entries()) setTimes(annotation, times[i]!.at, times[i]!.at)
  const messages = encoded(fresh)
  const rows = fresh.map((annotation, i) => {
    const { rev, at } = times[i]!
    return annotationRow(annotation, { app: app.no, rev, createdAt: at, modifiedAt: at, message: messages[i]! })
  })
  await insertAnnotations(tx, rows, fresh)
  const history = rows.map((row) => historyOf(row, app.callerId, row.created_at, null, row.message))
  await appendHistory(tx, history)
  await refreshLabelled(
    tx,
    app.no,
    fresh.map((annotation) => annotation.inputId),
  )
}
