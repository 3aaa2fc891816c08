import type { JsonObject } from '@bufbuild/protobuf'
import { type Certificate, ownCertificate } from '#e2e/certificate.ts'
import { TestServer, type Who } from '#e2e/server.ts'
import {
  type Answer,
  type ApiClient,
  type CallOptions,
  connectBinary,
  connectJson,
  grpcOfficial,
  grpcWeb,
  grpcWebText,
  rest,
} from './clients.ts'

/** What one can speak to the server, all of it in every suite. */
export const PROTOCOLS = ['gRPC', 'gRPC-web', 'gRPC-web text', 'Connect', 'Connect, JSON', 'REST'] as const
export type Protocol = (typeof PROTOCOLS)[number]

/** A running server and its people; everything the suite knows of it is its address and their tokens. */
export interface Target {
  readonly url: string
  readonly port: number
  /** Of who vouches for it, over TLS. */
  readonly certificate: Certificate | undefined
  /** Of the process that is spoken to. */
  readonly server: TestServer
  /** What stands behind a proxy. */
  readonly behind: TestServer | undefined
  key(who: Who): string
  /** One client a protocol, closed with the target. */
  client(protocol: Protocol): ApiClient
  stop(): Promise<void>
}
/** Starts a server for a suite; `env` are settings besides those that make it what it is. */
export type StartTarget = (env?: Record<string, string>) => Promise<Target>

interface Running {
  /** The one that is spoken to, then whatever stands behind it: the last one has the people. */
  readonly servers: readonly [TestServer, ...TestServer[]]
  readonly certificate?: Certificate
}

const targetOf = ({ servers, certificate }: Running): Target => {
  const [server] = servers
  const { url, port } = server
  const connect: Record<Protocol, () => ApiClient> = {
    gRPC: () => grpcOfficial(port, certificate?.cert),
    'gRPC-web': () => grpcWeb(url),
    'gRPC-web text': () => grpcWebText(url),
    Connect: () => connectBinary(url),
    'Connect, JSON': () => connectJson(url),
    REST: () => rest(url),
  }
  const made = new Map<Protocol, ApiClient>()
  return {
    url,
    port,
    certificate,
    server,
    behind: servers[1],
    key: (who) => (servers.at(-1) ?? server).credentials(who).pat,
    client(protocol) {
      const client = made.get(protocol) ?? connect[protocol]()
      made.set(protocol, client)
      return client
    },
    async stop() {
      for (const client of made.values()) client.close()
      for (const one of servers) await one.remove()
    },
  }
}

export const startEmbedded: StartTarget = async (env = {}) => targetOf({ servers: [await TestServer.start(env)] })

/** The port speaks TLS. */
export const startOverTls: StartTarget = async (env = {}) => {
  const certificate = ownCertificate()
  const server = await TestServer.start({ ...env, TLS_CERT: certificate.certFile, TLS_KEY: certificate.keyFile })
  return targetOf({ servers: [server], certificate })
}

/** A server of ours in front of another one, over HTTP/2 in the clear. */
export const startForwarded: StartTarget = async (env = {}) => {
  const behind = await TestServer.start(env)
  return targetOf({ servers: [await TestServer.start({ ...env, UPSTREAM: behind.url, RATE_LIMIT: '0' }), behind] })
}

/** The same with TLS on both ways. */
export const startForwardedOverTls: StartTarget = async (env = {}) => {
  const certificate = ownCertificate()
  const own = { TLS_CERT: certificate.certFile, TLS_KEY: certificate.keyFile }
  const behind = await TestServer.start({ ...env, ...own })
  const trust = { NODE_EXTRA_CA_CERTS: certificate.certFile }
  const front = await TestServer.start({ ...own, ...trust, UPSTREAM: behind.url, RATE_LIMIT: '0' })
  return targetOf({ servers: [front, behind], certificate })
}

/** An app of `owner`'s own, spoken to over one protocol, with short ways to make what a test needs. */
export class Bench {
  readonly client: ApiClient
  readonly target: Target
  readonly app: string

  private constructor(target: Target, client: ApiClient, app: string) {
    this.target = target
    this.client = client
    this.app = app
  }

