import { create, fromBinary } from '@bufbuild/protobuf'
import { ListLabelSourcesResponseSchema, type Team } from '#gen/marquee/v1/team_pb.ts'
import { type Search, SearchSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { inputsOfSearch } from '#proxy/service/searches/searchRun.ts'
import { studioApp } from '#proxy/service/studio/studio.ts'
import { labelSources } from '#proxy/store/labelSources.ts'
import { badRequest } from './teamRights.ts'

/** @throws ApiError SEARCH_INVALID_REQUEST with the path of the field */
export const listLabelSources: MethodImpl<typeof Team.method.listLabelSources> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'addDatasets')
  const db = deps.store.read
  const asked = request.search.length > 0 ? sentSearch(request.search) : undefined
  const ids = asked && (await Array.fromAsync(inputsOfSearch(db, app.no, asked, 'input', app))).flat()
  const rows = await labelSources(db, app.no, ids)
  const drawn = Map.groupBy(
    rows.filter((row) => row.has_labels),
    (row) => row.input_id,
  )
  const isShared = (inputId: string): boolean => (drawn.get(inputId)?.length ?? 0) > 1
  const sources = [...Map.groupBy(rows, (row) => row.task_id)].map(([taskId, its]) => ({
    taskId,
    inputs: its.length,
    shared: its.filter((row) => row.has_labels && isShared(row.input_id)).length,
  }))
  return create(ListLabelSourcesResponseSchema, {
    sources: sources.sort((a, b) => (a.taskId < b.taskId ? -1 : 1)),
    sharedInputs: [...drawn.keys()].filter(isShared).length,
  })
}

/** @throws ApiError CONN_INVALID_REQUEST */
const sentSearch = (bytes: Uint8Array): Search => {
  try {
    return fromBinary(SearchSchema, bytes)
  } catch {
    throw badRequest('search', 'is no clarifai.api.Search')
  }
}
