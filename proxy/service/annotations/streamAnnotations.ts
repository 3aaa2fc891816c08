import { create } from '@bufbuild/protobuf'
import { AnnotationDataType, type Worker } from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  SingleAnnotationResponseSchema,
  type StreamTrackAnnotationsSearchesRequest,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { findApp } from '#proxy/service/people/access.ts'
import { visibleIn } from '#proxy/service/people/visibility.ts'
import { ok } from '#proxy/service/status.ts'
import { livingInputs } from '#proxy/store/annotations.ts'
import { type TrackFilter, trackTimes } from '#proxy/store/annotationTracks.ts'
import { batches } from '#proxy/store/batches.ts'
import { annotationsAt } from '#proxy/store/searchRuns.ts'
import { readable, stored } from './annotationReading.ts'

/** api.md §8: StreamAnnotations. */
const mostFrames = 216_000
const mostMillis = 3_600_000

const readAtOnce = 200

/**
 * StreamAnnotations, which the .proto files name StreamTrackAnnotationsSearches: every annotation of one input, one
 * after the other in the order of the video. Of people and of models, whoever is not asked for by `worker`. With no
 * frame asked for, what is of the whole input comes first. What is written while it streams may be in it or not.
 */
const streamTrackAnnotationsSearches: MethodImpl<typeof V2.method.streamTrackAnnotationsSearches> = async function* (
  request,
  call,
  deps,
) {
  const app = await findApp(deps, call, request.userAppId, 'readTracks')
  const db = deps.store.read
  const { inputId } = request
  if (!inputId) throw new ApiError(StatusCode.CONN_INVALID_REQUEST, 'input_id: required')
  const filter = filterOf(request, app.callerId)
  if (!(await livingInputs(db, app.no, [inputId])).has(inputId))
    throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `input_id: the app has no input "${inputId}"`)
  const times = await trackTimes(db, app.no, inputId, { ...filter, visible: await visibleIn(app, db) })
  for (const batch of batches(times, readAtOnce)) {
    if (call.signal.aborted) return
    const rows = new Map((await annotationsAt(db, app.no, batch)).map((row) => [Number(row.created_at), row]))
    const there = batch.flatMap((at) => rows.get(at) ?? [])
    for (const annotation of await readable(there.map(stored), app, db, deps))
      yield create(SingleAnnotationResponseSchema, { status: ok(call), annotation })
  }
}

/** @throws ApiError CONN_INVALID_REQUEST */
const filterOf = (request: StreamTrackAnnotationsSearchesRequest, callerId: string): Omit<TrackFilter, 'visible'> => {
  const { trackId, frameNumberStart, frameTimeStart, maxFrames, maxDuration } = request
  checkMost('max_frames', maxFrames, mostFrames)
  checkMost('max_duration', maxDuration, mostMillis)
  return {
    track: trackId || undefined,
    numbers: { from: frameNumberStart, until: maxFrames ? frameNumberStart + maxFrames : undefined },
    times: { from: frameTimeStart, until: maxDuration ? frameTimeStart + maxDuration : undefined },
    kind: kindOf(request.annotationType),
    ...workerOf(request.worker, callerId),
  }
}

const checkMost = (field: string, value: number, most: number): void => {
  if (value > most) throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${field}: ${value}, at most ${most}`)
}

const kindOf = (type: AnnotationDataType): string | null | undefined => {
  switch (type) {
    case AnnotationDataType.ANNOTATION_DATA_TYPE_NOT_SET:
      return undefined
    case AnnotationDataType.TAG:
      return null
    case AnnotationDataType.BOUNDING_BOX:
      return 'box'
    case AnnotationDataType.POLYGON:
      return 'polygon'
    case AnnotationDataType.POINT:
      return 'point'
    case AnnotationDataType.SPAN:
      return 'span'
    case AnnotationDataType.MASK:
      return 'mask'
    default:
      throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `annotation_type: ${type} is none`)
  }
}

const workerOf = (worker: Worker | undefined, callerId: string) => {
  switch (worker?.worker.case) {
    case 'user':
      return { userId: worker.worker.value.id === 'me' ? callerId : worker.worker.value.id }
    case 'model':
      return { modelVersionId: needed(worker.worker.value.modelVersion?.id, 'worker.model.model_version.id') }
    case 'workflow':
      return { workflowVersionId: needed(worker.worker.value.version?.id, 'worker.workflow.version.id') }
    default:
      return {}
  }
}

const needed = (id: string | undefined, field: string): string => {
  if (!id) throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${field}: required`)
  return id
}

export const trackMethods = { streamTrackAnnotationsSearches } satisfies V2Methods
