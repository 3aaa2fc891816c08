import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { AnnotationRow } from '#proxy/store/annotations.ts'
import type { Subject } from './annotationAccess.ts'
import { marqueeInfo } from './annotationParts.ts'
import { stored } from './annotationReading.ts'

/** In a task, or one of a batch that the owner gave out (`annotation_info.marquee.assignment`, decisions §8). */
const isAssigned = (annotation: Annotation): boolean =>
  annotation.taskId !== '' || typeof marqueeInfo(annotation).assignment === 'string'

/** A stored annotation as the rules see it. */
export const subjectOf = (row: AnnotationRow): Subject => ({
  author: row.user_id ?? undefined,
  status: row.status_code as StatusCode,
  inputLevel: row.input_level === 1,
  assigned: isAssigned(stored(row)),
})
