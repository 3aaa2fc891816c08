import { clone, create, type JsonObject, type JsonValue } from '@bufbuild/protobuf'
import {
  type Annotation,
  AnnotationSchema,
  ConceptSchema,
  DataSchema,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusSchema } from '#gen/web/proto/clarifai/api/status/status_pb.ts'
import { deterministicId } from './ids.ts'
import { type AsWork, type ConceptTag, firstStatus, type RegionKey } from './region.ts'

/** One person's concepts of one whole image: one annotation, whose id everybody can find (decisions §11). */
export interface ImageAnnotationContext {
  readonly owner: string
  readonly app: string
  readonly inputId: string
  readonly userId: string
  readonly work?: AsWork | undefined
}

/** In a task it is another one, since annotations stay in the task they were made in. */
export const imageAnnotationId = ({ owner, app, inputId, userId, work }: ImageAnnotationContext): string =>
  deterministicId('image', owner, app, inputId, userId, ...(work?.task ? [work.task] : []))

/** The concepts of the whole image that an annotation carries: 1 = present, 0 = not present. */
export const imageConcepts = (annotation: Annotation): readonly ConceptTag[] =>
  (annotation.data?.concepts ?? []).map(({ id, value }) => ({ id, value }))

/**
 * The annotation with the concept set to `value`, or taken off for undefined.
 * Undefined `annotation`: the person's first on this image.
 */
export function withImageConcept(
  annotation: Annotation | undefined,
  conceptId: string,
  value: number | undefined,
  context: ImageAnnotationContext,
): Annotation {
  const next = annotation ? clone(AnnotationSchema, annotation) : newImageAnnotation(context)
  next.data ??= create(DataSchema)
  const { concepts } = next.data
  const i = concepts.findIndex((concept) => concept.id === conceptId)
  if (value === undefined) next.data.concepts = concepts.filter((_, at) => at !== i)
  else if (i >= 0) concepts[i]!.value = value
  else concepts.push(create(ConceptSchema, { id: conceptId, value }))
  return next
}

/** Whether its author has said "looked at, nothing here". */
export const isMarkedEmpty = (annotation: Annotation): boolean => marqueeOf(annotation).empty === true

/**
 * The annotation with that mark set or taken back: `annotation_info.marquee.empty` on the person's annotation of the
 * image. It carries a status, since the API refuses one with neither data nor status.
 */
export function markEmpty(
  annotation: Annotation | undefined,
  empty: boolean,
  context: ImageAnnotationContext,
): Annotation {
  const next = annotation ? clone(AnnotationSchema, annotation) : newImageAnnotation(context)
  next.annotationInfo = { ...next.annotationInfo, marquee: { ...marqueeOf(next), empty } }
  return next
}

/** The suggestions of models that its author has answered, by region key. */
export const answersIn = (annotation: Annotation): readonly RegionKey[] =>
  Object.entries(objectOf(marqueeOf(annotation).answered)).flatMap(([key, answered]) =>
    answered === true ? [key] : [],
  )

/**
 * The annotation saying that a suggestion has been answered, or not: `annotation_info.marquee.answered`, an object of
 * true and false by region key, since merging takes no key away.
 */
export function withAnswer(
  annotation: Annotation | undefined,
  suggestion: RegionKey,
  answered: boolean,
  context: ImageAnnotationContext,
): Annotation {
  const next = annotation ? clone(AnnotationSchema, annotation) : newImageAnnotation(context)
  const marquee = marqueeOf(next)
  const answers = { ...objectOf(marquee.answered), [suggestion]: answered }
  next.annotationInfo = { ...next.annotationInfo, marquee: { ...marquee, answered: answers } }
  return next
}

const newImageAnnotation = (context: ImageAnnotationContext): Annotation =>
  create(AnnotationSchema, {
    id: imageAnnotationId(context),
    inputId: context.inputId,
    userId: context.userId,
    taskId: context.work?.task ?? '',
    status: create(StatusSchema, { code: firstStatus(context.work) }),
  })

const marqueeOf = (annotation: Annotation): JsonObject => objectOf(annotation.annotationInfo?.marquee)

const objectOf = (value: JsonValue | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
