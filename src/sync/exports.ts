import type { Dataset, DatasetVersion, DatasetVersionExport } from '#gen/datasets/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import type { Clients } from './client.ts'
import { ok } from './errors.ts'
import { type ExportLabels, labelsOf } from './exportLabels.ts'
import { type AppScope, userAppId } from './scope.ts'

/** The formats people may choose, by the name a version's metadata keeps them by. */
export const exportFormats = [
  { id: 'coco', label: 'COCO', description: 'One JSON file of images, boxes, polygons, masks and points', number: 2 },
  { id: 'json', label: 'Clarifai JSON', description: 'Inputs with all their data, as the API has them', number: 3 },
  { id: 'protobuf', label: 'Clarifai protobuf', description: 'The same in binary form', number: 1 },
] as const
export type FormatId = (typeof exportFormats)[number]['id']

export type ExportSource =
  | { readonly kind: 'all' }
  | { readonly kind: 'dataset'; readonly id: string }
  /** Inputs that carry one of these concepts, on a region or as a whole. */
  | { readonly kind: 'concepts'; readonly ids: readonly string[] }

export interface ExportRequest {
  readonly source: ExportSource
  readonly formats: readonly FormatId[]
  /** undefined: all finished labels; of those outside of tasks it need not name the tasks */
  readonly labels: ExportLabels | undefined
  readonly onlyLabelled: boolean
  /** What the history calls it. */
  readonly name: string
}

export type ExportState = 'waiting' | 'working' | 'ready' | 'failed'

/** One archive of an export. */
export interface Archive {
  readonly format: FormatId
  readonly state: ExportState
  /** Good for one to two hours; empty until it is ready. */
  readonly url: string
  /** bytes */
  readonly size: number
  readonly problem: string
}

/** A version of a dataset, with its archives: one line of the history of exports. */
export interface Export {
  readonly dataset: string
  readonly version: string
  readonly name: string
  readonly at: Date
  readonly state: ExportState
  readonly problem: string
  readonly counts: ExportCounts | undefined
  /** undefined: all finished labels */
  readonly labels: ExportLabels | undefined
  readonly archives: readonly Archive[]
  /** Asked for when it was made; those without an archive are still to be made. */
  readonly wanted: readonly FormatId[]
}

export interface ExportCounts {
  readonly inputs: number
  /** with nothing on them */
  readonly unlabelled: number
  readonly regions: number
  readonly boxes: number
  readonly polygons: number
  readonly masks: number
  readonly points: number
  /** of whole images */
  readonly tags: number
}

/** Inputs of the app's every export of all inputs are members of this dataset. */
export const ALL_INPUTS = 'all-inputs'
const versionStates: Readonly<Record<number, ExportState>> = {
  [StatusCode.DATASET_VERSION_PENDING]: 'waiting',
  [StatusCode.DATASET_VERSION_IN_PROGRESS]: 'working',
  [StatusCode.DATASET_VERSION_READY]: 'ready',
}
const archiveStates: Readonly<Record<number, ExportState>> = {
  [StatusCode.DATASET_VERSION_EXPORT_PENDING]: 'waiting',
  [StatusCode.DATASET_VERSION_EXPORT_IN_PROGRESS]: 'working',
  [StatusCode.DATASET_VERSION_EXPORT_SUCCESS]: 'ready',
}
const PER_PAGE = 100

/** Every dataset of the app, newest change first. */
export const datasetsQuery = (clients: Clients, scope: AppScope) => ({
  queryKey: ['app', scope.owner, scope.app, 'datasets'] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<readonly Dataset[]> => {
    const api = await clients.datasets()
    return pages(
      async (page) =>
        ok(await api.listDatasets({ userAppId: userAppId(scope), page, perPage: PER_PAGE }, { signal })).datasets,
    )
  },
})

/** Every export there is, newest first. */
export const exportsQuery = (clients: Clients, scope: AppScope) => ({
  queryKey: ['app', scope.owner, scope.app, 'exports'] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<readonly Export[]> => {
    const api = await clients.datasets()
    const datasets = await datasetsQuery(clients, scope).queryFn({ signal })
    const lists = await Promise.all(
      datasets.map(({ id }) =>
        pages(
          async (page) =>
            ok(
              await api.listDatasetVersions(
                { userAppId: userAppId(scope), datasetId: id, page, perPage: PER_PAGE },
                { signal },
              ),
            ).datasetVersions,
        ),
      ),
    )
    return lists
      .flat()
      .map(exportOf)
      .toSorted((a, b) => b.at.getTime() - a.at.getTime())
  },
})

async function pages<T>(page: (n: number) => Promise<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = []
  for (let n = 1; ; n++) {
    const items = await page(n)
    all.push(...items)
    if (items.length < PER_PAGE) return all
  }
}

/** A stored version as a line of the history. */
export function exportOf(version: DatasetVersion): Export {
  const { exportInfo: info, status, createdAt } = version
  const metrics = version.metrics['/']
  const found = [info?.coco, info?.clarifaiDataJson, info?.clarifaiDataProtobuf].filter((one) => one !== undefined)
  return {
    dataset: version.datasetId,
    version: version.id,
    name: version.description,
    at: new Date(Number(createdAt?.seconds ?? 0) * 1000),
    state: versionStates[status?.code ?? 0] ?? 'failed',
    problem: status?.details ?? '',
    counts: metrics && {
      inputs: Number(metrics.inputsCount),
      unlabelled: Number(metrics.unlabeledInputsCount),
      regions: Number(metrics.regionsCount),
      boxes: Number(metrics.boundingBoxesCount),
      polygons: Number(metrics.polygonsCount),
      masks: Number(metrics.masksCount),
      points: Number(metrics.pointsCount),
      tags: Number(metrics.positiveInputTagsCount),
    },
    labels: labelsOf(version),
    archives: found.map(archiveOf),
    wanted: wantedOf(version.metadata?.marquee),
  }
}

const archiveOf = ({ format, status, url, size }: DatasetVersionExport): Archive => ({
  format: exportFormats.find(({ number }) => number === format)?.id ?? 'json',
  state: archiveStates[status?.code ?? 0] ?? 'failed',
  url,
  size: Number(size),
  problem: status?.details ?? '',
})

/** What `metadata.marquee.formats` says, as far as it is known. */
const wantedOf = (marquee: unknown): readonly FormatId[] => {
  const said = typeof marquee === 'object' && marquee !== null && 'formats' in marquee ? marquee.formats : undefined
  return exportFormats.map(({ id }) => id).filter((id) => Array.isArray(said) && said.includes(id))
}

/** Formats that were asked for and for which nothing has been begun yet. */
export const missingFormats = (one: Export): readonly FormatId[] =>
  one.state === 'ready' ? one.wanted.filter((id) => !one.archives.some(({ format }) => format === id)) : []

/** Whether something of it is still being made. */
export const isBusy = (one: Export): boolean =>
  one.state === 'waiting' ||
  one.state === 'working' ||
  missingFormats(one).length > 0 ||
  one.archives.some(({ state }) => state === 'waiting' || state === 'working')
