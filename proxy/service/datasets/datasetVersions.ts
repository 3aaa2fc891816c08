import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  DatasetSchema,
  type DatasetVersion,
  DatasetVersionExportInfoSchema,
  DatasetVersionMetricsSchema,
  DatasetVersionSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  MultiDatasetVersionResponseSchema,
  SingleDatasetVersionResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { wakeWorker } from '#proxy/service/bulk/bulkWake.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkBatch, itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { type AppInUse, findApp, mayDo } from '#proxy/service/people/access.ts'
import { visibleIn } from '#proxy/service/people/visibility.ts'
import { itemStatus, ok } from '#proxy/service/status.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { lockApp, nextRevs, type Stamp } from '#proxy/store/apps.ts'
import { callOffWork, queueWork } from '#proxy/store/bulkQueue.ts'
import type { DatasetRow } from '#proxy/store/datasets.ts'
import {
  deleteVersions,
  exportsOf,
  insertVersion,
  updateVersion,
  type VersionRow,
  versionsById,
  versionsOf,
} from '#proxy/store/datasetVersions.ts'
import { appendHistory, itemHistory } from '#proxy/store/history.ts'
import type { Db } from '#proxy/store/open.ts'
import { normalVersion, patchedVersion } from './datasetDraft.ts'
import { exportMessage } from './datasetExports.ts'
import { withFilter } from './datasetFilter.ts'
import { findDataset, findVersion } from './datasetFinding.ts'

/** What a dataset is now, kept for good: PENDING until that is written down. All or none. */
const postDatasetVersions: MethodImpl<typeof V2.method.postDatasetVersions> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addDatasets')
  checkBatch(request.datasetVersions, 'dataset_versions', deps.limits.batch)
  const made = request.datasetVersions.map((asked, i) => normalVersion(asked, `dataset_versions[${i}]`, deps))
  const dataset = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const dataset = await findDataset(tx, app, request.datasetId)
    const ids = made.map(({ id }) => id)
    const taken = new Set((await versionsById(tx, Number(dataset.no), ids)).map((row) => row.id))
    for (const [i, id] of ids.entries()) {
      if (taken.has(id))
        throw new ApiError(
          StatusCode.DATABASE_DUPLICATE_KEY,
          `dataset_versions[${i}].id: dataset "${request.datasetId}" has a version "${id}" already`,
        )
      taken.add(id)
    }
    const own = fromBinary(DatasetSchema, dataset.message)
    for (const [i, version] of made.entries()) await withFilter(version, `dataset_versions[${i}]`, own, app, tx)
    const stamps = await nextRevs(tx, app.no, made.length, deps.now())
    for (const [i, version] of made.entries()) await addVersion(tx, app, dataset, version, stamps[i]!, deps.now())
    return dataset
  })
  wakeWorker(deps.store)
  const datasetVersions = await storedOnes(
    app,
    dataset,
    made.map(({ id }) => id),
    deps,
  )
  return create(MultiDatasetVersionResponseSchema, { status: ok(call), datasetVersions })
}

const addVersion = async (
  tx: Db,
  app: AppInUse,
  dataset: DatasetRow,
  version: DatasetVersion,
  stamp: Stamp,
  now: number,
): Promise<void> => {
  const { rev, at } = stamp
  const message = toBinary(DatasetVersionSchema, version)
  const no = await insertVersion(tx, {
    app: app.no,
    dataset: Number(dataset.no),
    id: version.id,
    message,
    status_code: StatusCode.DATASET_VERSION_PENDING,
    status_details: '',
    cut_rev: rev,
    snapshot: null,
    metrics: null,
    rev,
    created_at: at,
    modified_at: at,
    deleted_at: null,
    deleted_by: null,
  })
  await queueWork(tx, 'dataset_version', no, now)
  await appendHistory(tx, [versionHistory(app, dataset, version.id, stamp, null, message)])
}

const versionHistory = (
  app: AppInUse,
  dataset: DatasetRow,
  id: string,
  stamp: Stamp,
  before: Uint8Array | null,
  after: Uint8Array | null,
) => itemHistory('dataset_version', app, `${dataset.id}/${id}`, stamp, before, after)

/** In the order of `ids`. */
const storedOnes = async (
  app: AppInUse,
  dataset: DatasetRow,
  ids: readonly string[],
  deps: Deps,
): Promise<DatasetVersion[]> => {
  const rows = new Map((await versionsById(deps.store.write, Number(dataset.no), ids)).map((row) => [row.id, row]))
  return versionMessages(
    ids.map((id) => rows.get(id)!),
    app,
    dataset,
    deps.store.write,
    deps,
  )
}

/**
 * Stored versions as they go out, with their state, their counts and where their exports are. Who may not see all
 * annotations themselves and may not make versions either is given no address: it holds what others answered.
 */
