import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { PatchAnnotationsRequest, V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { personIn } from '#proxy/service/appSettings.ts'
import { type Attempt, attempt, attemptAsync } from '#proxy/service/attempt.ts'
import { compares } from '#proxy/service/compare.ts'
import { readThroughMerges } from '#proxy/service/concepts/conceptMerges.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { followFilenames } from '#proxy/service/inputs/inputFilename.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { checkBatch } from '#proxy/service/paging.ts'
import { patchAction } from '#proxy/service/patch.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { type TaskRules, taskRules } from '#proxy/service/tasks/taskRules.ts'
import { takeBackWork } from '#proxy/service/tasks/taskTakeBack.ts'
import { keepOrderAgreement } from '#proxy/service/team/agreementKeeping.ts'
import { markSame } from '#proxy/service/team/consensusCopies.ts'
import { followOrders } from '#proxy/service/team/orderMoves.ts'
import { orderRules } from '#proxy/service/team/orderRules.ts'
import {
  type AnnotationRow,
  annotationsByKey,
  type NewAnnotationRow,
  replaceAnnotations,
} from '#proxy/store/annotations.ts'
import { lockApp, nextRevs, type Stamp } from '#proxy/store/apps.ts'
import { appendHistory, type HistoryRow, lastWriters } from '#proxy/store/history.ts'
import { refreshLabelled } from '#proxy/store/labelled.ts'
import { knownPeople } from '#proxy/store/names.ts'
import type { Db } from '#proxy/store/open.ts'
import { batchAnswer } from './annotationAnswer.ts'
import { addConcepts, type NewConcepts, newConceptsOf, saidNames, takeConcepts } from './annotationConcepts.ts'
import { setTimes } from './annotationForm.ts'
import { hasPlace, isEmptyData, regionOf } from './annotationParts.ts'
import { applyPatch, type Current, currentOf, type Patch, type PatchContext, patchOf } from './annotationPatch.ts'
import { stored } from './annotationReading.ts'
import { regionPlaces } from './annotationRegions.ts'
import { annotationRow } from './annotationRow.ts'
import { annotationKey, historyOf } from './annotationWrites.ts'

/**
 * PatchAnnotations: 1 to 128 patches in order, each applied or refused by itself, all in one transaction (api.md §4).
 * With the header `x-marquee-compare: modified_at` a patch to another version than the sender has seen is refused
 * (decisions §4).
 */
export const patchAnnotations: MethodImpl<typeof V2.method.patchAnnotations> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addAnnotations')
  checkBatch(request.annotations, 'annotations', deps.limits.batch)
  const action = patchAction(request.action)
  const patches = await Promise.all(
    request.annotations.map((asked, i) =>
      attemptAsync(() => patchOf(asked, `annotations[${i}]`, action, app.callerId, deps)),
    ),
  )
  const compared = compares(call)
  const how = { ...request, names: saidNames(request.annotations) }
  const done = await deps.store.together((tx) => writePatches(tx, app, how, patches, compared, deps))
  await keepOrderAgreement(app, done, deps)
  return batchAnswer(request.annotations, done, app, call, deps)
}

/** One patch that went through: the annotation after it, what it was before, and whether it is left empty and goes. */
interface Applied {
  readonly after: Annotation
  readonly current: Current
  readonly goes: boolean
}

/** How all patches of a call are applied. */
export interface HowToPatch extends Pick<PatchAnnotationsRequest, 'action' | 'deleteIfEmptyData'> {
  /** What new concepts are to be called ({@link saidNames}). */
  readonly names: NewConcepts['names']
}

/** Writes what passes the checks only the database can make. @returns for each patch the annotation after it */
export const writePatches = async (
  tx: Db,
  app: AppInUse,
  request: HowToPatch,
  patches: readonly Attempt<Patch>[],
  compare: boolean,
  deps: Deps,
): Promise<Attempt<Annotation>[]> => {
  await lockApp(tx, app.no)
  const valid = patches.flatMap((patch) => (patch.ok ? [patch.value] : []))
  const rows = await annotationsByKey(
    tx,
    app.no,
    valid.map(({ sent }) => ({ input_id: sent.inputId, id: sent.id })),
  )
  const now = new Map(rows.map((row) => [annotationKey({ inputId: row.input_id, id: row.id }), currentOf(row)]))
  await readThroughMerges(
    tx,
    app.no,
    [...now.values()].map(({ annotation }) => annotation),
  )
  const context = await contextOf(tx, app, request, valid, [...now.values()], compare, deps)
  const labelled = request.action === 'remove' ? [] : valid.map(({ sent }) => sent)
  const concepts = await newConceptsOf(tx, app, labelled, request.names)
  const applied: Applied[] = []
  const done = patches.map((patch) =>
    patch.ok ? attempt(() => settle(patch.value, now, context, concepts, request.deleteIfEmptyData, applied)) : patch,
  )
  await save(tx, app, applied, concepts, deps)
  await takeBackWork(tx, app, nowPending(applied), context.tasks, deps)
  await followOrders(tx, app, applied, deps)
  return done
}

