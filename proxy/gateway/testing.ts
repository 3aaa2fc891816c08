import net from 'node:net'
import { create } from '@bufbuild/protobuf'
import pino from 'pino'
import { Account, GetSessionResponseSchema, SignInResponseSchema } from '#gen/marquee/v1/marquee_pb.ts'
import { AnnotationSchema, UserSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  MultiAnnotationResponseSchema,
  MultiKeyResponseSchema,
  MultiStatusCodeResponseSchema,
  SingleUserResponseSchema,
  V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Caller } from '#proxy/service/call.ts'
import { type Deps, defaultLimits, type Limits } from '#proxy/service/deps.ts'
import type { V2Methods } from '#proxy/service/method.ts'
import type { Credential } from '#proxy/service/people/authenticate.ts'
import { itemStatus, ok } from '#proxy/service/status.ts'
import type { AnyMethod } from './dispatch.ts'
import type { Forward } from './edgeCall.ts'
import { createGateway, type Gateway, type GatewayOptions } from './gateway.ts'

// The edge on a real port with a service of a few lines behind it: what is tested here is the edge.

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Keys by secret. The session cookie's token is `good-session`. */
const callers: Readonly<Record<string, Caller>> = {
  'ana-key': { userId: 'ana', via: 'personal_access_token', scopes: ['All'], credentialId: 'key-ana' },
  'get-key': { userId: 'ana', via: 'personal_access_token', scopes: ['Annotations_Get'], credentialId: 'key-get' },
  'app-key': {
    userId: 'ana',
    via: 'app_specific_key',
    scopes: ['All'],
    app: { userId: 'ana', appId: 'demo' },
    credentialId: 'key-app',
  },
}

const authenticate = async (credential: Credential): Promise<Caller> => {
  if (credential.kind === 'session') {
    if (credential.token === 'good-session')
      return { userId: 'ana', via: 'session', scopes: 'all', credentialId: 'session-ana' }
    throw new ApiError(StatusCode.CONN_CREDENTIALS_INVALID, 'the session has ended')
  }
  const caller = callers[credential.secret]
  if (caller === undefined) throw new ApiError(StatusCode.CONN_KEY_INVALID)
  return caller
}

/** Answers with what it was asked, so that tests see what arrived. */
const methods = {
  getUser: async (request, call) =>
    create(SingleUserResponseSchema, {
      status: ok(call),
      user: create(UserSchema, { id: request.userAppId?.userId ?? '', firstName: call.caller?.userId ?? '' }),
    }),
  listKeys: async (_request, call) => create(MultiKeyResponseSchema, { status: ok(call) }),
  listStatusCodes: async (_request, call) => create(MultiStatusCodeResponseSchema, { status: ok(call) }),
  postAnnotations: async (request, call) =>
    create(MultiAnnotationResponseSchema, { status: ok(call), annotations: request.annotations }),
  listAnnotations: async (request, call) => {
    if (request.page === 13) throw new TypeError('secret of the machine')
    if (request.page === 14) throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, 'page: 14')
    return create(MultiAnnotationResponseSchema, {
      status: ok(call),
      annotations: [
        create(AnnotationSchema, {
          id: request.ids.join(),
          inputId: request.inputIds.join(),
          userId: String(request.listAllAnnotations),
          status: itemStatus(StatusCode.ANNOTATION_SUCCESS),
        }),
      ],
    })
  },
} satisfies V2Methods

const accountMethods = {
  getSession: async (_request: unknown, call: { caller: Caller | undefined }) =>
    create(GetSessionResponseSchema, {
      serverId: 'test',
      ...(call.caller ? { person: { id: call.caller.userId } } : {}),
    }),
  signIn: async (_request: unknown, call: { setHeader(name: string, value: string): void }) => {
    call.setHeader('set-cookie', 'marquee_session_test=good-session; HttpOnly')
    call.setHeader('set-cookie', 'second=2')
    return create(SignInResponseSchema, { person: { id: 'ana' } })
  },
  changePassword: async () => {
    throw new ApiError(StatusCode.CONN_CREDENTIALS_INVALID, 'the password is another')
  },
}

export interface TestGateway extends Gateway {
  readonly url: string
  /** `host:port`. */
  readonly address: string
}

export interface TestOptions extends Partial<Omit<GatewayOptions, 'services'>> {
  readonly methods?: Readonly<Record<string, unknown>>
  readonly limits?: Partial<Limits>
  /** Where the API goes, in place of the few methods here. */
  readonly forward?: Forward
}

/** Listens on a free port of 127.0.0.1; close it with `close(0)`. */
export const startTestGateway = async (options: TestOptions = {}): Promise<TestGateway> => {
  const { methods: more, limits, forward, ...rest } = options
  const own = forward === undefined ? { ...methods, ...more } : {}
  const gateway = await createGateway({
    services: [
      { service: V2, methods: own as unknown as Record<string, AnyMethod>, failures: 'body', forward },
      {
        service: Account,
        methods: accountMethods as unknown as Record<string, AnyMethod>,
        failures: 'connect',
        open: ['signIn', 'signOut', 'getSession'],
      },
    ],
    deps: { limits: { ...defaultLimits, ...limits }, log: silent } as unknown as Deps,
    authenticate,
    openMedia: async (path, query, caller) => {
      if (caller === undefined && query.get('signature') !== 'good')
        throw new ApiError(StatusCode.CONN_INVALID_REQUEST, 'neither signed nor signed in')
      return {
        body: new TextEncoder().encode(path),
        type: 'image/png',
        size: path.length,
        etag: '"tag"',
        cacheControl: 'private',
      }
    },
    healthy: async () => undefined,
    log: pino({ level: 'silent' }),
    cookieName: () => 'marquee_session_test',
    appFolder: '/nowhere',
    ...rest,
  })
  const url = await gateway.listen('127.0.0.1', 0)
  return { ...gateway, url, address: url.replace(/^https?:\/\//, '') }
}

/** What a raw connection answers to some text, until it is closed. */
export const talk = (gateway: TestGateway, text: string, onData?: (socket: net.Socket, all: string) => void) =>
  new Promise<string>((resolve, reject) => {
    let all = ''
    const socket = net.connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk) => {
      all += chunk.toString('latin1')
      onData?.(socket, all)
    })
    socket.on('close', () => resolve(all))
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve(all) : reject(error)))
  })
