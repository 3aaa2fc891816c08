import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'

/** Who made an annotation. A model is named with its version. */
export type Worker =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'model'; readonly id: string; readonly version: string }

/** `worker` if it is there, else the older fields `user_id` and `model_version_id`. */
export function workerOf(annotation: Annotation): Worker {
  const worker = annotation.worker?.worker
  if (worker?.case === 'user') return { kind: 'user', id: worker.value.id }
  if (worker?.case === 'model') {
    return { kind: 'model', id: worker.value.id, version: worker.value.modelVersion?.id ?? annotation.modelVersionId }
  }
  if (annotation.modelVersionId !== '') return { kind: 'model', id: '', version: annotation.modelVersionId }
  return { kind: 'user', id: annotation.userId }
}
