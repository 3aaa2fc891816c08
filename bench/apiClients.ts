import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { type Client, createClient, type Interceptor, type Transport } from '@connectrpc/connect'
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import * as grpc from '@grpc/grpc-js'
import {
  MultiAnnotationResponseSchema,
  type PostAnnotationsRequest,
  PostAnnotationsRequestSchema,
  V2,
} from '#gen/proto/clarifai/api/service_pb.ts'

export type Api = Client<typeof V2>

const PROTOCOLS = {
  gRPC: (baseUrl: string, interceptors: Interceptor[]): Transport => createGrpcTransport({ baseUrl, interceptors }),
  'gRPC-web': (baseUrl: string, interceptors: Interceptor[]): Transport =>
    createGrpcWebTransport({ baseUrl, interceptors, httpVersion: '1.1' }),
  Connect: (baseUrl: string, interceptors: Interceptor[]): Transport =>
    createConnectTransport({ baseUrl, interceptors, httpVersion: '1.1', useBinaryFormat: true }),
}
export type ProtocolName = keyof typeof PROTOCOLS
export const protocolNames = Object.keys(PROTOCOLS) as ProtocolName[]

/** A client that sends the key with every call. */
export const connectTo = (url: string, key: string, protocol: ProtocolName = 'gRPC'): Api => {
  const withKey: Interceptor = (next) => (request) => {
    request.header.set('authorization', `Key ${key}`)
    return next(request)
  }
  return createClient(V2, PROTOCOLS[protocol](url, [withKey]))
}

/** Where the echoes answer; see apiEcho.ts. */
export interface Echoes {
  readonly url: string
  readonly grpcPort: number
  close(): void
}

export const startEchoes = async (): Promise<Echoes> => {
  const child: ChildProcess = fork(fileURLToPath(new URL('apiEcho.ts', import.meta.url)), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const [line] = (await once(child.stdout!, 'data')) as [Buffer]
  return { ...(JSON.parse(line.toString()) as { url: string; grpcPort: number }), close: () => void child.kill() }
}

export interface GrpcJs {
  post(request: PostAnnotationsRequest): Promise<unknown>
  close(): void
}

/** grpc-js on both sides, with the codec everybody here uses, so that what differs is the transport. */
export const grpcJsTo = (port: number): GrpcJs => {
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure())
  return {
    post: (request) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          '/clarifai.api.V2/PostAnnotations',
          (message: PostAnnotationsRequest) => Buffer.from(toBinary(PostAnnotationsRequestSchema, message)),
          (bytes: Buffer) => fromBinary(MultiAnnotationResponseSchema, bytes),
          request,
          (error: Error | null, answer: unknown) => (error ? reject(error) : resolve(answer)),
        )
      }),
    close: () => client.close(),
  }
}
