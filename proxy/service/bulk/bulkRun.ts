import { fromBinary } from '@bufbuild/protobuf'
import { type BulkOperation, BulkOperationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { type AppInUse, inUse } from '#proxy/service/people/access.ts'
import type { Scopes } from '#proxy/service/people/scopes.ts'
import { appForPerson } from '#proxy/store/access.ts'
import { lockApp } from '#proxy/store/apps.ts'
import {
  type BulkOperationRow,
  bulkOperationByNo,
  isOpen,
  updateBulkOperation,
  updateOpenBulkOperation,
} from '#proxy/store/bulkOperations.ts'
import { appByNo } from '#proxy/store/datasetCut.ts'
import type { Db } from '#proxy/store/open.ts'
import { deleteFound } from './bulkAnnotations.ts'
import { putIntoDataset, type Split, sharesOf, splitIntoDatasets, takeFromDataset } from './bulkDatasets.ts'
import { addConceptsTo, addMetadataTo, deleteConceptsFrom, deleteMetadataFrom, overwriteGeoOf } from './bulkLabels.ts'
import { type Item, type Source, sourceOf } from './bulkSource.ts'
import type { Handled } from './bulkWrites.ts'

/** So few that other writers of the database hardly wait. */
const itemsAtATime = 100
/** How long an operation has the worker before others have their turn. */
const turnMs = 2_000

/** An operation and what it needs for its steps. */
interface Running {
  readonly no: number
  readonly message: BulkOperation
  readonly app: AppInUse
  readonly shares: Uint8Array
}

/**
 * Does a part of an operation. Each step and the word of how far it has come are one transaction: an operation that was
 * interrupted, however, goes on where it was, and one that was cancelled does no more.
 * @returns whether there is more to do
 * @throws ApiError what makes all of it impossible: its maker has left, its dataset is gone
 */
export const runBulkOperation = async (no: number, deps: Deps, signal: AbortSignal): Promise<'done' | 'more'> => {
  const { store } = deps
  const row = await bulkOperationByNo(store.write, no)
  if (!row || !isOpen(row)) return 'done'
  const message = fromBinary(BulkOperationSchema, row.message)
  const app = await appOf(row, store.read)
  const source = await sourceOf(message, app, Number(row.created_at), store.read)
  const running = { no, message, app, shares: await sharesFor(row, message, source, deps) }
  if (row.status_code === StatusCode.BULK_OPERATION_PENDING)
    await updateOpenBulkOperation(store.write, no, {
      status_code: StatusCode.BULK_OPERATION_IN_PROGRESS,
      modified_at: deps.now(),
    })
  const until = performance.now() + turnMs
  for (let reached = Number(row.reached); performance.now() < until && !signal.aborted; ) {
    const items = await source.next(reached, itemsAtATime)
    const at = await step(running, reached, items, deps)
    if (at === undefined) return 'done'
    reached = at
    await breath()
  }
  return 'more'
}

/** SQLite answers at once: without this no call would be heard until the turn is over. */
const breath = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** With the rights its maker had when it was asked for, as far as they still have them. @throws ApiError */
const appOf = async (row: BulkOperationRow, db: Db): Promise<AppInUse> => {
  const { user_id, id } = await appByNo(db, Number(row.app))
  const found = await appForPerson(db, user_id, id, row.created_by)
  const scopes = JSON.parse(row.scopes) as Scopes
  const app = found && Number(found.no) === Number(row.app) && inUse(found, { userId: row.created_by, scopes })
  if (!app)
    throw new ApiError(StatusCode.BULK_OPERATION_FAILED, `user "${row.created_by}" has no access to the app any more`)
  return app
}

const sharesFor = async (
  row: BulkOperationRow,
  { operation }: BulkOperation,
  source: Source,
  { store }: Deps,
): Promise<Uint8Array> => {
  if (operation?.operation.case !== 'splitIntoDatasets') return new Uint8Array()
  const total = row.total === null ? await source.count() : Number(row.total)
  if (row.total === null) await updateBulkOperation(store.write, Number(row.no), { total })
  return sharesOf(total, operation.operation.value.datasetSplits, `${row.app}/${row.id}/${row.created_at}`)
}

/** Does some items, or ends the operation when there are none. @returns how far it has come; undefined = it has ended */
const step = async (
  running: Running,
  reached: number,
  items: readonly Item[],
  deps: Deps,
): Promise<number | undefined> =>
  deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, running.app.no)
    const row = await bulkOperationByNo(tx, running.no)
    // another server has it, or it was cancelled meanwhile
    if (!row || !isOpen(row) || Number(row.reached) !== reached) return undefined
    if (items.length === 0) return end(tx, row, deps)
    const { count, failures } = await applied(tx, running, items, Number(row.processed), deps)
    const last = items[count - 1]!
    await updateBulkOperation(tx, running.no, {
      reached: last.at,
      processed: Number(row.processed) + count,
      failed: Number(row.failed) + failures.length,
      last_processed_id: last.id,
      status_details: row.status_details || failures.map(({ id, reason }) => `"${id}": ${reason}`)[0] || '',
      modified_at: deps.now(),
    })
    return last.at
  })

/** Some that could not be done make it FAILED; the details say how many and why the first of them. */
const end = async (tx: Db, row: BulkOperationRow, { now }: Deps): Promise<undefined> => {
  const failed = Number(row.failed)
  await updateBulkOperation(tx, Number(row.no), {
    status_code: failed > 0 ? StatusCode.BULK_OPERATION_FAILED : StatusCode.BULK_OPERATION_SUCCESS,
    status_details:
      failed > 0 ? `${failed} of ${row.processed} could not be done; the first: ${row.status_details}` : '',
    modified_at: now(),
  })
  return undefined
}

const applied = (
  tx: Db,
  { message, app, shares }: Running,
  items: readonly Item[],
  first: number,
  deps: Deps,
): Promise<Handled> => {
  const { operation, annotationOperation } = message.operation!
  if (annotationOperation.case) return deleteFound(tx, app, items, deps)
  const ids = items.map(({ id }) => id)
  switch (operation.case) {
    case 'addConcepts':
      return addConceptsTo(tx, app, ids, operation.value.concepts, deps)
    case 'deleteConcepts':
      return deleteConceptsFrom(tx, app, ids, operation.value, deps)
    case 'addMetadata':
      return addMetadataTo(tx, app, ids, operation.value.metadata ?? {}, deps)
    case 'deleteMetadata':
      return deleteMetadataFrom(tx, app, ids, operation.value.metadata ?? {}, deps)
    case 'overwriteGeo':
      return overwriteGeoOf(tx, app, ids, operation.value.geo, deps)
    case 'deleteGeo':
      return overwriteGeoOf(tx, app, ids, undefined, deps)
    case 'addToDataset':
      return putIntoDataset(tx, app, ids, operation.value.datasetId, deps)
    case 'deleteFromDataset':
      return takeFromDataset(tx, app, ids, operation.value.datasetId)
    case 'splitIntoDatasets': {
      const split: Split = { splits: operation.value.datasetSplits, shares, first }
      return splitIntoDatasets(tx, app, ids, split, deps)
    }
    default:
      throw new Error('a bulk operation without an operation')
  }
}

/** It will not be tried again; what was done stays done. */
export const failBulkOperation = (no: number, reason: string, { store, now }: Deps): Promise<void> =>
  updateOpenBulkOperation(store.write, no, {
    status_code: StatusCode.BULK_OPERATION_FAILED,
    status_details: reason,
    modified_at: now(),
  })
