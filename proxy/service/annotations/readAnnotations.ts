import { create } from '@bufbuild/protobuf'
import {
  type ListAnnotationsRequest,
  MultiAnnotationResponseSchema,
  SingleAnnotationResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { annotationsPerPage, pageOf } from '#proxy/service/paging.ts'
import { findApp } from '#proxy/service/people/access.ts'
import { visibleIn } from '#proxy/service/people/visibility.ts'
import { ok } from '#proxy/service/status.ts'
import { type AnnotationFilter, annotationByKey, listAnnotations as list } from '#proxy/store/annotations.ts'
import { readable, stored } from './annotationReading.ts'

/** GetAnnotation. @throws ApiError CONN_DOES_NOT_EXIST */
export const getAnnotation: MethodImpl<typeof V2.method.getAnnotation> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readAnnotations')
  const key = { input_id: request.inputId, id: request.annotationId }
  const row = await annotationByKey(deps.store.read, app.no, key, await visibleIn(app, deps.store.read))
  if (!row)
    throw new ApiError(
      StatusCode.CONN_DOES_NOT_EXIST,
      `annotation_id: no annotation "${key.id}" of input "${key.input_id}"`,
    )
  const [annotation] = await readable([stored(row)], app, deps.store.read, deps)
  return create(SingleAnnotationResponseSchema, { status: ok(call), annotation: annotation! })
}

/** ListAnnotations: oldest first, 20 a page unless asked, people's only unless asked (api.md §§1, 2.1, 9). */
export const listAnnotations: MethodImpl<typeof V2.method.listAnnotations> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readAnnotations')
  const page = pageOf(request.page, request.perPage, annotationsPerPage, deps.limits.pageSize)
  const filter = { ...filterOf(request, app.callerId), visible: await visibleIn(app, deps.store.read) }
  const rows = await list(deps.store.read, app.no, filter, page)
  const annotations = await readable(rows.map(stored), app, deps.store.read, deps)
  return create(MultiAnnotationResponseSchema, { status: ok(call), annotations })
}

const invalidRequest = (details: string): ApiError => new ApiError(StatusCode.CONN_INVALID_REQUEST, details)

/** More pairs than a statement takes parameters for. */
const mostPairs = 10_000

/** @throws ApiError CONN_INVALID_REQUEST ids without their inputs, or a state that is none */
const filterOf = (request: ListAnnotationsRequest, callerId: string): AnnotationFilter => {
  const { ids, inputIds, modelVersionIds, workflowVersionIds, taskId } = request
  const workers = {
    userIds: request.userIds.map((id) => (id === 'me' ? callerId : id)),
    modelVersionIds,
    workflowVersionIds,
  }
  const byWorker = request.userIds.length + modelVersionIds.length + workflowVersionIds.length > 0
  const keys = pairs(ids, inputIds)
  const where = keys.length > 0 ? { keys } : { inputIds }
  const trustedOnly = !request.listAllAnnotations && !byWorker && keys.length === 0
  return { ...where, ...workers, statuses: statusesOf(request), taskId, trustedOnly }
}

/** Each id with the input at the same place. @throws ApiError CONN_INVALID_REQUEST */
export const pairs = (ids: readonly string[], inputIds: readonly string[]): { input_id: string; id: string }[] => {
  if (Math.max(ids.length, inputIds.length) > mostPairs) throw invalidRequest(`ids: more than ${mostPairs}`)
  if (ids.length === 0) return []
  if (inputIds.length === 0) throw invalidRequest('input_ids: required with ids')
  if (ids.length !== inputIds.length)
    throw invalidRequest(`input_ids: ${inputIds.length} of them for ${ids.length} ids, must be as many`)
  return ids.map((id, i) => ({ input_id: inputIds[i]!, id }))
}

const statusesOf = (request: ListAnnotationsRequest): number[] =>
  request.statuses.map(({ code }, i) => {
    if (!code) throw invalidRequest(`statuses[${i}].code: required`)
    return code
  })
