import { ClarifaiStub } from 'clarifai-web-grpc'
import * as messages from 'clarifai-web-grpc/dist/esm/service'

/** What came of a call, as a page sees it: bytes as base64, or gRPC's code and message. */
export type Heard = { readonly answer: string } | { readonly code: number; readonly message: string }

type Bytes = { serializeBinary(): Uint8Array }
type Call = (
  request: Bytes,
  metadata: Record<string, string>,
  done: (error: { code: number; message: string } | null, answer: Bytes) => void,
) => void

const encoded = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))

/** One call by the official web client, in whatever page this is loaded: its stub, its messages, its channel. */
const call = (host: string, method: string, request: string, metadata: Record<string, string>): Promise<Heard> => {
  const stub = ClarifaiStub.grpc(host) as unknown as Record<string, Call>
  const kinds = messages as unknown as Record<string, { deserializeBinary(base64: string): Bytes }>
  const sent = kinds[`${method}Request`]!.deserializeBinary(request)
  return new Promise((resolve) => {
    stub[method[0]!.toLowerCase() + method.slice(1)]!(sent, metadata, (error, answer) => {
      resolve(error ? { code: error.code, message: error.message } : { answer: encoded(answer.serializeBinary()) })
    })
  })
}

export type OfficialCall = typeof call
Object.assign(window, { call })
