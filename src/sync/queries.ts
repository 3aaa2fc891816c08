import { Code, ConnectError } from '@connectrpc/connect'
import type {
  GetSessionResponse,
  InputOutlines,
  ListInputSummariesRequest_Labelled,
  ListInputSummariesResponse,
} from '#gen/marquee/v1/marquee_pb.ts'
import type { LookAtInvitationResponse } from '#gen/marquee/v1/office_pb.ts'
import type { App, Collaborator, Concept, Input, Key } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Clients } from './client.ts'
import { ok } from './errors.ts'
import { type InputQuery, queryOnWire } from './inputQuery.ts'
import type { Instead } from './keptAnswers.ts'
import { queryKeys } from './queryKeys.ts'
import { type AppScope, type InputScope, userAppId } from './scope.ts'

/** What TanStack hands to a query function; only the signal is used here. */
interface Context {
  readonly signal: AbortSignal
}

const PER_PAGE = 1000

/** Every page of a list, one after the other: `page` is 1-based and a short page is the last. */
async function allPages<T>(page: (page: number, perPage: number) => Promise<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = []
  for (let n = 1; ; n++) {
    const items = await page(n, PER_PAGE)
    all.push(...items)
    if (items.length < PER_PAGE) return all
  }
}

/** Who is signed in (`person` absent: nobody), and which server this is. */
export const sessionQuery = (clients: Clients) => ({
  queryKey: queryKeys.session,
  queryFn: ({ signal }: Context): Promise<GetSessionResponse> => clients.account.getSession({}, { signal }),
})

/** The apps a person owns, then those shared with them; `app.userId` is the owner. */
export const appsQuery = (clients: Clients, userId: string) => ({
  queryKey: queryKeys.apps(userId),
  queryFn: async ({ signal }: Context): Promise<readonly App[]> => {
    const [own, shared] = await Promise.all([ownApps(clients, userId, signal), sharedApps(clients, userId, signal)])
    const known = new Set(own.map((app) => `${app.userId}/${app.id}`))
    return [...own, ...shared.filter((app) => !known.has(`${app.userId}/${app.id}`))]
  },
})

const ownApps = (clients: Clients, userId: string, signal: AbortSignal): Promise<readonly App[]> =>
  allPages(async (page, perPage) => {
    const answer = ok(await clients.api.listApps({ userAppId: { userId }, page, perPage }, { signal }))
    return answer.apps
  })

/** Empty on a server that does not implement collaborations. */
const sharedApps = (clients: Clients, userId: string, signal: AbortSignal): Promise<readonly App[]> =>
  allPages(async (page, perPage) => {
    const answer = ok(await clients.api.listCollaborations({ userAppId: { userId }, page, perPage }, { signal }))
    return answer.collaborations.flatMap(({ app }) => (app ? [app] : []))
  }).catch((error: unknown) => {
    if (error instanceof ConnectError && error.code === Code.Unimplemented) return []
    throw error
  })

export const appQuery = (clients: Clients, scope: AppScope) => ({
  queryKey: queryKeys.app(scope),
  queryFn: async ({ signal }: Context): Promise<App> => {
    const answer = ok(await clients.api.getApp({ userAppId: userAppId(scope) }, { signal }))
    return answer.app!
  },
})

export const conceptsQuery = (clients: Clients, scope: AppScope) => ({
  queryKey: queryKeys.concepts(scope),
  queryFn: ({ signal }: Context): Promise<readonly Concept[]> =>
    allPages(async (page, perPage) => {
      const answer = ok(await clients.api.listConcepts({ userAppId: userAppId(scope), page, perPage }, { signal }))
      return answer.concepts
    }),
})

/** What an invitation link says of itself. */
export const invitationQuery = (clients: Clients, token: string) => ({
  queryKey: ['invitation', token] as const,
  queryFn: async ({ signal }: Context): Promise<LookAtInvitationResponse> =>
    (await clients.office()).lookAtInvitation({ token }, { signal }),
  retry: false,
  refetchOnWindowFocus: false,
})

export const collaboratorsQuery = (clients: Clients, scope: AppScope) => ({
  queryKey: queryKeys.collaborators(scope),
  queryFn: ({ signal }: Context): Promise<readonly Collaborator[]> =>
    allPages(async (page, perPage) => {
      const answer = ok(await clients.api.listCollaborators({ userAppId: userAppId(scope), page, perPage }, { signal }))
      return answer.collaborators
    }),
})

/** Personal access tokens; the secret is in the answer to making one only. */
export const keysQuery = (clients: Clients, userId: string) => ({
  queryKey: queryKeys.keys(userId),
  queryFn: ({ signal }: Context): Promise<readonly Key[]> =>
    allPages(async (page, perPage) => {
      const answer = ok(await clients.api.listKeys({ userAppId: { userId }, page, perPage }, { signal }))
      return answer.keys
    }),
})

export interface SummaryFilter {
  /** 1-based */
  readonly page?: number
  /** 1–1000; the server's default is 100 */
  readonly perPage?: number
  /** case-insensitive part of the filename or id */
  readonly text?: string
  readonly labelled?: ListInputSummariesRequest_Labelled
  /** an input id: the answer is the page that holds it, whatever `page` says */
  readonly around?: string
  /** Not where the server forwards to another. */
  readonly query?: InputQuery
}

/** One page of the grid or filmstrip. */
export const inputSummariesQuery = (clients: Clients, scope: AppScope, filter: SummaryFilter = {}) => ({
  queryKey: [...queryKeys.summaries(scope), filter] as const,
  ...(filter.around !== undefined && { meta: { instead: pageWith(scope, filter.around) } }),
  queryFn: ({ signal }: Context): Promise<ListInputSummariesResponse> =>
    clients.studio.listInputSummaries(
      {
        userId: scope.owner,
        appId: scope.app,
        page: filter.page ?? 1,
        perPage: filter.perPage ?? 100,
        text: filter.text ?? '',
        labelled: filter.labelled ?? 0,
        aroundInputId: filter.around ?? '',
        ...(filter.query && { query: queryOnWire(filter.query) }),
      },
      { signal },
    ),
})

/** Without the server, any page that holds the input answers where it is. */
const pageWith = (scope: AppScope, input: string): Instead => ({
  of: queryKeys.summaries(scope),
  holds: (data) =>
    (data as Partial<ListInputSummariesResponse>).inputs?.some(({ inputId }) => inputId === input) ?? false,
})

/** What is drawn over the thumbnails of these inputs (at most 128), by input id. Goes stale with their summaries. */
export const outlinesQuery = (clients: Clients, scope: AppScope, inputIds: readonly string[]) => ({
  queryKey: [...queryKeys.summaries(scope), 'outlines', inputIds] as const,
  queryFn: async ({ signal }: Context): Promise<ReadonlyMap<string, InputOutlines>> => {
    const request = { userId: scope.owner, appId: scope.app, inputIds: [...inputIds] }
    const { inputs } = await clients.studio.listOutlines(request, { signal })
    return new Map(inputs.map((input) => [input.inputId, input]))
  },
})

export const inputQuery = (clients: Clients, scope: InputScope) => ({
  queryKey: queryKeys.input(scope),
  queryFn: async ({ signal }: Context): Promise<Input> => {
    const answer = ok(await clients.api.getInput({ userAppId: userAppId(scope), inputId: scope.input }, { signal }))
    return answer.input!
  },
})
