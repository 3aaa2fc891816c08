import type { GetAgreementResponse, KnownAnswer, ListAgreementResponse } from '#gen/marquee/v1/team_pb.ts'
import type { Clients } from './client.ts'
import { queryKeys } from './queryKeys.ts'
import type { AppScope, InputScope } from './scope.ts'

interface Context {
  readonly signal: AbortSignal
}

const PER_PAGE = 60

/** How far people agree on the inputs of a task (empty: of orders), lowest first: pages for useInfiniteQuery. */
export const agreementPagesQuery = (clients: Clients, scope: AppScope, taskId: string) => ({
  queryKey: [...queryKeys.work(scope), 'agreementPages', taskId] as const,
  queryFn: async ({ signal, pageParam }: Context & { pageParam: string }): Promise<ListAgreementResponse> =>
    (await clients.team()).listAgreement(
      { userId: scope.owner, appId: scope.app, taskId, after: pageParam, perPage: PER_PAGE },
      { signal },
    ),
  initialPageParam: '',
  getNextPageParam: ({ nextPage }: ListAgreementResponse): string | undefined => nextPage || undefined,
})

/** The same of one input, pair by pair and region by region. */
export const agreementOnQuery = (clients: Clients, scope: InputScope, taskId: string) => ({
  queryKey: [...queryKeys.work(scope), 'agreementOn', taskId, scope.input] as const,
  queryFn: async ({ signal }: Context): Promise<GetAgreementResponse> =>
    (await clients.team()).getAgreement(
      { userId: scope.owner, appId: scope.app, taskId, inputId: scope.input },
      { signal },
    ),
})

/** Inputs of a task whose answer is known; for the owner. */
export const knownAnswersQuery = (clients: Clients, scope: AppScope, taskId: string) => ({
  queryKey: [...queryKeys.work(scope), 'known', taskId] as const,
  queryFn: async ({ signal }: Context): Promise<readonly KnownAnswer[]> =>
    (await (await clients.team()).listKnownAnswers({ userId: scope.owner, appId: scope.app, taskId }, { signal }))
      .answers,
})

/** Keeps what the caller has labelled on these as known answers, or forgets them. @throws ConnectError naming the input */
export const putKnownAnswers = async (
  clients: Clients,
  scope: AppScope,
  taskId: string,
  inputIds: readonly string[],
  forget = false,
): Promise<void> => {
  await (await clients.team()).putKnownAnswers({
    userId: scope.owner,
    appId: scope.app,
    taskId,
    inputIds: [...inputIds],
    forget,
  })
}