/** Those that were patched from another state to PENDING. */
const nowPending = (applied: readonly Applied[]): Annotation[] =>
  applied
    .filter(({ after, current }) => {
      const to = after.status?.code
      return to === StatusCode.ANNOTATION_PENDING && current.row.status_code !== to
    })
    .map(({ after }) => after)

/** Brings its place along: nobody need look for it. */
const isPlaced = (sent: Annotation): boolean => hasPlace(regionOf(sent.data)?.regionInfo)

const contextOf = async (
  tx: Db,
  app: AppInUse,
  request: HowToPatch,
  patches: readonly Patch[],
  present: readonly Current[],
  compare: boolean,
  deps: Deps,
): Promise<PatchContext> => {
  const rows = present.map(({ row }) => row)
  const people = patches.flatMap(({ worker }) => (worker?.kind === 'user' ? [worker.id] : []))
  const writers = compare ? await lastWriters(tx, app.no, rows) : new Map<string, string>()
  return {
    action: patchAction(request.action),
    person: personIn(app),
    compare,
    places: await regionPlaces(
      tx,
      app,
      patches.flatMap(({ sent }) => (isPlaced(sent) && request.action !== 'remove' ? [] : [sent])),
    ),
    people: await knownPeople(tx, [...new Set(people)]),
    tasks: await tasksOf(tx, app, patches, rows),
    orders: await orderRules(
      tx,
      app,
      present.map(({ annotation }) => annotation),
    ),
    app,
    deps,
    lastWriter: (row) => writers.get(annotationKey({ inputId: row.input_id, id: row.id })) ?? row.user_id ?? '',
  }
}

/** Of the annotations as they are, and of the tasks they are sent to. */
const tasksOf = (
  tx: Db,
  app: AppInUse,
  patches: readonly Patch[],
  rows: readonly AnnotationRow[],
): Promise<TaskRules> =>
  taskRules(tx, app.no, [
    ...rows.filter((row) => row.task_id !== null).map(stored),
    ...patches.map(({ sent }) => sent).filter(({ taskId }) => taskId !== ''),
  ])

/** The annotation after one patch; the next patch of the call builds on it. @throws ApiError of the item */
const settle = (
  patch: Patch,
  now: Map<string, Current>,
  context: PatchContext,
  concepts: NewConcepts,
  deleteIfEmpty: boolean,
  applied: Applied[],
): Annotation => {
  const key = annotationKey(patch.sent)
  const current = now.get(key)
  if (!current || current.row.deleted_at !== null) throw missing(patch, current)
  const after = applyPatch(patch, current, context)
  // what was changed or moved speaks for itself again
  if (patch.sent.data || after.status?.code !== current.row.status_code) markSame(after)
  if (context.action !== 'remove') takeConcepts(after, patch.path, concepts)
  const goes = context.action === 'remove' && deleteIfEmpty && isEmptyData(after.data) && !after.inputLevel
  applied.push({ after, current, goes })
  now.set(key, { row: goes ? { ...current.row, deleted_at: 0 } : current.row, annotation: after })
  return after
}

const missing = ({ path, sent }: Patch, current: Current | undefined): ApiError => {
  const what = current ? `annotation "${sent.id}" is deleted` : `no annotation "${sent.id}" of input "${sent.inputId}"`
  return new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `${path}.id: ${what}`)
}

const save = async (tx: Db, app: AppInUse, applied: readonly Applied[], concepts: NewConcepts, deps: Deps) => {
  if (applied.length === 0) return
  const stamps = await nextRevs(tx, app.no, concepts.used.size + applied.length, deps.now())
  await addConcepts(tx, app, concepts, stamps)
  const rows = new Map<string, NewAnnotationRow>()
  const rowsBefore = new Map(applied.map(({ after, current }) => [annotationKey(after), current.row]))
  const history: HistoryRow[] = []
  for (const [i, item] of applied.entries()) {
    const stamp = stamps[concepts.used.size + i]!
    const key = annotationKey(item.after)
    const before = rows.get(key)?.message ?? item.current.row.message
    const row = rowAfter(app, item, stamp)
    rows.set(key, row)
    history.push(historyOf(row, app.callerId, stamp.at, before, item.goes ? null : row.message))
  }
  await replaceAnnotations(
    tx,
    [...rows.values()],
    [...rows.keys()].map((key) => rowsBefore.get(key)!),
  )
  await appendHistory(tx, history)
  await followFilenames(
    tx,
    app,
    applied.map(({ after }) => after),
  )
  await refreshLabelled(
    tx,
    app.no,
    applied.map(({ after }) => after.inputId),
  )
}

const rowAfter = (app: AppInUse, { after, current, goes }: Applied, { rev, at }: Stamp): NewAnnotationRow => {
  const createdAt = current.row.created_at
  setTimes(after, createdAt, at)
  const facts = { app: app.no, rev, createdAt, modifiedAt: at }
  return annotationRow(after, goes ? { ...facts, deletedAt: at, deletedBy: app.callerId } : facts)
}
