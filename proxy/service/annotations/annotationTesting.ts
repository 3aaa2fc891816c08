import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import {
  type Annotation,
  type AnnotationSchema,
  TaskSchema,
  UserAppIDSetSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  DeleteAnnotationRequestSchema,
  DeleteAnnotationsRequestSchema,
  GetAnnotationRequestSchema,
  ListAnnotationsRequestSchema,
  type MultiAnnotationResponse,
  MultiAnnotationResponseSchema,
  PatchAnnotationsRequestSchema,
  PostAnnotationsRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Caller } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { addApp, addCollaborator, addInput, addUser, callBy, testDeps } from '#proxy/service/testing.ts'
import type { Store } from '#proxy/store/open.ts'
import { annotationMethods } from './annotations.ts'

type Init<S extends Parameters<typeof create>[0]> = Omit<MessageInitShape<S>, '$typeName'>
export type SentAnnotation = Init<typeof AnnotationSchema>
type ListRequest = Init<typeof ListAnnotationsRequestSchema>

/** As over the wire: what comes back shares nothing with what the service keeps. */
const copied = (response: MultiAnnotationResponse): MultiAnnotationResponse =>
  fromBinary(MultiAnnotationResponseSchema, Uint8Array.from(toBinary(MultiAnnotationResponseSchema, response)))

/** What an expected failure of the whole call says. */
export const failure = async (call: Promise<unknown>): Promise<{ code: number; details: string }> => {
  try {
    await call
  } catch (error) {
    if (error instanceof ApiError) return { code: error.code, details: error.details }
    throw error
  }
  throw new Error('the call succeeded')
}

/** The annotation RPCs as one person calls them, for the app `demo` of `owner`. */
export class Client {
  readonly #deps: Deps
  readonly #caller: Partial<Caller>
  readonly userId: string
  readonly #userAppId = create(UserAppIDSetSchema, { userId: 'owner', appId: 'demo' })

  constructor(deps: Deps, userId: string, caller: Partial<Caller> = {}) {
    this.#deps = deps
    this.userId = userId
    this.#caller = caller
  }

  #call(headers: Record<string, string> = {}) {
    return callBy(this.userId, this.#caller, headers)
  }

  async post(...annotations: SentAnnotation[]): Promise<MultiAnnotationResponse> {
    const request = create(PostAnnotationsRequestSchema, { userAppId: this.#userAppId, annotations })
    return copied(await annotationMethods.postAnnotations(request, this.#call(), this.#deps))
  }

  /** The one annotation that was posted. @throws Error when it was refused */
  async posted(annotation: SentAnnotation): Promise<Annotation> {
    const response = await this.post(annotation)
    if (response.status?.code !== 10000) throw new Error(`refused: ${response.status?.details}`)
    return response.annotations[0]!
  }

  async list(filter: ListRequest = {}): Promise<Annotation[]> {
    const request = create(ListAnnotationsRequestSchema, { ...filter, userAppId: this.#userAppId })
    return copied(await annotationMethods.listAnnotations(request, this.#call(), this.#deps)).annotations
  }

  async get(inputId: string, annotationId: string): Promise<Annotation> {
    const request = create(GetAnnotationRequestSchema, { userAppId: this.#userAppId, inputId, annotationId })
    const { status, annotation } = await annotationMethods.getAnnotation(request, this.#call(), this.#deps)
    return copied(create(MultiAnnotationResponseSchema, { status: status!, annotations: [annotation!] }))
      .annotations[0]!
  }

  async patch(
    action: string,
    annotations: SentAnnotation[],
    more: { deleteIfEmptyData?: boolean; headers?: Record<string, string> } = {},
  ): Promise<MultiAnnotationResponse> {
    const { headers, ...options } = more
    const request = create(PatchAnnotationsRequestSchema, {
      userAppId: this.#userAppId,
      action,
      annotations,
      ...options,
    })
    return copied(await annotationMethods.patchAnnotations(request, this.#call(headers), this.#deps))
  }

  delete(inputId: string, annotationId: string) {
    const request = create(DeleteAnnotationRequestSchema, { userAppId: this.#userAppId, inputId, annotationId })
    return annotationMethods.deleteAnnotation(request, this.#call(), this.#deps)
  }

  deleteMany(inputIds: string[], ids: string[] = []) {
    const request = create(DeleteAnnotationsRequestSchema, { userAppId: this.#userAppId, inputIds, ids })
    return annotationMethods.deleteAnnotations(request, this.#call(), this.#deps)
  }
}

const labeling = [
  'Apps_Get',
  'Inputs_Get',
  'Concepts_Get',
  'Concepts_Add',
  'Models_Get',
  'Workflows_Get',
  'Annotations_Get',
  'Annotations_Add',
  'Annotations_Delete',
]

export interface World {
  readonly app: number
  readonly deps: Deps
  readonly owner: Client
  readonly ann: Client
  readonly ben: Client
  readonly stranger: Client
}

/** App `demo` of `owner` with the collaborators `ann` and `ben` and the inputs `i1`, `i2`, `i3`; and a stranger. */
export const aWorld = async (store: Store, change: Partial<Deps> = {}): Promise<World> => {
  const deps = testDeps(store, change)
  for (const id of ['owner', 'ann', 'ben', 'stranger']) await addUser(store, id, id.toUpperCase())
  const app = await addApp(store, 'owner', 'demo', { reviewers: ['ben'] })
  for (const id of ['ann', 'ben']) await addCollaborator(store, app, id, labeling)
  for (const [place, id] of ['i1', 'i2', 'i3'].entries()) await addInput(store, app, id, place)
  const client = (id: string) => new Client(deps, id)
  return { app, deps, owner: client('owner'), ann: client('ann'), ben: client('ben'), stranger: client('stranger') }
}

export const boxInfo = (topRow: number, leftCol: number, bottomRow: number, rightCol: number) => ({
  boundingBox: { topRow, leftCol, bottomRow, rightCol },
})

/** An annotation with one box and its concepts, each present. */
export const aBox = (inputId: string, id = '', concepts: string[] = ['car'], box = boxInfo(0, 0, 0.5, 0.5)) => ({
  inputId,
  id,
  data: { regions: [{ regionInfo: box, data: { concepts: concepts.map((concept) => ({ id: concept, value: 1 })) } }] },
})

export const aTag = (inputId: string, ...concepts: string[]) => ({
  inputId,
  data: { concepts: concepts.map((id) => ({ id, value: 1 })) },
})

/** Codes and details of the items of an answer. */
export const items = (response: MultiAnnotationResponse) =>
  response.annotations.map(({ status }) => ({ code: status?.code, details: status?.details }))

/** A task of this id that says nothing else: whoever labels in it needs no work in it. */
export const addTask = async ({ deps, app }: World, id: string, deletedAt: number | null = null): Promise<void> => {
  const at = { rev: 1, created_at: 1, modified_at: 1, deleted_at: deletedAt, deleted_by: null }
  const source = { source_type: 0, source_id: '', label_order_id: null, hides: 0 }
  const row = { app, id, status_code: StatusCode.TASK_IN_PROGRESS, ...source, ...at }
  const message = toBinary(TaskSchema, create(TaskSchema, { id }))
  await deps.store.write
    .insertInto('task')
    .values({ ...row, message })
    .execute()
}
