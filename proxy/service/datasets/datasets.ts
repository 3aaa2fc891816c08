import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { type Dataset, DatasetSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  type ListDatasetsRequest,
  MultiDatasetResponseSchema,
  SingleDatasetResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { attemptAsync } from '#proxy/service/attempt.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkBatch, itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { patchAction } from '#proxy/service/patch.ts'
import { type AppInUse, findApp, signedIn } from '#proxy/service/people/access.ts'
import { personMeant } from '#proxy/service/people/users.ts'
import { ok } from '#proxy/service/status.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { appsOf, appsSharedWith } from '#proxy/store/appRows.ts'
import { lockApp, nextRevs, type Stamp } from '#proxy/store/apps.ts'
import { type DatasetRow, datasetsById, datasetsOf, insertDatasets, updateDataset } from '#proxy/store/datasets.ts'
import { deleteVersions, versionsOf } from '#proxy/store/datasetVersions.ts'
import { appendHistory, itemHistory } from '#proxy/store/history.ts'
import type { Db } from '#proxy/store/open.ts'
import { normalDataset, patchedDataset } from './datasetDraft.ts'
import { findDataset } from './datasetFinding.ts'

/** All or none: a dataset of the answer has no status of its own. */
const postDatasets: MethodImpl<typeof V2.method.postDatasets> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addDatasets')
  checkBatch(request.datasets, 'datasets', deps.limits.batch)
  const made = request.datasets.map((asked, i) => normalDataset(asked, `datasets[${i}]`, deps))
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const ids = made.map(({ id }) => id)
    const taken = new Set((await datasetsById(tx, app.no, ids)).map((row) => row.id))
    for (const [i, id] of ids.entries()) {
      if (taken.has(id))
        throw new ApiError(
          StatusCode.DATABASE_DUPLICATE_KEY,
          `datasets[${i}].id: the app has a dataset "${id}" already`,
        )
      taken.add(id)
    }
    const stamps = await nextRevs(tx, app.no, made.length, deps.now())
    const rows = made.map((dataset, i) => newRow(app, dataset, stamps[i]!))
    await insertDatasets(tx, rows)
    await appendHistory(
      tx,
      rows.map((row) => itemHistory('dataset', app, row.id, { rev: row.rev, at: row.created_at }, null, row.message)),
    )
  })
  const stored = await storedOnes(
    deps.store.write,
    app,
    made.map(({ id }) => id),
  )
  return create(MultiDatasetResponseSchema, { status: ok(call), datasets: stored })
}

const newRow = (app: AppInUse, dataset: Dataset, { rev, at }: Stamp) => ({
  app: app.no,
  id: dataset.id,
  message: toBinary(DatasetSchema, dataset),
  rev,
  created_at: at,
  modified_at: at,
  deleted_at: null,
  deleted_by: null,
})

/** In the order of `ids`. */
const storedOnes = async (db: Db, app: AppInUse, ids: readonly string[]): Promise<Dataset[]> => {
  const rows = new Map((await datasetsById(db, app.no, ids)).map((row) => [row.id, row]))
  return ids.map((id) => datasetMessage(rows.get(id)!, app))
}

/** A stored dataset as it goes out. */
const datasetMessage = (row: DatasetRow, app: Pick<AppInUse, 'id' | 'user_id'>): Dataset =>
  Object.assign(fromBinary(DatasetSchema, row.message), {
    appId: app.id,
    userId: app.user_id,
    createdAt: timestampOf(Number(row.created_at)),
    modifiedAt: timestampOf(Number(row.modified_at)),
  })

const getDataset: MethodImpl<typeof V2.method.getDataset> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readDatasets')
  const row = await findDataset(deps.store.read, app, request.datasetId)
  return create(SingleDatasetResponseSchema, { status: ok(call), dataset: datasetMessage(row, app) })
}

/** Of an app, or without an app id of all apps of the user that the caller may see. */
const listDatasets: MethodImpl<typeof V2.method.listDatasets> = async (request, call, deps) => {
  const apps = await appsToList(request, call, deps)
  const byNo = new Map(apps.map((app) => [app.no, app]))
  const rows = await datasetsOf(deps.store.read, [...byNo.keys()])
  const found = rows.map((row) => datasetMessage(row, byNo.get(Number(row.app))!)).filter(matches(request))
  const { limit, offset } = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const datasets = sorted(found, request).slice(offset, offset + limit)
  return create(MultiDatasetResponseSchema, { status: ok(call), datasets })
}

