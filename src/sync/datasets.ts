import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Search, SearchSchema } from '#gen/datasets/proto/clarifai/api/resources_pb.ts'
import { inBatches } from './batches.ts'
import type { Clients } from './client.ts'
import { ok } from './errors.ts'
import { type AppScope, userAppId } from './scope.ts'

interface Context {
  readonly signal: AbortSignal
}

const PER_PAGE = 1000

/** Ids of the inputs in a dataset, oldest first. @throws ApiFailure */
export async function datasetInputIds(clients: Clients, scope: AppScope, datasetId: string): Promise<string[]> {
  const api = await clients.datasets()
  const found: string[] = []
  for (let page = 1; ; page++) {
    const asked = { userAppId: userAppId(scope), datasetId, page, perPage: PER_PAGE }
    const { datasetInputs } = ok(await api.listDatasetInputs(asked))
    found.push(...datasetInputs.flatMap(({ input }) => input?.id ?? []))
    if (datasetInputs.length < PER_PAGE) return found
  }
}

/** Searches that are saved in the app. */
export const savedSearchesQuery = (clients: Clients, scope: AppScope) => ({
  queryKey: ['app', scope.owner, scope.app, 'searches'] as const,
  queryFn: async ({ signal }: Context): Promise<readonly Search[]> => {
    const api = await clients.datasets()
    const all: Search[] = []
    for (let page = 1; ; page++) {
      const { searches } = ok(await api.listSearches({ userAppId: userAppId(scope), page, perPage: 100 }, { signal }))
      all.push(...searches)
      if (searches.length < 100) return all
    }
  },
})

/** @throws ApiFailure, with DATABASE_DUPLICATE_KEY where the id is taken */
export async function saveSearch(
  clients: Clients,
  scope: AppScope,
  search: MessageInitShape<typeof SearchSchema>,
): Promise<void> {
  const api = await clients.datasets()
  ok(await api.postInputsSearches({ userAppId: userAppId(scope), searches: [{ ...search, save: true }] }))
}

/** @throws ApiFailure */
export async function renameSearch(clients: Clients, scope: AppScope, id: string, name: string): Promise<void> {
  const api = await clients.datasets()
  ok(await api.patchSearches({ userAppId: userAppId(scope), action: 'overwrite', searches: [{ id, name }] }))
}

/** @throws ApiFailure */
export async function deleteSearch(clients: Clients, scope: AppScope, id: string): Promise<void> {
  const api = await clients.datasets()
  ok(await api.deleteSearch({ userAppId: userAppId(scope), id }))
}

/** Makes an empty dataset. @throws ApiFailure, with DATABASE_DUPLICATE_KEY where the id is taken */
export async function makeDataset(clients: Clients, scope: AppScope, id: string, description: string): Promise<void> {
  const api = await clients.datasets()
  ok(await api.postDatasets({ userAppId: userAppId(scope), datasets: [{ id, description }] }))
}

/** Puts inputs into a dataset; those that are in it already stay. @throws ApiFailure */
export async function addToDataset(
  clients: Clients,
  scope: AppScope,
  datasetId: string,
  inputIds: readonly string[],
): Promise<void> {
  const api = await clients.datasets()
  for (const some of inBatches(inputIds))
    ok(
      await api.postDatasetInputs({
        userAppId: userAppId(scope),
        datasetId,
        datasetInputs: some.map((id) => ({ input: { id } })),
      }),
    )
}

/** Takes inputs out of a dataset. @throws ApiFailure */
export async function takeFromDataset(
  clients: Clients,
  scope: AppScope,
  datasetId: string,
  inputIds: readonly string[],
): Promise<void> {
  const api = await clients.datasets()
  for (const some of inBatches(inputIds))
    ok(await api.deleteDatasetInputs({ userAppId: userAppId(scope), datasetId, inputIds: some }))
}

/** The inputs stay. @throws ApiFailure */
export async function deleteDataset(clients: Clients, scope: AppScope, datasetId: string): Promise<void> {
  const api = await clients.datasets()
  ok(await api.deleteDatasets({ userAppId: userAppId(scope), datasetIds: [datasetId] }))
}
