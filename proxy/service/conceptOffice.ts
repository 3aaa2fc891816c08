import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  GetConceptUseResponseSchema,
  MergeConceptResponseSchema,
  type Office,
  RestoreConceptResponseSchema,
} from '#gen/marquee/v1/office_pb.ts'
import {
  AnnotationSchema,
  type Concept,
  ConceptSchema,
  type Task,
  TaskSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { annotationsByKey } from '#proxy/store/annotations.ts'
import { lockApp, nextRev } from '#proxy/store/apps.ts'
import { batches } from '#proxy/store/batches.ts'
import { type ConceptRow, conceptsById, putConcepts } from '#proxy/store/concepts.ts'
import { annotationsOfConcept, conceptUse, writesBetween } from '#proxy/store/conceptUse.ts'
import { appendHistory } from '#proxy/store/history.ts'
import type { Db } from '#proxy/store/open.ts'
import { putTasks, type TaskRow, tasksById, tasksOfPerson } from '#proxy/store/tasks.ts'
import type { AppInUse } from './access.ts'
import { stored } from './annotationReading.ts'
import { ApiError } from './apiError.ts'
import { writeChanges } from './bulkWrites.ts'
import type { Call } from './call.ts'
import { replaceConcepts } from './conceptMerges.ts'
import type { Deps } from './deps.ts'
import { isJsonObject } from './jsonObject.ts'
import type { MethodImpl } from './method.ts'
import { studioApp } from './studio.ts'
import { historyOf as taskHistory } from './tasks.ts'
import { badRequest } from './teamRights.ts'

const annotationsAtATime = 500

interface Asked {
  readonly userId: string
  readonly appId: string
  readonly conceptId: string
}

/** These change what others labelled. @throws ApiError CONN_INSUFFICIENT_SCOPES for anybody but the owner */
const ownApp = async (deps: Deps, call: Call, request: Asked): Promise<AppInUse> => {
  const app = await studioApp(deps, call, request, 'addConcepts')
  if (app.role !== 'owner')
    throw new ApiError(
      StatusCode.CONN_INSUFFICIENT_SCOPES,
      'app_id: only the owner of the app merges and deletes concepts',
    )
  return app
}

const living = async (db: Db, app: AppInUse, id: string, field: string): Promise<ConceptRow> => {
  const [row] = await conceptsById(db, app.no, [id])
  if (!row || row.deleted_at !== null)
    throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `${field}: the app has no concept "${id}"`)
  return row
}

const tasksNaming = async (db: Db, app: AppInUse, conceptId: string): Promise<{ row: TaskRow; task: Task }[]> => {
  const rows = await tasksOfPerson(db, app.no, undefined)
  return rows
    .map((row) => ({ row, task: fromBinary(TaskSchema, row.message) }))
    .filter(({ task }) => task.concepts.some(({ concept }) => concept?.id === conceptId))
}

export const getConceptUse: MethodImpl<typeof Office.method.getConceptUse> = async (request, call, deps) => {
  const app = await ownApp(deps, call, request)
  const db = deps.store.read
  await living(db, app, request.conceptId, 'concept_id')
  const tasks = await tasksNaming(db, app, request.conceptId)
  return create(GetConceptUseResponseSchema, {
    ...(await conceptUse(db, app.no, request.conceptId)),
    taskNames: tasks.map(({ task }) => task.name || task.id),
  })
}

/** @throws ApiError CONN_DOES_NOT_EXIST, CONCEPTS_INVALID_REQUEST where it is in use and nothing takes its place */
export const mergeConcept: MethodImpl<typeof Office.method.mergeConcept> = async (request, call, deps) => {
  const app = await ownApp(deps, call, request)
  const { conceptId, intoId } = request
  if (conceptId === intoId) throw badRequest('into_id', 'a concept cannot be merged into itself')
  return deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const before = await living(tx, app, conceptId, 'concept_id')
    const into = intoId === '' ? undefined : await living(tx, app, intoId, 'into_id')
    if (!into) await checkUnused(tx, app, conceptId)
    const first = await deleteConcept(tx, app, before, intoId, deps)
    const changed = into ? await relabel(tx, app, conceptId, intoId, deps) : 0
    if (into) await offerInstead(tx, app, conceptId, intoId, deps)
    const last = await nextRev(tx, app.no, deps.now())
    return create(MergeConceptResponseSchema, { changed, undo: `${first}-${last.rev}` })
  })
}

const checkUnused = async (tx: Db, app: AppInUse, conceptId: string): Promise<void> => {
  const { annotations, inputs } = await conceptUse(tx, app.no, conceptId)
  const tasks = await tasksNaming(tx, app, conceptId)
  if (annotations === 0 && tasks.length === 0) return
  throw new ApiError(
    StatusCode.CONCEPTS_INVALID_REQUEST,
    `into_id: "${conceptId}" is used by ${annotations} annotations of ${inputs} inputs and ${tasks.length} tasks: say what takes its place`,
  )
}

/** @returns the number of the write */
const deleteConcept = async (tx: Db, app: AppInUse, before: ConceptRow, into: string, deps: Deps): Promise<number> => {
  const { rev, at } = await nextRev(tx, app.no, deps.now())
  const concept = fromBinary(ConceptSchema, before.message)
  const message = toBinary(ConceptSchema, withMerged(concept, into))
  await putConcepts(tx, [{ ...before, message, rev, modified_at: at, deleted_at: at, deleted_by: app.callerId }])
  await appendHistory(tx, [conceptHistory(app, before.id, rev, at, before.message, null)])
  return rev
}

