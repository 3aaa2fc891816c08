import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from './apiError.ts'

/** Rows a database is asked for. */
export interface Page {
  readonly limit: number
  readonly offset: number
}

/** Items on a page when nobody says: the seed's 20 for annotations, the API's 128 elsewhere (api.md §9-1). */
export const annotationsPerPage = 20
export const inputsPerStreamedPage = 20
export const itemsPerPage = 128

/** Pages are numbered from 1; 0 is the first one. A page may hold at most `most` items; more is cut to that. */
export const pageOf = (page: number, perPage: number, usual: number, most: number): Page => {
  const limit = Math.min(perPage === 0 ? usual : perPage, most)
  return { limit, offset: (Math.max(page, 1) - 1) * limit }
}

/** @throws ApiError CONN_INVALID_REQUEST unless there are 1 to `most` items; `field` is their name in the request */
export const checkBatch = (items: readonly unknown[], field: string, most: number): void => {
  if (items.length < 1 || items.length > most)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${field}: ${items.length} items, must be 1 to ${most}`)
}
