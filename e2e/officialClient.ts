import { createRequire } from 'node:module'
import type * as Grpc from '@grpc/grpc-js'

const require = createRequire(import.meta.url)
const { ClarifaiStub, grpc } = require('clarifai-nodejs-grpc') as {
  ClarifaiStub: { insecureGrpc(): { constructor: unknown } }
  grpc: typeof Grpc
}
type Call = (request: unknown, metadata: Grpc.Metadata, done: (error: Error | null, answer: never) => void) => void
type Stub = Record<string, Call> & { close(): void }
interface StubClass {
  new (address: string, credentials: unknown): Stub
  readonly service: Readonly<Record<string, Grpc.MethodDefinition<object, object>>>
}
/** `insecureGrpc()` always dials Clarifai's own host, so we take the class of its stub and name ours. */
const V2Stub = ClarifaiStub.insecureGrpc().constructor as unknown as StubClass

/** The official client's channel and codec, for bytes of a request and an answer. */
export interface Channel {
  bytes(method: string, request: Uint8Array, headers: Readonly<Record<string, string>>): Promise<Uint8Array>
  close(): void
}

export interface PlainBox {
  readonly top_row: number
  readonly left_col: number
  readonly bottom_row: number
  readonly right_col: number
}
export interface PlainAnnotation {
  readonly id: string
  readonly input_id: string
  readonly user_id: string
  readonly input_level: boolean
  readonly status: { readonly code: number | string }
  readonly annotation_info: { readonly fields?: Record<string, unknown> } | null
  readonly data: {
    readonly concepts: readonly { readonly id: string; readonly value: number }[]
    readonly regions: readonly {
      readonly id: string
      readonly region_info: {
        readonly bounding_box: PlainBox | null
        readonly polygon: { readonly points: readonly { readonly row: number; readonly col: number }[] } | null
        readonly mask: { readonly image: { readonly base64: Uint8Array } } | null
      }
      readonly data: { readonly concepts: readonly { readonly id: string; readonly value: number }[] } | null
    }[]
  } | null
}

/** The official Clarifai Node client, unchanged, pointed at a server of ours over gRPC. */
export class OfficialClient {
  readonly #stub: Stub
  readonly #metadata: Grpc.Metadata
  readonly #userAppId: { user_id: string; app_id: string }

  constructor(port: number, pat: string, app: { owner: string; app: string } = { owner: 'owner', app: 'demo' }) {
    this.#stub = new V2Stub(`127.0.0.1:${port}`, grpc.credentials.createInsecure())
    this.#metadata = new grpc.Metadata()
    this.#metadata.set('authorization', `Key ${pat}`)
    this.#userAppId = { user_id: app.owner, app_id: app.app }
  }

  /** @param ca PEM of who vouches for the server; in the clear without it */
  static channel(port: number, ca?: string): Channel {
    const credentials = ca ? grpc.credentials.createSsl(Buffer.from(ca)) : grpc.credentials.createInsecure()
    const stub = new V2Stub(`127.0.0.1:${port}`, credentials)
    return {
      close: () => stub.close(),
      bytes: (method, request, headers) =>
        new Promise((resolve, reject) => {
          const definition = V2Stub.service[method]
          if (!definition) throw new Error(`the official client has no ${method}`)
          const metadata = new grpc.Metadata()
          for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
          stub[method]?.(definition.requestDeserialize(Buffer.from(request)), metadata, (error, answer) => {
            if (error) reject(error)
            else resolve(definition.responseSerialize(answer))
          })
        }),
    }
  }

  /** One call; throws unless the answer's status is SUCCESS. */
  call<Answer>(method: string, request: Record<string, unknown>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, answer: { status: { code: number | string; details: string } } & Answer) => {
        if (error) reject(error)
        else if (answer.status.code !== 10000 && answer.status.code !== 'SUCCESS')
          reject(new Error(`${method}: ${answer.status.code} ${answer.status.details}`))
        else resolve(answer)
      }
      if (!this.#stub[method]) return reject(new Error(`the official client has no ${method}`))
      this.#stub[method]({ user_app_id: this.#userAppId, ...request }, this.#metadata, done)
    })
  }

  /** Ids of the app's inputs, oldest first. */
  async inputs(): Promise<string[]> {
    const request = { page: 1, per_page: 1000 }
    return (await this.call<{ inputs: { id: string }[] }>('ListInputs', request)).inputs.map(({ id }) => id)
  }

  /** Regions people made, oldest first; input-level annotations and such without regions are left out. */
  async regions(inputId: string): Promise<PlainAnnotation[]> {
    const all: PlainAnnotation[] = []
    for (let page = 1; ; page++) {
      const request = { input_ids: [inputId], page, per_page: 500 }
      const { annotations } = await this.call<{ annotations: PlainAnnotation[] }>('ListAnnotations', request)
      all.push(...annotations)
      if (annotations.length < 500) break
    }
    return all.filter((annotation) => (annotation.data?.regions.length ?? 0) > 0)
  }
}