const appsToList = async (request: ListDatasetsRequest, call: Call, deps: Deps): Promise<AppInUse[]> => {
  const caller = signedIn(call)
  if (request.userAppId?.appId || caller.app) return [await findApp(deps, call, request.userAppId, 'readDatasets')]
  const owner = personMeant(request.userAppId?.userId, caller.userId)
  const rows =
    owner === caller.userId
      ? await appsOf(deps.store.read, owner)
      : await appsSharedWith(deps.store.read, caller.userId, owner)
  const found = await Promise.all(
    rows.map((row) => {
      const userAppId = { $typeName: 'clarifai.api.UserAppIDSet' as const, userId: owner, appId: row.id }
      return attemptAsync(() => findApp(deps, call, userAppId, 'readDatasets'))
    }),
  )
  return found.flatMap((app) => (app.ok ? [app.value] : []))
}

/** Every word of `search` begins some word of the dataset. Nobody stars or bookmarks datasets here. */
const matches = (request: ListDatasetsRequest) => (dataset: Dataset) => {
  if (request.starredOnly || request.bookmark) return false
  const wanted = words(request.search)
  const there = words(`${dataset.id} ${dataset.description} ${dataset.notes}`)
  const isFuzzy = dataset.id.toLowerCase().includes(request.id.toLowerCase())
  return isFuzzy && wanted.every((word) => there.some((other) => other.startsWith(word)))
}

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

const micros = ({ seconds, nanos }: { seconds: bigint; nanos: number }): number => Number(seconds) * 1e6 + nanos / 1e3

/** By the time of the last change unless another order is asked for; newest first unless `sort_ascending`. */
const sorted = (datasets: Dataset[], { sortBy, sortAscending }: ListDatasetsRequest): Dataset[] => {
  const direction = sortAscending ? 1 : -1
  switch (sortBy.case) {
    case 'sortById':
      return datasets.toSorted((a, b) => direction * (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    case 'sortByCreatedAt':
      return datasets.toSorted((a, b) => direction * (micros(a.createdAt!) - micros(b.createdAt!)))
    default:
      return datasets.toSorted((a, b) => direction * (micros(a.modifiedAt!) - micros(b.modifiedAt!)))
  }
}

/** What is absent or empty stays. All or none. @throws 11101 for an unknown id */
const patchDatasets: MethodImpl<typeof V2.method.patchDatasets> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addDatasets')
  checkBatch(request.datasets, 'datasets', deps.limits.batch)
  const action = patchAction(request.action)
  if (action === 'remove')
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, 'action: "remove" removes the image of a dataset; none has one')
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    for (const [i, sent] of request.datasets.entries()) {
      const before = await findDataset(tx, app, sent.id, `datasets[${i}].id`)
      const after = patchedDataset(fromBinary(DatasetSchema, before.message), sent, `datasets[${i}]`, action)
      const [stamp] = await nextRevs(tx, app.no, 1, deps.now())
      const message = toBinary(DatasetSchema, after)
      await updateDataset(tx, Number(before.no), { message, rev: stamp!.rev, modified_at: stamp!.at })
      await appendHistory(tx, [itemHistory('dataset', app, sent.id, stamp!, before.message, message)])
    }
  })
  const datasets = await storedOnes(
    deps.store.write,
    app,
    request.datasets.map(({ id }) => id),
  )
  return create(MultiDatasetResponseSchema, { status: ok(call), datasets })
}

/** With their versions; the inputs stay. Those that are not there are passed over, so that it may be repeated. */
const deleteDatasets: MethodImpl<typeof V2.method.deleteDatasets> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteDatasets')
  checkBatch(request.datasetIds, 'dataset_ids', deps.limits.batch)
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    for (const row of await datasetsById(tx, app.no, request.datasetIds)) {
      const [stamp] = await nextRevs(tx, app.no, 1, deps.now())
      const gone = { rev: stamp!.rev, deleted_at: stamp!.at, deleted_by: app.callerId }
      const versions = await versionsOf(tx, Number(row.no))
      await deleteVersions(
        tx,
        versions.map(({ no }) => Number(no)),
        gone,
      )
      await updateDataset(tx, Number(row.no), gone)
      await appendHistory(tx, [itemHistory('dataset', app, row.id, stamp!, row.message, null)])
    }
  })
  return create(BaseResponseSchema, { status: ok(call) })
}

export const datasetMethods = {
  postDatasets,
  getDataset,
  listDatasets,
  patchDatasets,
  deleteDatasets,
} satisfies V2Methods
