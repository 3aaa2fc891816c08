import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { type BulkOperation, BulkOperationSchema, ProgressSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  MultiBulkOperationsResponseSchema,
  SingleBulkOperationsResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkBatch, itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { itemStatus, ok } from '#proxy/service/status.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { lockApp, nextRev } from '#proxy/store/apps.ts'
import {
  type BulkOperationRow,
  bulkOperationsById,
  insertBulkOperation,
  isOpen,
  listBulkOperations as listRows,
  removeBulkOperations,
  updateBulkOperation,
} from '#proxy/store/bulkOperations.ts'
import { callOffWork, queueWork } from '#proxy/store/bulkQueue.ts'
import { normalBulkOperation } from './bulkDraft.ts'
import { wakeWorker } from './bulkWake.ts'

/**
 * Takes operations on for later, all or none: each is PENDING, then IN_PROGRESS with what it has done so far, then
 * SUCCESS, FAILED (some of it could not be done) or CANCELLED.
 */
const postBulkOperations: MethodImpl<typeof V2.method.postBulkOperations> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addBulkOperations')
  checkBatch(request.bulkOperations, 'bulk_operations', deps.limits.batch)
  const made = await Promise.all(
    request.bulkOperations.map((asked, i) => normalBulkOperation(asked, `bulk_operations[${i}]`, app, deps)),
  )
  const bulkOperation = await queueBulkOperations(made, 'bulk_operations', app, deps)
  return create(MultiBulkOperationsResponseSchema, { status: ok(call), bulkOperation })
}

/** Leaves checked operations to the worker, all or none. @throws ApiError DATABASE_DUPLICATE_KEY */
export const queueBulkOperations = async (
  operations: readonly BulkOperation[],
  path: string,
  app: AppInUse,
  deps: Deps,
): Promise<BulkOperation[]> => {
  const rows = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const ids = operations.map(({ id }) => id)
    const taken = new Set((await bulkOperationsById(tx, app.no, ids)).map((row) => row.id))
    for (const [i, operation] of operations.entries()) {
      if (taken.has(operation.id))
        throw new ApiError(
          StatusCode.DATABASE_DUPLICATE_KEY,
          `${path}[${i}].id: the app has a bulk operation "${operation.id}" already`,
        )
      taken.add(operation.id)
      const { at } = await nextRev(tx, app.no, deps.now())
      await queueWork(tx, 'bulk_operation', await insertBulkOperation(tx, newRow(operation, app, at)), deps.now())
    }
    return inOrder(ids, await bulkOperationsById(tx, app.no, ids))
  })
  wakeWorker(deps.store)
  return rows.map((row) => messageOf(row, app))
}

const newRow = (operation: BulkOperation, app: AppInUse, at: number) => ({
  app: app.no,
  id: operation.id,
  created_by: app.callerId,
  scopes: JSON.stringify(app.scopes),
  message: toBinary(BulkOperationSchema, operation),
  status_code: StatusCode.BULK_OPERATION_PENDING,
  status_details: '',
  reached: -1,
  processed: 0,
  failed: 0,
  last_processed_id: '',
  total: null,
  created_at: at,
  modified_at: at,
})

const inOrder = (ids: readonly string[], rows: readonly BulkOperationRow[]): BulkOperationRow[] => {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id)!)
}

/** As it goes out, with how far it has come. */
const messageOf = (row: BulkOperationRow, app: Pick<AppInUse, 'id'>): BulkOperation =>
  Object.assign(fromBinary(BulkOperationSchema, row.message), {
    appId: app.id,
    createdBy: row.created_by,
    status: itemStatus(row.status_code as StatusCode, row.status_details),
    progress: create(ProgressSchema, {
      processed: Number(row.processed),
      lastProcessedId: row.last_processed_id,
    }),
    createdAt: timestampOf(Number(row.created_at)),
    lastModifiedAt: timestampOf(Number(row.modified_at)),
  })

const missing = (path: string, id: string): ApiError =>
  new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `${path}: the app has no bulk operation "${id}"`)

const getBulkOperation: MethodImpl<typeof V2.method.getBulkOperation> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readBulkOperations')
  const [row] = await bulkOperationsById(deps.store.read, app.no, [request.id])
  if (!row) throw missing('id', request.id)
  return create(SingleBulkOperationsResponseSchema, { status: ok(call), bulkOperation: messageOf(row, app) })
}

/** Newest first. */
const listBulkOperations: MethodImpl<typeof V2.method.listBulkOperations> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readBulkOperations')
  const page = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const rows = await listRows(deps.store.read, app.no, page)
  const bulkOperation = rows.map((row) => messageOf(row, app))
  return create(MultiBulkOperationsResponseSchema, { status: ok(call), bulkOperation })
}

/** Only who began one, and the owner of the app. @throws ApiError CONN_INSUFFICIENT_SCOPES */
const checkMine = (row: BulkOperationRow, app: AppInUse, path: string): void => {
  if (app.role !== 'owner' && row.created_by !== app.callerId)
    throw new ApiError(StatusCode.CONN_INSUFFICIENT_SCOPES, `${path}: it belongs to user "${row.created_by}"`)
}

/** Nothing more happens once this is answered; what was done stays done. One that has ended stays as it is. All or none. */
const cancelBulkOperations: MethodImpl<typeof V2.method.cancelBulkOperations> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addBulkOperations')
  checkBatch(request.ids, 'ids', deps.limits.batch)
  const rows = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const known = new Map((await bulkOperationsById(tx, app.no, request.ids)).map((row) => [row.id, row]))
    for (const [i, id] of request.ids.entries()) {
      const row = known.get(id)
      if (!row) throw missing(`ids[${i}]`, id)
      checkMine(row, app, `ids[${i}]`)
      if (!isOpen(row)) continue
      const { at } = await nextRev(tx, app.no, deps.now())
      await updateBulkOperation(tx, Number(row.no), {
        status_code: StatusCode.BULK_OPERATION_CANCELLED,
        status_details: `cancelled by user "${app.callerId}"`,
        modified_at: at,
      })
      await callOffWork(tx, 'bulk_operation', Number(row.no))
    }
    return inOrder(request.ids, await bulkOperationsById(tx, app.no, request.ids))
  })
  const bulkOperation = rows.map((row) => messageOf(row, app))
  return create(MultiBulkOperationsResponseSchema, { status: ok(call), bulkOperation })
}

/** Only those that have ended; those that are not there are passed over, so that it may be repeated. All or none. */
const deleteBulkOperations: MethodImpl<typeof V2.method.deleteBulkOperations> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteBulkOperations')
  checkBatch(request.ids, 'ids', deps.limits.batch)
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const rows = await bulkOperationsById(tx, app.no, request.ids)
    for (const row of rows) {
      const path = `ids[${request.ids.indexOf(row.id)}]`
      checkMine(row, app, path)
      if (isOpen(row))
        throw new ApiError(StatusCode.BULK_OPERATION_INVALID_REQUEST, `${path}: "${row.id}" has not ended: cancel it`)
    }
    await removeBulkOperations(
      tx,
      rows.map(({ no }) => Number(no)),
    )
  })
  return create(BaseResponseSchema, { status: ok(call) })
}

export const bulkOperationMethods = {
  postBulkOperations,
  getBulkOperation,
  listBulkOperations,
  cancelBulkOperations,
  deleteBulkOperations,
} satisfies V2Methods
