import { type Client, createClient, type Interceptor, type Transport } from '@connectrpc/connect'
import { createGrpcWebTransport } from '@connectrpc/connect-web'
import type { V2 as Datasets } from '#gen/datasets/proto/clarifai/api/service_pb.ts'
import { Account, Studio } from '#gen/marquee/v1/marquee_pb.ts'
import type { Office } from '#gen/marquee/v1/office_pb.ts'
import type { Team } from '#gen/marquee/v1/team_pb.ts'
import { V2 } from '#gen/web/proto/clarifai/api/service_pb.ts'

/** How long a call may take before it counts as lost, in ms; sent to the server as the call's deadline. */
export const DEADLINE_MS = 20_000

export interface Clients {
  /** The Clarifai V2 API. Its failures are in `response.status`: pass every answer through `ok()`. */
  readonly api: Client<typeof V2>
  /** Signing in and one's own account. Its failures are ConnectErrors. */
  readonly account: Client<typeof Account>
  /** What the API has no place for. Its failures are ConnectErrors. */
  readonly studio: Client<typeof Studio>
  /** Who has to do what, and how far it is; loaded by the screens that ask. Its failures are ConnectErrors. */
  readonly team: () => Promise<Client<typeof Team>>
  /** Who did what when; loaded by the screens that ask. Its failures are ConnectErrors. */
  readonly office: () => Promise<Client<typeof Office>>
  /** The API's datasets and exports, loaded by the screens that ask. Its answers go through `ok()` as those of `api`. */
  readonly datasets: () => Promise<Client<typeof Datasets>>
}

export interface ClientOptions {
  /** Origin of the server, without a trailing slash. */
  readonly baseUrl: string
  readonly fetch?: typeof globalThis.fetch
  /** Outermost first. */
  readonly interceptors?: readonly Interceptor[]
  readonly deadlineMs?: number
}

/** Clients over gRPC-web in binary form. The session cookie goes along; no key is ever held in the page. */
export function createClients(options: ClientOptions): Clients {
  const send = options.fetch ?? globalThis.fetch
  return clientsOver(
    createGrpcWebTransport({
      baseUrl: options.baseUrl,
      useBinaryFormat: true,
      defaultTimeoutMs: options.deadlineMs ?? DEADLINE_MS,
      interceptors: [...(options.interceptors ?? [])],
      fetch: (input, init) => send(input, { ...init, credentials: 'include' }),
    }),
  )
}

/** The clients over any transport. */
export const clientsOver = (transport: Transport): Clients => ({
  api: createClient(V2, transport),
  account: createClient(Account, transport),
  studio: createClient(Studio, transport),
  team: async () => createClient((await import('#gen/marquee/v1/team_pb.ts')).Team, transport),
  office: async () => createClient((await import('#gen/marquee/v1/office_pb.ts')).Office, transport),
  datasets: async () => createClient((await import('#gen/datasets/proto/clarifai/api/service_pb.ts')).V2, transport),
})
