import { create } from '@bufbuild/protobuf'
import {
  type Annotation,
  ModelSchema,
  ModelVersionSchema,
  UserSchema,
  type Worker,
  WorkerSchema,
  WorkflowSchema,
  WorkflowVersionSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { invalid } from '#proxy/service/validate.ts'

/** A user, or a model or workflow by its version, as the index columns hold it. */
export type WorkerKey =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'model'; readonly id: string; readonly version: string }
  | { readonly kind: 'workflow'; readonly id: string; readonly version: string }

export const userWorker = (id: string): Worker =>
  create(WorkerSchema, { worker: { case: 'user', value: create(UserSchema, { id }) } })

/**
 * Who a posted or patched message says made it, in `worker` or in the old fields; undefined when it says nobody.
 * "me" is the caller. @throws ApiError ANNOTATION_INVALID_ARGUMENT when they disagree (api.md §9-12)
 */
export const saidWorker = (annotation: Annotation, path: string, callerId: string): WorkerKey | undefined => {
  const said = [newField(annotation, path), ...oldFields(annotation)].filter((key) => key !== undefined)
  const [first, ...others] = said.map((key) =>
    key.kind === 'user' && key.id === 'me' ? { ...key, id: callerId } : key,
  )
  for (const other of others)
    if (!agree(first!, other)) throw invalid(`${path}.worker`, 'worker, user_id and model_version_id disagree')
  return first
}

const newField = (annotation: Annotation, path: string): WorkerKey | undefined => {
  const worker = annotation.worker?.worker
  switch (worker?.case) {
    case 'user':
      return worker.value.id ? { kind: 'user', id: worker.value.id } : undefined
    case 'model': {
      const version = worker.value.modelVersion?.id ?? ''
      if (!version) throw invalid(`${path}.worker.model.model_version.id`, 'required')
      return { kind: 'model', id: worker.value.id, version }
    }
    case 'workflow': {
      const version = worker.value.version?.id ?? ''
      if (!version) throw invalid(`${path}.worker.workflow.version.id`, 'required')
      return { kind: 'workflow', id: worker.value.id, version }
    }
    default:
      return undefined
  }
}

const oldFields = (annotation: Annotation): WorkerKey[] => [
  ...(annotation.userId ? [{ kind: 'user', id: annotation.userId } as const] : []),
  ...(annotation.modelVersionId ? [{ kind: 'model', id: '', version: annotation.modelVersionId } as const] : []),
]

const agree = (a: WorkerKey, b: WorkerKey): boolean => {
  if (a.kind === 'user' || b.kind === 'user') return a.kind === b.kind && a.id === b.id
  return a.kind === b.kind && a.version === b.version
}

/** Fills `worker` and the old fields alike. Changes the annotation. */
export const setWorker = (annotation: Annotation, key: WorkerKey, said: Worker | undefined): void => {
  annotation.userId = key.kind === 'user' ? key.id : ''
  annotation.modelVersionId = key.kind === 'model' ? key.version : ''
  annotation.worker = key.kind === 'user' ? userWorker(key.id) : machineWorker(key, said)
}

/** A model or workflow keeps what else was said of it, e.g. its app. */
export const machineWorker = (key: Exclude<WorkerKey, { kind: 'user' }>, said: Worker | undefined): Worker => {
  if (said?.worker.case === key.kind) return said
  const { id, version } = key
  if (key.kind === 'model') {
    const value = create(ModelSchema, { id, modelVersion: create(ModelVersionSchema, { id: version }) })
    return create(WorkerSchema, { worker: { case: 'model', value } })
  }
  const value = create(WorkflowSchema, { id, version: create(WorkflowVersionSchema, { id: version }) })
  return create(WorkerSchema, { worker: { case: 'workflow', value } })
}
