import { create, toBinary } from '@bufbuild/protobuf'
import { BinaryReader } from '@bufbuild/protobuf/wire'
import { type Annotation, AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { MultiAnnotationResponseSchema } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { sameAs } from '#proxy/service/team/consensusCopies.ts'
import type { NewAnnotationRow } from '#proxy/store/annotations.ts'
import { hashOfAddress } from './annotationMasks.ts'
import { isEmptyData, isNote, isOrder, marksEmpty, masksOf, regionKind, regionOf } from './annotationParts.ts'

/** What a row has besides its message. */
export interface RowFacts {
  readonly app: number
  readonly rev: number
  /** µs */
  readonly createdAt: number
  readonly modifiedAt: number
  readonly deletedAt?: number | null
  readonly deletedBy?: string | null
  /** The annotation encoded, where the caller has it. */
  readonly message?: Uint8Array
}

/**
 * `toBinary` of each, in one go: a writer for each, and its copy, took as long as writing (bench/api). Field 2 of the
 * answer is the list of annotations, each behind its tag and its length.
 */
export const encoded = (annotations: readonly Annotation[]): Uint8Array[] => {
  const all = toBinary(
    MultiAnnotationResponseSchema,
    create(MultiAnnotationResponseSchema, { annotations: [...annotations] }),
  )
  const reader = new BinaryReader(all)
  return annotations.map(() => {
    reader.tag()
    return reader.bytes()
  })
}

/**
 * The row of an annotation in the form it is stored in (`storedForm`): the message and the columns read from it.
 * Exactly one worker; user-made ones (the input-level one included) are trusted, a model's are not (api.md §2.1).
 */
export const annotationRow = (annotation: Annotation, facts: RowFacts): NewAnnotationRow => {
  const worker = annotation.worker?.worker
  const region = regionOf(annotation.data)
  const mask = masksOf(annotation.data)[0]?.[0]
  return {
    app: facts.app,
    input_id: annotation.inputId,
    id: annotation.id,
    user_id: worker?.case === 'user' ? worker.value.id : null,
    model_version_id: worker?.case === 'model' ? (worker.value.modelVersion?.id ?? '') : null,
    workflow_version_id: worker?.case === 'workflow' ? (worker.value.version?.id ?? '') : null,
    status_code: annotation.status?.code ?? StatusCode.ANNOTATION_SUCCESS,
    input_level: Number(annotation.inputLevel),
    trusted: Number(worker?.case === 'user'),
    task_id: annotation.taskId || null,
    region_id: region?.id || null,
    region_kind: region ? regionKind(region.regionInfo) : null,
    has_data: Number(!isEmptyData(annotation.data)),
    concept_count: annotation.data?.concepts.length ?? 0,
    marks_empty: Number(marksEmpty(annotation) && !isNote(annotation)),
    is_note: Number(isNote(annotation)),
    is_order: Number(isOrder(annotation)),
    same_as: sameAs(annotation) ?? null,
    mask: mask ? (hashOfAddress(mask.url) ?? null) : null,
    message: facts.message ?? toBinary(AnnotationSchema, annotation),
    rev: facts.rev,
    created_at: facts.createdAt,
    modified_at: facts.modifiedAt,
    deleted_at: facts.deletedAt ?? null,
    deleted_by: facts.deletedBy ?? null,
  }
}
