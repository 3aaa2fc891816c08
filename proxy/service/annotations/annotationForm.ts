import { create } from '@bufbuild/protobuf'
import { type Annotation, type Concept, ConceptSchema, type Data } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { StatusSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { invalid } from '#proxy/service/validate.ts'
import { datasOf } from '#proxy/store/annotationData.ts'
import { regionsOf } from './annotationParts.ts'

/** Only what a label says is stored: the rest of a concept is its own and filled on reading (decisions §27). */
const bareConcept = ({ id, value }: Concept): Concept => create(ConceptSchema, { id, value })

/** Brings the labels of `data` into the form they are stored in. Changes `data`; masks are `storeMasks`' work. */
export const stripConcepts = (data: Data | undefined): void => {
  for (const [inner] of datasOf(data)) inner.concepts = inner.concepts.map(bareConcept)
}

/** Gives an id to a region that has none. Changes `data`. */
export const nameRegions = (data: Data | undefined, newId: () => string): void => {
  for (const [region] of regionsOf(data)) region.id ||= newId()
}

/**
 * The task, wherever it was said: in `task_id` or, as of old, in `annotation_info.task_id` (api.md §9-13).
 * @throws ApiError ANNOTATION_INVALID_ARGUMENT when both are said and differ
 */
export const saidTask = (annotation: Annotation, path: string): string => {
  const old = annotation.annotationInfo?.task_id
  if (typeof old !== 'string' || old === '') return annotation.taskId
  if (annotation.taskId && annotation.taskId !== old)
    throw invalid(`${path}.task_id`, 'differs from annotation_info.task_id')
  return old
}

/** Stored states are codes; their words are added on reading. */
export const bareStatus = (code: StatusCode) => create(StatusSchema, { code })

export const setTimes = (annotation: Annotation, createdAt: number, modifiedAt: number): void => {
  annotation.createdAt = timestampOf(createdAt)
  annotation.modifiedAt = modifiedAt === createdAt ? annotation.createdAt : timestampOf(modifiedAt)
}