const versionMessages = async (
  rows: readonly VersionRow[],
  app: AppInUse,
  dataset: DatasetRow,
  db: Db,
  deps: Deps,
): Promise<DatasetVersion[]> => {
  const exports = await exportsOf(
    db,
    rows.map((row) => Number(row.no)),
  )
  const opens = mayDo(app, 'addDatasets') || (await visibleIn(app, db)) === undefined
  return rows.map((row) => {
    const info = create(DatasetVersionExportInfoSchema)
    for (const found of exports.filter((one) => Number(one.version) === Number(row.no)))
      info[exportField[found.format as keyof typeof exportField]] = {
        ...exportMessage(found, app, dataset.id, row.id, deps),
        ...(!opens && { url: '' }),
      }
    return Object.assign(fromBinary(DatasetVersionSchema, row.message), {
      appId: app.id,
      userId: app.user_id,
      datasetId: dataset.id,
      createdAt: timestampOf(Number(row.created_at)),
      modifiedAt: timestampOf(Number(row.modified_at)),
      status: itemStatus(row.status_code as StatusCode, row.status_details),
      metrics: row.metrics ? { '/': fromBinary(DatasetVersionMetricsSchema, row.metrics) } : {},
      exportInfo: info,
    })
  })
}

const exportField = { 1: 'clarifaiDataProtobuf', 2: 'coco', 3: 'clarifaiDataJson' } as const

const getDatasetVersion: MethodImpl<typeof V2.method.getDatasetVersion> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readDatasets')
  const dataset = await findDataset(deps.store.read, app, request.datasetId)
  const row = await findVersion(deps.store.read, dataset, request.datasetVersionId)
  const [datasetVersion] = await versionMessages([row], app, dataset, deps.store.read, deps)
  return create(SingleDatasetVersionResponseSchema, { status: ok(call), datasetVersion: datasetVersion! })
}

/** Oldest first. All come from PostDatasetVersions: asked for another origin, none do. */
const listDatasetVersions: MethodImpl<typeof V2.method.listDatasetVersions> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readDatasets')
  const page = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const dataset = await findDataset(deps.store.read, app, request.datasetId)
  const isMeant = request.requestOrigins.length === 0 || request.requestOrigins.includes(0)
  const rows = isMeant ? await versionsOf(deps.store.read, Number(dataset.no), page) : []
  const datasetVersions = await versionMessages(rows, app, dataset, deps.store.read, deps)
  return create(MultiDatasetVersionResponseSchema, { status: ok(call), datasetVersions })
}

/** Description, metadata and visibility; what is absent or empty stays. All or none. */
const patchDatasetVersions: MethodImpl<typeof V2.method.patchDatasetVersions> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addDatasets')
  checkBatch(request.datasetVersions, 'dataset_versions', deps.limits.batch)
  if (request.action !== 'overwrite')
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `action: "${request.action}", must be "overwrite"`)
  const dataset = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const dataset = await findDataset(tx, app, request.datasetId)
    for (const [i, sent] of request.datasetVersions.entries()) {
      const path = `dataset_versions[${i}]`
      const row = await findVersion(tx, dataset, sent.id, `${path}.id`)
      const message = toBinary(
        DatasetVersionSchema,
        patchedVersion(fromBinary(DatasetVersionSchema, row.message), sent, path),
      )
      const [stamp] = await nextRevs(tx, app.no, 1, deps.now())
      await updateVersion(tx, Number(row.no), { message, rev: stamp!.rev, modified_at: stamp!.at })
      await appendHistory(tx, [versionHistory(app, dataset, sent.id, stamp!, row.message, message)])
    }
    return dataset
  })
  const datasetVersions = await storedOnes(
    app,
    dataset,
    request.datasetVersions.map(({ id }) => id),
    deps,
  )
  return create(MultiDatasetVersionResponseSchema, { status: ok(call), datasetVersions })
}

/** Those that are not there are passed over, so that it may be repeated. */
const deleteDatasetVersions: MethodImpl<typeof V2.method.deleteDatasetVersions> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteDatasets')
  checkBatch(request.datasetVersionIds, 'dataset_version_ids', deps.limits.batch)
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const dataset = await findDataset(tx, app, request.datasetId)
    for (const row of await versionsById(tx, Number(dataset.no), request.datasetVersionIds)) {
      const [stamp] = await nextRevs(tx, app.no, 1, deps.now())
      const gone = { rev: stamp!.rev, deleted_at: stamp!.at, deleted_by: app.callerId }
      await deleteVersions(tx, [Number(row.no)], gone)
      await callOffWork(tx, 'dataset_version', Number(row.no))
      await appendHistory(tx, [versionHistory(app, dataset, row.id, stamp!, row.message, null)])
    }
  })
  return create(BaseResponseSchema, { status: ok(call) })
}

export const datasetVersionMethods = {
  postDatasetVersions,
  getDatasetVersion,
  listDatasetVersions,
  patchDatasetVersions,
  deleteDatasetVersions,
} satisfies V2Methods