  /** A new app of `owner` in which `annotator`, `annotator-2` and `reviewer` may label. */
  static async make(target: Target, client: ApiClient): Promise<Bench> {
    const app = `app-${crypto.randomUUID().slice(0, 8)}`
    const bench = new Bench(target, client, app)
    await bench.ok('PostApps', { user_app_id: { user_id: 'owner' }, apps: [{ id: app }] })
    const scopes = ['Annotations', 'Inputs', 'Concepts'].flatMap((what) => [`${what}_Get`, `${what}_Add`])
    const collaborators = (['annotator', 'annotator-2', 'reviewer'] as const).map((id) => ({
      user: { id },
      scopes: [
        'Apps_Get',
        'Models_Get',
        'Workflows_Get',
        'Collaborators_Get',
        'Search',
        'Annotations_Delete',
        ...scopes,
      ],
    }))
    await bench.ok('PostCollaborators', { collaborators })
    return bench
  }

  /** One call in this app as `who`; `user_app_id` is filled in unless the request has its own. */
  call(method: string, request: JsonObject, who: Who = 'owner', options: CallOptions = {}): Promise<Answer> {
    const full = { user_app_id: { user_id: 'owner', app_id: this.app }, ...request }
    return this.client.call(method, full, { key: this.target.key(who), ...options })
  }

  /** The same; throws unless the answer says SUCCESS. */
  async ok(method: string, request: JsonObject, who: Who = 'owner'): Promise<Answer> {
    const answer = await this.call(method, request, who)
    if (answer.status.code !== 10000) throw new Error(`${method}: ${JSON.stringify(answer.status)}`)
    return answer
  }

  /** Adds n tiny images; returns their ids. */
  async inputs(n = 1): Promise<string[]> {
    const inputs = Array.from({ length: n }, () => ({
      id: crypto.randomUUID().replaceAll('-', ''),
      data: { image: { base64: tinyPng } },
    }))
    await this.ok('PostInputs', { inputs })
    return inputs.map((input) => input.id)
  }

  async post(annotations: JsonObject[], who: Who = 'owner'): Promise<Stored[]> {
    const answer = await this.ok('PostAnnotations', { annotations }, who)
    return answer.annotations as unknown as Stored[]
  }

  async get(input_id: string, annotation_id: string): Promise<Stored> {
    return (await this.ok('GetAnnotation', { input_id, annotation_id })).annotation as unknown as Stored
  }

  async list(request: JsonObject = {}, who: Who = 'owner'): Promise<Stored[]> {
    return (await this.ok('ListAnnotations', request, who)).annotations as unknown as Stored[]
  }
}

/** The parts of a stored annotation that tests look at. */
export interface Stored {
  id: string
  input_id: string
  user_id: string
  model_version_id: string
  input_level: boolean
  trusted: boolean
  created_at: string
  modified_at: string
  status: { code: number; details: string }
  worker: { user?: { id: string }; model?: { id: string; model_version?: { id: string } } }
  data: {
    concepts: { id: string; name: string; value: number }[]
    regions: {
      id: string
      region_info?: { bounding_box?: Box; polygon?: { points: PolygonPoint[] }; mask?: { image: { base64: string } } }
      data?: { concepts: { id: string; value: number }[] }
    }[]
    frames: unknown[]
  }
}
interface Box {
  top_row: number
  left_col: number
  bottom_row: number
  right_col: number
}
interface PolygonPoint {
  row: number
  col: number
  z: number
}

export const tinyPng =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

export const box = (top_row: number, left_col: number, bottom_row: number, right_col: number): JsonObject => ({
  bounding_box: { top_row, left_col, bottom_row, right_col },
})
export const concept = (id: string, value = 1): JsonObject => ({ id, value })

/** Microseconds of an RFC 3339 time, whatever its number of digits; 0 for none. */
export function micros(time: string | undefined): number {
  const fraction = /\.(\d+)Z$/.exec(time ?? '')?.[1] ?? ''
  return time ? Math.floor(Date.parse(time) / 1000) * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6)) : 0
}
