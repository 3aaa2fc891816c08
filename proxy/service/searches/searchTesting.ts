import { create, type MessageInitShape } from '@bufbuild/protobuf'
import type { FilterSchema, SearchSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  type MultiSearchResponse,
  PostAnnotationsSearchesRequestSchema,
  PostInputsSearchesRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import type { SentAnnotation, World } from '#proxy/service/annotations/annotationTesting.ts'
import { callBy } from '#proxy/service/testing.ts'
import { searchMethods } from './searches.ts'

type Init<S extends Parameters<typeof create>[0]> = Omit<MessageInitShape<S>, '$typeName'>
export type SentFilter = Init<typeof FilterSchema>
export type SentSearch = Init<typeof SearchSchema>

export const userAppId = { userId: 'owner', appId: 'demo' }
export const dog = (value = 1): SentFilter => ({ annotation: { data: { concepts: [{ id: 'dog', value }] } } })
export const concept = (id: string, value = 1): SentFilter => ({ annotation: { data: { concepts: [{ id, value }] } } })

/** Searches of both kinds in the world that there is when they are run. */
export const searching = (world: () => World) => {
  const call = (who = 'owner') => callBy(who)
  const runAnnotations = (search: SentSearch, more: object = {}, who = 'owner'): Promise<MultiSearchResponse> =>
    searchMethods.postAnnotationsSearches(
      create(PostAnnotationsSearchesRequestSchema, { userAppId, searches: [search], ...more }),
      call(who),
      world().deps,
    )
  const runInputs = (search: SentSearch, more: object = {}, who = 'owner'): Promise<MultiSearchResponse> =>
    searchMethods.postInputsSearches(
      create(PostInputsSearchesRequestSchema, { userAppId, searches: [search], ...more }),
      call(who),
      world().deps,
    )
  /** Ids of the annotations found; those of inputs' own are the server's to name. */
  const annotations = async (filters: SentFilter[], who = 'owner') =>
    (await runAnnotations({ query: { filters } }, {}, who)).hits.map(({ annotation }) => annotation?.id)
  const inputs = async (filters: SentFilter[]) =>
    (await runInputs({ query: { filters } })).hits.map(({ input }) => input?.id)
  const named = (id: string, annotation: SentAnnotation): SentAnnotation => ({ ...annotation, id })
  return { call, runAnnotations, runInputs, annotations, inputs, named }
}
