import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  GetConceptUseResponseSchema,
  MergeConceptResponseSchema,
  type Office,
  RestoreConceptResponseSchema,
} from '#gen/marquee/v1/office_pb.ts'
import { type Concept, ConceptSchema, type Task, TaskSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { wakeWorker } from '#proxy/service/bulk/bulkWake.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { studioApp } from '#proxy/service/studio/studio.ts'
import { badRequest } from '#proxy/service/team/teamRights.ts'
import { lockApp, nextRev, revOf } from '#proxy/store/apps.ts'
import { queueWork } from '#proxy/store/bulkQueue.ts'
import { type ConceptRow, conceptsById, putConcepts } from '#proxy/store/concepts.ts'
import { conceptUse, writesBetween } from '#proxy/store/conceptUse.ts'
import { appendHistory, itemHistory } from '#proxy/store/history.ts'
import type { Db } from '#proxy/store/open.ts'
import { putTasks, type TaskRow, tasksById, tasksOfPerson } from '#proxy/store/tasks.ts'
import { conceptOf, firstWrites, marqueeOf, relabel, restoreLabels } from './conceptRelabel.ts'

interface Asked {
  readonly userId: string
  readonly appId: string
  readonly conceptId: string
}

/** These change what others labelled. @throws ApiError CONN_INSUFFICIENT_SCOPES for anybody but the owner */
export const ownApp = async (deps: Deps, call: Call, request: Asked): Promise<AppInUse> => {
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

/** So long the answer waits for labels to be written; the worker writes the rest. */
const patienceMs = 1_000

/** @throws ApiError CONN_DOES_NOT_EXIST, CONCEPTS_INVALID_REQUEST where it is in use and nothing takes its place */
export const mergeConcept: MethodImpl<typeof Office.method.mergeConcept> = async (request, call, deps) => {
  const app = await ownApp(deps, call, request)
  const { conceptId, intoId } = request
  if (conceptId === intoId) throw badRequest('into_id', 'a concept cannot be merged into itself')
  const answer = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const before = await living(tx, app, conceptId, 'concept_id')
    const into = intoId === '' ? undefined : await living(tx, app, intoId, 'into_id')
    if (!into) await checkUnused(tx, app, conceptId)
    const changed = into ? (await conceptUse(tx, app.no, conceptId)).annotations : 0
    const first = await deleteConcept(tx, app, before, intoId, deps)
    if (into) await offerInstead(tx, app, conceptId, intoId, deps)
    if (changed > 0) await queueWork(tx, 'concept_merge', app.no, deps.now())
    return create(MergeConceptResponseSchema, { changed, undo: `${first}-${await revOf(tx, app.no)}` })
  })
  const until = performance.now() + patienceMs
  if (answer.changed > 0) await relabel(app, conceptId, deps, () => performance.now() < until)
  wakeWorker(deps.store)
  return answer
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
  const message = toBinary(ConceptSchema, withMerged(conceptOf(before), into))
  await putConcepts(tx, [{ ...before, message, rev, modified_at: at, deleted_at: at, deleted_by: app.callerId }])
  await appendHistory(tx, [itemHistory('concept', app, before.id, { rev, at }, before.message, null)])
  return rev
}

const withMerged = (concept: Concept, into: string): Concept => {
  if (into === '') return concept
  return { ...concept, metadata: { ...concept.metadata, marquee: { ...marqueeOf(concept), mergedInto: into } } }
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
  await appendHistory(tx, [itemHistory('task', app, row.id, { rev, at }, row.message, message)])
}

/** The worker finishes what was interrupted after so long. */
const restoreMicros = 60_000_000

/** @throws ApiError CONN_INVALID_REQUEST where `undo` is of no merge of this concept by the owner */
export const restoreConcept: MethodImpl<typeof Office.method.restoreConcept> = async (request, call, deps) => {
  const app = await ownApp(deps, call, request)
  const { conceptId, undo } = request
  const writes = firstWrites(undo)
  if (!writes) throw badRequest('undo', 'not of an answer to MergeConcept')
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const [gone, ...others] = await writesBetween(tx, app.no, ...writes)
    const [row] = await conceptsById(tx, app.no, [conceptId])
    if (gone?.kind !== 'concept' || gone.item_id !== conceptId || !row || !gone.before)
      throw badRequest('undo', `not of a merge of "${conceptId}"`)
    await beginRestore(tx, app, row, undo, deps)
    for (const write of others.filter(({ kind }) => kind === 'task')) {
      const [task] = await tasksById(tx, app.no, [write.item_id])
      if (task && Number(task.rev) === Number(write.rev) && write.before)
        await putTask(tx, app, task, write.before, deps)
    }
  })
  return create(RestoreConceptResponseSchema, await restoreLabels(app, conceptId, undo, deps))
}

/** From now on nothing is relabelled any more. */
const beginRestore = async (tx: Db, app: AppInUse, row: ConceptRow, undo: string, deps: Deps): Promise<void> => {
  if (row.deleted_at === null) return
  const concept = conceptOf(row)
  const marquee = { ...marqueeOf(concept), restoring: undo }
  const { rev } = await nextRev(tx, app.no, deps.now())
  const message = toBinary(ConceptSchema, { ...concept, metadata: { ...concept.metadata, marquee } })
  await putConcepts(tx, [{ ...row, message, rev }])
  await queueWork(tx, 'concept_merge', app.no, deps.now() + restoreMicros)
}

/** The owner's care of concepts, in marquee.v1.Office. */
export const conceptOfficeMethods = { getConceptUse, mergeConcept, restoreConcept }
