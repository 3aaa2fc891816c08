import { create } from '@bufbuild/protobuf'
import { MultiInputResponseSchema, SingleInputResponseSchema, type V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkBatch, inputsPerStreamedPage, itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { ok } from '#proxy/service/status.ts'
import { deleteAnnotations } from '#proxy/store/annotationDeletes.ts'
import { lockApp, nextRevs } from '#proxy/store/apps.ts'
import { appendHistory } from '#proxy/store/history.ts'
import { inputById, inputsAfter, inputsById, listInputs, markInputDeleted } from '#proxy/store/inputs.ts'
import type { Db } from '#proxy/store/open.ts'
import { readableInputs } from './inputReading.ts'
import { patchInputs } from './patchInputs.ts'
import { inputHistory, postInputs } from './postInputs.ts'

/** Oldest first; by ids and by status, if given. */
const listSomeInputs: MethodImpl<typeof V2.method.listInputs> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readInputs')
  const page = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const filter = { ids: request.ids, statusCode: request.status?.code }
  const rows = await listInputs(deps.store.read, app.no, filter, page)
  const inputs = await readableInputs(rows, app, deps.store.read, deps)
  return create(MultiInputResponseSchema, { status: ok(call), inputs })
}

/**
 * A page after the input `last_id`, which may have been deleted meanwhile: by when they were added, or by id; oldest or
 * least first unless `descending`. An empty page is the end. 20 a page unless asked.
 */
const streamSomeInputs: MethodImpl<typeof V2.method.streamInputs> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readInputs')
  const { limit } = pageOf(1, request.perPage, inputsPerStreamedPage, deps.limits.pageSize)
  const { lastId, orderById, descending } = request
  const [last] = lastId ? await inputsById(deps.store.read, app.no, [lastId]) : []
  if (lastId && !last && !orderById)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `last_id: the app has no input "${lastId}"`)
  const after = orderById ? lastId || undefined : last && Number(last.created_at)
  const rows = await inputsAfter(
    deps.store.read,
    app.no,
    { by: orderById ? 'id' : 'created_at', after, descending },
    limit,
  )
  const inputs = await readableInputs(rows, app, deps.store.read, deps)
  return create(MultiInputResponseSchema, { status: ok(call), inputs })
}

const getInput: MethodImpl<typeof V2.method.getInput> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readInputs')
  const row = await inputById(deps.store.read, app.no, request.inputId)
  if (!row) throw noInput(request.inputId)
  const [input] = await readableInputs([row], app, deps.store.read, deps)
  return create(SingleInputResponseSchema, { status: ok(call), input: input! })
}

const noInput = (id: string): ApiError =>
  new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `input_id: the app has no input "${id}"`)

/** Synchronous (api.md §9-30). @throws ApiError CONN_DOES_NOT_EXIST */
const deleteInput: MethodImpl<typeof V2.method.deleteInput> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteInputs')
  const gone = await deps.store.write.transaction().execute((tx) => remove(tx, app, [request.inputId], deps))
  if (gone === 0) throw noInput(request.inputId)
  return create(BaseResponseSchema, { status: ok(call) })
}

/** All of them at once; those that are not there are passed over, so that it may be repeated. */
const deleteInputs: MethodImpl<typeof V2.method.deleteInputs> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteInputs')
  checkBatch(request.ids, 'ids', deps.limits.batch)
  await deps.store.write.transaction().execute((tx) => remove(tx, app, request.ids, deps))
  return create(BaseResponseSchema, { status: ok(call) })
}

/**
 * Softly deletes inputs and all their annotations, the input-level ones too. All carry the very same `deleted_at`: that
 * is how restoring an input knows what went along. @returns how many inputs went
 */
const remove = async (tx: Db, app: AppInUse, ids: readonly string[], { now }: Deps): Promise<number> => {
  await lockApp(tx, app.no)
  const rows = (await inputsById(tx, app.no, ids)).filter((row) => row.deleted_at === null)
  const stamps = await nextRevs(tx, app.no, rows.length, now())
  const deletedAt = stamps[0]?.at
  if (deletedAt === undefined) return 0
  const by = app.callerId
  for (const [i, row] of rows.entries())
    await markInputDeleted(tx, app.no, row.id, { rev: stamps[i]!.rev, deletedAt, by })
  await appendHistory(
    tx,
    rows.map((row, i) => inputHistory({ ...row, rev: stamps[i]!.rev }, by, deletedAt, row.message, null)),
  )
  const inputIds = rows.map((row) => row.id)
  await deleteAnnotations(tx, { app: app.no, inputIds, inputLevelToo: true }, { by, now: now(), deletedAt })
  return rows.length
}

export const inputMethods = {
  postInputs,
  patchInputs,
  listInputs: listSomeInputs,
  streamInputs: streamSomeInputs,
  getInput,
  deleteInput,
  deleteInputs,
} satisfies V2Methods
