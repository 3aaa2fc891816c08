import { create } from '@bufbuild/protobuf'
import {
  DatasetVersionExportFormat as Format,
  type HostedURL,
  HostedURLSchema,
  type Input,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { hostedMedia } from '#proxy/service/inputs/media.ts'
import { appByNo } from '#proxy/store/datasetCut.ts'
import { exportByNo, updateExport, type VersionRow, versionByNo } from '#proxy/store/datasetVersions.ts'
import { cocoEntries } from './exportCoco.ts'
import { clarifaiEntries, decodedInputs, type Inputs } from './exportFormats.ts'
import { type ZipEntry, zipped } from './exportZip.ts'

/** Makes the archive of an export from its version's snapshot. Begins anew when it is run again. */
export const runExport = async (no: number, deps: Deps, signal: AbortSignal): Promise<void> => {
  const { store, blobs } = deps
  const row = await exportByNo(store.read, no)
  const version = row && (await versionByNo(store.read, Number(row.version)))
  if (!version?.snapshot || row?.status_code === StatusCode.DATASET_VERSION_EXPORT_SUCCESS) return
  await updateExport(store.write, no, { status_code: StatusCode.DATASET_VERSION_EXPORT_IN_PROGRESS })
  const entries = entriesOf(row!.format, await inputsOf(version, version.snapshot, deps, signal))
  const { hash, size } = await blobs.put(zipped(entries))
  await updateExport(store.write, no, { status_code: StatusCode.DATASET_VERSION_EXPORT_SUCCESS, hash, size })
}

export const failExport = (no: number, reason: string, { store }: Deps): Promise<void> => {
  const status_code = StatusCode.DATASET_VERSION_EXPORT_FAILED
  return updateExport(store.write, no, { status_code, status_details: reason })
}

const entriesOf = (format: number, inputs: Inputs): AsyncIterable<ZipEntry> => {
  switch (format) {
    case Format.CLARIFAI_DATA_PROTOBUF:
      return clarifaiEntries('protobuf', inputs)
    case Format.CLARIFAI_DATA_JSON:
      return clarifaiEntries('json', inputs)
    case Format.COCO:
      return cocoEntries(inputs)
    default:
      throw new Error(`no export has the format ${format}`)
  }
}

/** The snapshot's inputs, with addresses where their bytes are now. */
const inputsOf = async (version: VersionRow, snapshot: string, deps: Deps, signal: AbortSignal): Promise<Inputs> => {
  const app = await appByNo(deps.store.read, Number(version.app))
  return async function* () {
    const { stream } = await deps.blobs.open(snapshot)
    for await (const input of decodedInputs(stream)) {
      signal.throwIfAborted()
      addHosted(input, create(HostedURLSchema, hostedMedia(deps, app.user_id, app.id, input.id)))
      yield input
    }
  }
}

/** As reading an input does (inputReading.ts). */
const addHosted = ({ data }: Input, hosted: HostedURL): void => {
  for (const payload of [data?.image, data?.video, data?.text, data?.audio]) {
    if (!payload) continue
    payload.hosted = hosted
    payload.url ||= `${hosted.prefix}/orig/${hosted.suffix}`
  }
}
