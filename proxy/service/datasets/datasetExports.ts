import { createHmac, timingSafeEqual } from 'node:crypto'
import { create } from '@bufbuild/protobuf'
import {
  type DatasetVersionExport,
  DatasetVersionExportSchema,
  DatasetVersionExportFormat as Format,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { MultiDatasetVersionExportResponseSchema, type V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { wakeWorker } from '#proxy/service/bulk/bulkWake.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { openedBlob } from '#proxy/service/inputs/openedBlob.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkBatch } from '#proxy/service/paging.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { itemStatus, ok } from '#proxy/service/status.ts'
import { lockApp } from '#proxy/store/apps.ts'
import { queueWork } from '#proxy/store/bulkQueue.ts'
import { type ExportRow, exportByNo, exportsOf, putExport, versionByNo } from '#proxy/store/datasetVersions.ts'
import { findDataset, findVersion } from './datasetFinding.ts'

/** Asks for archives of a version that is READY. One that is there, or on its way, is not made again. All or none. */
const putDatasetVersionExports: MethodImpl<typeof V2.method.putDatasetVersionExports> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addDatasets')
  checkBatch(request.exports, 'exports', deps.limits.batch)
  for (const [i, asked] of request.exports.entries()) checkAsked(asked, `exports[${i}]`)
  const rows = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const dataset = await findDataset(tx, app, request.datasetId)
    const version = await findVersion(tx, dataset, request.datasetVersionId)
    if (version.status_code !== StatusCode.DATASET_VERSION_READY)
      throw new ApiError(StatusCode.DATASET_VERSION_CONFLICT, 'dataset_version_id: the version is not ready')
    for (const { format } of request.exports) {
      const there = (await exportsOf(tx, [Number(version.no)])).find((row) => row.format === format)
      if (there && there.status_code !== StatusCode.DATASET_VERSION_EXPORT_FAILED) continue
      const status_code = StatusCode.DATASET_VERSION_EXPORT_PENDING
      const fresh = { version: Number(version.no), format, status_code, status_details: '', hash: null, size: 0 }
      await queueWork(tx, 'dataset_export', await putExport(tx, fresh), deps.now())
    }
    return exportsOf(tx, [Number(version.no)])
  })
  wakeWorker(deps.store)
  const exports = request.exports.map(({ format }) => {
    const row = rows.find((one) => one.format === format)!
    return exportMessage(row, app, request.datasetId, request.datasetVersionId, deps)
  })
  return create(MultiDatasetVersionExportResponseSchema, { status: ok(call), exports })
}

const formats: readonly Format[] = [Format.CLARIFAI_DATA_PROTOBUF, Format.COCO, Format.CLARIFAI_DATA_JSON]

const checkAsked = ({ format, includeEmbeddings }: DatasetVersionExport, path: string): void => {
  if (!formats.includes(format))
    throw new ApiError(
      StatusCode.CONN_INVALID_REQUEST,
      `${path}.format: ${format === 0 ? 'required' : `${format} is none`}`,
    )
  if (includeEmbeddings)
    throw new ApiError(StatusCode.NOT_IMPLEMENTED, `${path}.include_embeddings: there are no embeddings here`)
}

/** With the address of a finished one, which is good for one to two hours; asking again gives a new one. */
export const exportMessage = (
  row: ExportRow,
  app: AppInUse,
  datasetId: string,
  versionId: string,
  deps: Deps,
): DatasetVersionExport =>
  create(DatasetVersionExportSchema, {
    format: row.format as Format,
    status: itemStatus(row.status_code as StatusCode, row.status_details),
    size: BigInt(row.size),
    url: row.hash
      ? exportUrl(Number(row.no), [app.id, datasetId, versionId, formatNames[row.format]].join('-'), deps)
      : '',
  })

const formatNames: Readonly<Record<number, string>> = { 1: 'protobuf', 2: 'coco', 3: 'json' }

const hourMicros = 3_600_000_000

const exportUrl = (no: number, name: string, deps: Deps): string => {
  const until = (Math.floor(deps.now() / hourMicros) + 2) * 3600
  const query = new URLSearchParams({ until: String(until), signature: sign(deps, no, until) })
  return `${deps.publicUrl()}/media/exports/${no}/${encodeURIComponent(`${name}.zip`)}?${query}`
}

const sign = ({ mediaKey }: Deps, no: number, until: number): string =>
  createHmac('sha256', mediaKey)
    .update(JSON.stringify(['export', no, until]))
    .digest('base64url')

/** The number of the export that an address below /media/ is for; undefined when it is for something else. */
export const exportOfPath = (path: string): number | undefined => {
  const found = /^exports\/(\d{1,15})\/[^/]+$/.exec(path)
  return found ? Number(found[1]) : undefined
}

/** The archive a signed address is for. @throws ApiError CONN_DOES_NOT_EXIST: not signed, too late, or gone */
export const openExport = async (no: number, path: string, query: URLSearchParams, deps: Deps) => {
  const row = isSigned(no, query, deps) ? await exportByNo(deps.store.read, no) : undefined
  if (!row?.hash || !(await versionByNo(deps.store.read, Number(row.version))))
    throw new ApiError(
      StatusCode.CONN_DOES_NOT_EXIST,
      'media: no such export, or its address is too old: ask for it again',
    )
  return {
    ...openedBlob(row.hash, deps.blobs),
    type: 'application/zip',
    size: row.size,
    etag: `"${row.hash}"`,
    cacheControl: 'private, max-age=3600',
    filename: decodeURIComponent(path.split('/').at(-1)!),
  }
}

const isSigned = (no: number, query: URLSearchParams, deps: Deps): boolean => {
  const until = Number(query.get('until'))
  const given = Buffer.from(query.get('signature') ?? '')
  const right = Buffer.from(sign(deps, no, until))
  return until * 1e6 > deps.now() && given.length === right.length && timingSafeEqual(given, right)
}

export const datasetExportMethods = { putDatasetVersionExports } satisfies V2Methods
