import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import type { Clients } from './client.ts'
import { failureOf, ok } from './errors.ts'
import { configOf, type ExportLabels, labelSourcesQuery } from './exportLabels.ts'
import {
  ALL_INPUTS,
  type Export,
  type ExportRequest,
  type ExportSource,
  exportFormats,
  type FormatId,
} from './exports.ts'
import { type AppScope, userAppId } from './scope.ts'

/** How often a bulk operation is asked for how far it is, in ms. */
const POLL_MS = 400

/**
 * Fixes what the source holds now as a version of a dataset; its archives are asked for once that is ready
 * ({@link makeArchives}), so that closing the page in between loses nothing.
 * @param onProgress how many inputs have been gathered
 * @throws ApiFailure ConnectError
 */
export async function startExport(
  clients: Clients,
  scope: AppScope,
  request: ExportRequest,
  onProgress: (inputs: number) => void,
): Promise<void> {
  const api = await clients.datasets()
  const labels = request.labels?.kind === 'outside' ? await outsideOf(clients, scope, request) : request.labels
  const dataConfig = configOf(labels, request.onlyLabelled)
  const datasetId = await gathered(clients, scope, request.source, onProgress)
  ok(
    await api.postDatasetVersions({
      userAppId: userAppId(scope),
      datasetId,
      datasetVersions: [
        {
          description: request.name,
          metadata: { marquee: { formats: [...request.formats] } },
          ...(dataConfig && { dataConfig }),
        },
      ],
    }),
  )
}

/** The tasks to leave out are those that the inputs have labels of when it is begun. */
async function outsideOf(
  clients: Clients,
  scope: AppScope,
  { source }: ExportRequest,
): Promise<ExportLabels | undefined> {
  const { signal } = new AbortController()
  const { tasks } = await labelSourcesQuery(clients, scope, source).queryFn({ signal })
  return tasks.length > 0 ? { kind: 'outside', of: tasks.map(({ id }) => id) } : undefined
}

/** The dataset that holds the inputs of a source: its own, or one filled by a search. */
async function gathered(
  clients: Clients,
  scope: AppScope,
  source: ExportSource,
  onProgress: (inputs: number) => void,
): Promise<string> {
  if (source.kind === 'dataset') return source.id
  const api = await clients.datasets()
  const id = source.kind === 'all' ? ALL_INPUTS : `export-${crypto.randomUUID().slice(0, 8)}`
  const description = source.kind === 'all' ? 'All inputs, for exports' : `Inputs with ${source.ids.join(' or ')}`
  const made = await api.postDatasets({ userAppId: userAppId(scope), datasets: [{ id, description }] })
  if (!(source.kind === 'all' && made.status?.code === StatusCode.DATABASE_DUPLICATE_KEY)) ok(made)
  const parts = source.kind === 'all' ? [undefined] : source.ids
  let before = 0
  for (const concept of parts)
    before += await addFound(clients, scope, id, concept, (found) => onProgress(before + found))
  return id
}

/** Adds every input that carries the concept, or simply every input; answers how many. */
async function addFound(
  clients: Clients,
  scope: AppScope,
  datasetId: string,
  concept: string | undefined,
  onProgress: (inputs: number) => void,
): Promise<number> {
  const api = await clients.datasets()
  const filters = concept === undefined ? [] : [{ annotation: { data: { concepts: [{ id: concept, value: 1 }] } } }]
  const { bulkOperation } = ok(
    await api.postBulkOperations({
      userAppId: userAppId(scope),
      bulkOperations: [
        {
          inputSource: { case: 'search', value: { query: { filters } } },
          operation: { operation: { case: 'addToDataset', value: { datasetId } } },
        },
      ],
    }),
  )
  const id = bulkOperation[0]?.id ?? ''
  for (;;) {
    const { bulkOperation: one } = ok(await api.getBulkOperation({ userAppId: userAppId(scope), id }))
    const found = one?.progress?.processed ?? 0
    onProgress(found)
    switch (one?.status?.code) {
      case StatusCode.BULK_OPERATION_SUCCESS:
        return found
      case StatusCode.BULK_OPERATION_PENDING:
      case StatusCode.BULK_OPERATION_IN_PROGRESS:
        await new Promise((resolve) => setTimeout(resolve, POLL_MS))
        break
      default:
        throw failureOf(one?.status)
    }
  }
}

/** Asks for archives of a version that is ready. One that is there, or on its way, is not made again. */
export async function makeArchives(
  clients: Clients,
  scope: AppScope,
  one: Export,
  formats: readonly FormatId[],
): Promise<void> {
  const api = await clients.datasets()
  ok(
    await api.putDatasetVersionExports({
      userAppId: userAppId(scope),
      datasetId: one.dataset,
      datasetVersionId: one.version,
      exports: exportFormats.filter(({ id }) => formats.includes(id)).map(({ number }) => ({ format: number })),
    }),
  )
}

/** Its archives go with it; inputs and labels stay. */
export async function deleteExport(clients: Clients, scope: AppScope, one: Export): Promise<void> {
  const api = await clients.datasets()
  const answer = await api.deleteDatasetVersions({
    userAppId: userAppId(scope),
    datasetId: one.dataset,
    datasetVersionIds: [one.version],
  })
  if (answer.status?.code !== StatusCode.SUCCESS) throw failureOf(answer.status)
}
