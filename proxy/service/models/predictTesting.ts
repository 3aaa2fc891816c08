import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { create, type JsonObject, type MessageInitShape } from '@bufbuild/protobuf'
// biome-ignore lint/style/noRestrictedImports: makes pictures for tests
import sharp from 'sharp'
import { UserAppIDSetSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import * as api from '#gen/proto/clarifai/api/service_pb.ts'
import { annotationMethods } from '#proxy/service/annotations/annotations.ts'
import { appMethods } from '#proxy/service/apps.ts'
import type { Caller } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { inputMethods } from '#proxy/service/inputs/inputs.ts'
import { defaultSettings } from '#proxy/service/settings.ts'
import { addApp, addCollaborator, addUser, callBy, testDeps } from '#proxy/service/testing.ts'
import { workflowMethods } from '#proxy/service/workflows/workflows.ts'
import type { Store } from '#proxy/store/open.ts'
import { modelMethods } from './models.ts'
import { modelVersionMethods } from './modelVersions.ts'
import { predictMethods } from './predict.ts'

// What tests of models, workflows and jobs stand on: a runner over HTTP on loopback, and the RPCs as people call them.

/** What a runner was asked, parsed. */
export interface Asked {
  readonly body: {
    input: { id: string; data: { image?: JsonObject; text?: JsonObject } }
    model: JsonObject
    params: JsonObject
    node_inputs: { node_id: string; data: JsonObject }[]
  }
  readonly headers: IncomingHttpHeaders
}

/** JSON, or a status with a body, or nothing yet: the promise decides. */
type Answers = (
  asked: Asked,
  nth: number,
) => unknown | { readonly status: number; readonly body: string } | Promise<unknown>

export interface StubRunner {
  readonly url: string
  readonly asked: Asked[]
  close(): void
}

export const aStatus = (status: number, body = '') => ({ status, body, isStatus: true })

/** A runner that answers what `answers` says. */
export const startRunner = async (answers: Answers): Promise<StubRunner> => {
  const asked: Asked[] = []
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString()) as Asked['body']
    const one = { body, headers: request.headers }
    asked.push(one)
    const answer = (await answers(one, asked.length)) as ReturnType<typeof aStatus>
    if (answer?.isStatus) response.writeHead(answer.status).end(answer.body)
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  }
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/predict`,
    asked,
    close() {
      server.close().closeAllConnections()
    },
  }
}

/** A region as a runner answers it. */
export const aBox = (
  id: string,
  [top, left, bottom, right]: readonly number[] = [0.1, 0.2, 0.3, 0.4],
  value = 0.9,
) => ({
  region_info: { bounding_box: { top_row: top, left_col: left, bottom_row: bottom, right_col: right } },
  data: { concepts: [{ id, value }] },
})

type Methods = typeof modelMethods &
  typeof modelVersionMethods &
  typeof workflowMethods &
  typeof predictMethods &
  typeof appMethods &
  typeof inputMethods &
  typeof annotationMethods
const methods: Methods = {
  ...modelMethods,
  ...modelVersionMethods,
  ...workflowMethods,
  ...predictMethods,
  ...appMethods,
  ...inputMethods,
  ...annotationMethods,
}

type RequestOf<N extends keyof Methods> = Omit<
  MessageInitShape<(typeof api.V2.method)[N]['input']>,
  '$typeName' | '$unknown'
>

/** Calls one RPC as somebody, for the app `demo` of `owner` unless the request names another. */
export const rpc =
  (deps: Deps, userId = 'owner', caller: Partial<Caller> = {}) =>
  <N extends keyof Methods>(name: N, request: RequestOf<N>): ReturnType<Methods[N]> => {
    const userAppId = create(UserAppIDSetSchema, { userId: 'owner', appId: 'demo' })
    const message = create(api.V2.method[name].input, { userAppId, ...request } as object)
    const method = methods[name] as (request: unknown, call: unknown, deps: Deps) => ReturnType<Methods[N]>
    return method(message, callBy(userId, caller), deps)
  }

/** `owner` with the app `demo`, `ana` its labeler, `stranger`; runners on loopback may be asked. */
export const modelWorld = async (store: Store, change: Partial<Deps> = {}): Promise<Deps> => {
  for (const id of ['owner', 'ana', 'stranger']) await addUser(store, id)
  const app = await addApp(store, 'owner', 'demo')
  const scopes = ['Apps_Get', 'Inputs_Get', 'Annotations_Add', 'Concepts_Get', 'Models_Get', 'Workflows_Get', 'Predict']
  await addCollaborator(store, app, 'ana', scopes)
  return testDeps(store, { settings: { ...defaultSettings, allowPrivateInputUrls: true }, ...change })
}

/** A model version's endpoint, as metadata. */
export const at = (url: string, more: JsonObject = {}): { metadata: JsonObject } => ({
  metadata: { marquee: { endpoint: { url, ...more } } },
})

/** Registers a detector that answers at `url`, version `v-<id>`. */
export const addModel = async (deps: Deps, id: string, url: string, more: JsonObject = {}): Promise<void> => {
  const modelVersion = { id: `v-${id}`, ...at(url, more) }
  await rpc(deps)('postModels', { models: [{ id, modelTypeId: 'visual-detector', modelVersion }] })
}

/** A workflow `detect` of these models, one node each, that is the app's default. */
export const useModels = async (deps: Deps, ...ids: string[]): Promise<void> => {
  const nodes = ids.map((id) => ({ id, model: { id } }))
  await rpc(deps)('postWorkflows', { workflows: [{ id: 'detect', nodes }] })
  await rpc(deps)('patchApps', { apps: [{ id: 'demo', defaultWorkflowId: 'detect' }], action: 'overwrite' })
}

let photos = 0

/** A picture that is like no other. */
export const photo = async (width = 30, height = 20): Promise<Uint8Array> => {
  const background = `#${(++photos).toString(16).padStart(6, '0')}`
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer()
}

export const addPhotos = async (deps: Deps, ...ids: string[]): Promise<void> => {
  const inputs = await Promise.all(ids.map(async (id) => ({ id, data: { image: { base64: await photo() } } })))
  await rpc(deps)('postInputs', { inputs })
}
