import { create, fromJson, type JsonValue } from '@bufbuild/protobuf'
import { InputQuerySchema, InputViewSchema } from '#gen/marquee/v1/marquee_pb.ts'
import type { Data, Input } from '#gen/proto/clarifai/api/resources_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { isJsonObject } from '#proxy/service/jsonObject.ts'
import { queryOf } from '#proxy/service/studio/studioQuery.ts'
import { inputFits, type Seen } from '#proxy/store/inputQuery.ts'
import type { InputCondition } from '#proxy/store/searchConditions.ts'
import { badSearch } from './searchFields.ts'

/*
 * A view of the grid as a filter of the API: `input.data.metadata.marquee.view`. What the grid is filtered by (how many
 * regions, whose work, not labelled) has no field in a search, and metadata of inputs has nothing of ours. A server that
 * does not know it looks for such metadata and finds nothing, rather than everything.
 */

/** Where in `input.data` a view stands. */
export const viewPath = 'metadata.marquee.view'

/** The view that a filter asks for, as JSON; undefined where it asks for none. */
export const viewIn = ({ data }: Input): JsonValue | undefined => {
  const marquee = data?.metadata?.marquee
  return isJsonObject(marquee) ? marquee.view : undefined
}

/** Its metadata says nothing but a view. */
export const isView = ({ metadata = {} }: Data): boolean =>
  Object.keys(metadata).length === 1 &&
  isJsonObject(metadata.marquee) &&
  Object.keys(metadata.marquee).length === 1 &&
  metadata.marquee.view !== undefined

/** @throws ApiError SEARCH_INVALID_REQUEST with the path of what is no view */
export const fitsView = (json: JsonValue, path: string, app: number, seen: Seen): InputCondition => {
  try {
    const view = fromJson(InputViewSchema, json)
    return { is: 'fits', where: inputFits(app, queryOf(view, view.query ?? create(InputQuerySchema)), seen) }
  } catch (error) {
    throw badSearch(path, error instanceof ApiError ? error.details : messageOf(error))
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
