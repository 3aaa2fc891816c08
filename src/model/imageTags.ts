import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Change } from './change.ts'
import {
  answersIn,
  type ImageAnnotationContext,
  imageAnnotationId,
  imageConcepts,
  isMarkedEmpty,
  markEmpty,
  withAnswer,
  withImageConcept,
} from './imageConcepts.ts'
import type { RegionKey } from './region.ts'

/** `annotation id/concept id`: one thing that one annotation says about the whole image. */
export type TagKey = string

/** What annotations say about the whole image: 1 = present, 0 = not present, between = a model's probability. */
export type Tags = ReadonlyMap<TagKey, number>
export type TagChange = Change<TagKey, number>

export const tagKey = (annotation: string, concept: string): TagKey => `${annotation}/${concept}`

/** Stands for "looked at, nothing here", which is no concept: its value is 1. */
export const emptyKey = (annotation: string): TagKey => tagKey(annotation, '')

/** Stands for "this suggestion has been answered" (suggestions.ts); no concept has a `/` in its id. Its value is 1. */
export const answerKey = (annotation: string, suggestion: RegionKey): TagKey => tagKey(annotation, suggestion)

export const isAnswer = (key: TagKey): boolean => splitTag(key).concept.includes('/')

export function splitTag(key: TagKey): { readonly annotation: string; readonly concept: string } {
  const at = key.indexOf('/')
  return { annotation: key.slice(0, at), concept: key.slice(at + 1) }
}

export function tagsOf(annotations: Iterable<Annotation>): Tags {
  const tags = new Map<TagKey, number>()
  for (const annotation of annotations) {
    for (const { id, value } of imageConcepts(annotation)) tags.set(tagKey(annotation.id, id), value)
    if (isMarkedEmpty(annotation)) tags.set(emptyKey(annotation.id), 1)
    for (const suggestion of answersIn(annotation)) tags.set(answerKey(annotation.id, suggestion), 1)
  }
  return tags
}

/**
 * The annotation saying one thing more, other or less. Undefined `annotation`: this person's first about the image; that
 * of somebody else is never made.
 */
export function withTag(
  annotation: Annotation | undefined,
  key: TagKey,
  value: number | undefined,
  context: ImageAnnotationContext,
): Annotation | undefined {
  const { annotation: id, concept } = splitTag(key)
  if (!annotation && id !== imageAnnotationId(context)) return undefined
  if (isAnswer(key)) return withAnswer(annotation, concept, value === 1, context)
  return concept === ''
    ? markEmpty(annotation, value === 1, context)
    : withImageConcept(annotation, concept, value, context)
}
