import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
// biome-ignore lint/style/noRestrictedImports: used by tests only, which is where vitest is at home
import { beforeEach } from 'vitest'
import { AnnotationSchema, type BulkOperationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  CancelBulkOperationRequestSchema,
  DeleteBulkOperationRequestSchema,
  GetBulkOperationRequestSchema,
  PostBulkOperationsRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { Client } from '#proxy/service/annotations/annotationTesting.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { addApp, addCollaborator, addInput, addUser, callBy, testDeps } from '#proxy/service/testing.ts'
import { insertDatasets } from '#proxy/store/datasets.ts'
import type { Store } from '#proxy/store/open.ts'
import { bulkOperationMethods } from './bulkOperations.ts'
import { doAllWork } from './bulkWorker.ts'

export type Sent = Omit<MessageInitShape<typeof BulkOperationSchema>, '$typeName'>

export const userAppId = { userId: 'owner', appId: 'demo' }
export const owner = callBy('owner')
export const scopes = ['Apps', 'Inputs', 'Annotations', 'Concepts', 'Datasets', 'BulkOperation'].map(
  (name) => `${name}_Delete`,
)
export const pet = (id: string, value = 1) => ({ id, value })
export const ids = (...inputIds: string[]): Sent['inputSource'] => ({ case: 'inputIds', value: { inputIds } })
export const withConcept = (id: string, value = 1) => ({
  query: { filters: [{ annotation: { data: { concepts: [{ id, value }] } } }] },
})

/** An app with three inputs and a collaborator for each test, and what tests of bulk operations do in it. */
export const bulkIn = (store: () => Store) => {
  let deps: Deps
  let app: number
  let mine: Client
  let anns: Client
  beforeEach(async () => {
    deps = testDeps(store())
    for (const id of ['owner', 'ann', 'bob']) await addUser(store(), id)
    app = await addApp(store(), 'owner', 'demo')
    await addCollaborator(store(), app, 'ann', [...scopes, 'Search'])
    for (const [i, id] of ['a', 'b', 'c'].entries()) await addInput(store(), app, id, i)
    mine = new Client(deps, 'owner')
    anns = new Client(deps, 'ann', { scopes: [...scopes, 'Search'] })
  })

  const post = (sent: Sent[], call = owner) =>
    bulkOperationMethods.postBulkOperations(
      create(PostBulkOperationsRequestSchema, { userAppId, bulkOperations: sent }),
      call,
      deps,
    )
  const get = async (id: string) => {
    const request = create(GetBulkOperationRequestSchema, { userAppId, id })
    return (await bulkOperationMethods.getBulkOperation(request, owner, deps)).bulkOperation!
  }
  const cancel = (...which: string[]) =>
    bulkOperationMethods.cancelBulkOperations(
      create(CancelBulkOperationRequestSchema, { userAppId, ids: which }),
      owner,
      deps,
    )
  const remove = (...which: string[]) =>
    bulkOperationMethods.deleteBulkOperations(
      create(DeleteBulkOperationRequestSchema, { userAppId, ids: which }),
      owner,
      deps,
    )
  /** Asks for one and waits for its end. */
  const done = async (sent: Sent, call = owner) => {
    const { id } = (await post([sent], call)).bulkOperation[0]!
    await doAllWork(deps)
    return get(id)
  }
  /** The living concepts of the whole of an input by a person. */
  const tags = async (inputId: string, userId = 'owner') =>
    (await mine.list({ inputIds: [inputId], userIds: [userId] })).flatMap(({ data }) =>
      (data?.concepts ?? []).map(({ id, value }) => [id, value]),
    )
  const level = async (inputId: string) => {
    const rows = await store()
      .read.selectFrom('annotation')
      .select('message')
      .where('input_id', '=', inputId)
      .where('input_level', '=', 1)
      .execute()
    return fromBinary(AnnotationSchema, rows[0]!.message).data
  }
  /** Gives an input the annotation of its own that PostInputs makes. */
  const ownAnnotation = async (inputId: string, metadata = {}) => {
    const annotation = await mine.posted({
      id: `own-${inputId}`,
      inputId,
      data: { metadata: { here: 1, ...metadata } },
    })
    await store().write.updateTable('annotation').set({ input_level: 1 }).where('id', '=', annotation.id).execute()
    const message = create(AnnotationSchema, { ...annotation, inputLevel: true })
    await store()
      .write.updateTable('annotation')
      .set({ message: toBinary(AnnotationSchema, message) })
      .where('id', '=', annotation.id)
      .execute()
  }
  const datasets = (...names: string[]) =>
    insertDatasets(
      store().write,
      names.map((id) => ({
        app,
        id,
        message: new Uint8Array(),
        rev: 0,
        created_at: 0,
        modified_at: 0,
        deleted_at: null,
        deleted_by: null,
      })),
    )
  const members = async (dataset: string) => {
    const rows = await store()
      .read.selectFrom('dataset_input')
      .innerJoin('dataset', 'dataset.no', 'dataset_input.dataset')
      .select('input_id')
      .where('dataset.id', '=', dataset)
      .orderBy('added_at')
      .execute()
    return rows.map((row) => row.input_id)
  }
  return {
    get deps() {
      return deps
    },
    get app() {
      return app
    },
    get mine() {
      return mine
    },
    get anns() {
      return anns
    },
    post,
    get,
    cancel,
    remove,
    done,
    tags,
    level,
    ownAnnotation,
    datasets,
    members,
  }
}