const withMerged = (concept: Concept, into: string): Concept => {
  if (into === '') return concept
  const marquee = isJsonObject(concept.metadata?.marquee) ? concept.metadata.marquee : {}
  return { ...concept, metadata: { ...concept.metadata, marquee: { ...marquee, mergedInto: into } } }
}

const conceptHistory = (
  app: AppInUse,
  id: string,
  rev: number,
  at: number,
  before: Uint8Array | null,
  after: Uint8Array | null,
) => ({
  app: app.no,
  rev,
  kind: 'concept' as const,
  input_id: '',
  item_id: id,
  user_id: app.callerId,
  at,
  before,
  after,
})

/** @returns how many annotations were changed */
const relabel = async (tx: Db, app: AppInUse, from: string, into: string, deps: Deps): Promise<number> => {
  const by = new Map([[from, into]])
  let changed = 0
  for (let after = -1; ; ) {
    const rows = await annotationsOfConcept(tx, app.no, from, after, annotationsAtATime)
    const last = rows.at(-1)
    if (!last) return changed
    const changes = rows.map((row) => ({ row, after: stored(row) }))
    for (const change of changes) replaceConcepts(change.after, by)
    await writeChanges(tx, app, changes, deps)
    changed += changes.length
    after = Number(last.created_at)
  }
}

const offerInstead = async (tx: Db, app: AppInUse, from: string, into: string, deps: Deps): Promise<void> => {
  for (const { row, task } of await tasksNaming(tx, app, from)) {
    const has = task.concepts.some(({ concept }) => concept?.id === into)
    const concepts = task.concepts.flatMap((one) => {
      if (one.concept?.id !== from) return [one]
      return has ? [] : [{ ...one, concept: { ...one.concept, id: into, name: '' } }]
    })
    await putTask(tx, app, row, toBinary(TaskSchema, { ...task, concepts }), deps)
  }
}

const putTask = async (tx: Db, app: AppInUse, row: TaskRow, message: Uint8Array, deps: Deps): Promise<void> => {
  const { rev, at } = await nextRev(tx, app.no, deps.now())
  await putTasks(tx, [{ ...row, message, rev, modified_at: at }])
  await appendHistory(tx, [taskHistory({ ...row, rev }, app.callerId, at, row.message, message)])
}

/** @throws ApiError CONN_INVALID_REQUEST where `undo` is of no merge of this concept by the owner */
export const restoreConcept: MethodImpl<typeof Office.method.restoreConcept> = async (request, call, deps) => {
  const app = await ownApp(deps, call, request)
  const [from, to] = (/^(\d{1,15})-(\d{1,15})$/.exec(request.undo) ?? []).slice(1).map(Number)
  if (from === undefined || to === undefined) throw badRequest('undo', 'not of an answer to MergeConcept')
  return deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const writes = await writesBetween(tx, app.no, from, to)
    const [gone] = writes
    const [row] = await conceptsById(tx, app.no, [request.conceptId])
    if (gone?.kind !== 'concept' || gone.item_id !== request.conceptId || !row || !gone.before)
      throw badRequest('undo', `not of a merge of "${request.conceptId}"`)
    await bringConceptBack(tx, app, row, gone.before, deps)
    const annotations = writes.filter(({ kind }) => kind === 'annotation')
    const restored = await bringLabelsBack(tx, app, annotations, deps)
    for (const write of writes.filter(({ kind }) => kind === 'task')) {
      const [task] = await tasksById(tx, app.no, [write.item_id])
      if (task && Number(task.rev) === Number(write.rev) && write.before)
        await putTask(tx, app, task, write.before, deps)
    }
    return create(RestoreConceptResponseSchema, { restored, kept: annotations.length - restored })
  })
}

const bringConceptBack = async (tx: Db, app: AppInUse, row: ConceptRow, message: Uint8Array, deps: Deps) => {
  if (row.deleted_at === null) return
  const { rev, at } = await nextRev(tx, app.no, deps.now())
  await putConcepts(tx, [{ ...row, message, rev, modified_at: at, deleted_at: null, deleted_by: null }])
  await appendHistory(tx, [conceptHistory(app, row.id, rev, at, null, message)])
}

type Write = Awaited<ReturnType<typeof writesBetween>>[number]

/** Those that nobody has touched since. @returns how many */
const bringLabelsBack = async (tx: Db, app: AppInUse, writes: readonly Write[], deps: Deps): Promise<number> => {
  let restored = 0
  for (const some of batches(writes, annotationsAtATime)) {
    const keys = some.map(({ input_id, item_id }) => ({ input_id, id: item_id }))
    const rows = new Map((await annotationsByKey(tx, app.no, keys)).map((row) => [`${row.input_id}/${row.id}`, row]))
    const changes = some.flatMap((write) => {
      const row = rows.get(`${write.input_id}/${write.item_id}`)
      if (!row || !write.before || row.deleted_at !== null || Number(row.rev) !== Number(write.rev)) return []
      return [{ row, after: fromBinary(AnnotationSchema, write.before) }]
    })
    await writeChanges(tx, app, changes, deps)
    restored += changes.length
  }
  return restored
}

/** The owner's care of concepts, in marquee.v1.Office. */
export const conceptOfficeMethods = { getConceptUse, mergeConcept, restoreConcept }
