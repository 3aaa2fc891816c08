import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { DeviceAnswers } from '#sync/answerStore.ts'
import { type Clients, createClients } from '#sync/client.ts'
import { classify } from '#sync/errors.ts'
import { KeptAnswers } from '#sync/keptAnswers.ts'
import { SessionKeeper } from './session/sessionKeeper.ts'

/** The things of this page that outlive every screen and every sign-in. */
export interface Connection {
  readonly clients: Clients
  readonly queryClient: QueryClient
  readonly keeper: SessionKeeper
  /** What the server said last, for when it cannot be reached. */
  readonly answers: KeptAnswers
}

/** @param baseUrl the server's origin, e.g. `http://127.0.0.1:8080` */
export function connect(baseUrl: string): Connection {
  const clients = createClients({ baseUrl })
  const onError = (error: unknown) => {
    if (classify(error) === 'signed-out') void keeper.suspect()
  }
  // the address of this very script: it carries the hash of the build
  const answers = new KeptAnswers({
    store: new DeviceAnswers(),
    build: import.meta.url,
    ask: () => clients.account.getSession({}),
  })
  const queryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // 'always': the server may well be this machine, reachable without any network
      queries: { retry: shouldRetry, staleTime: 15_000, networkMode: 'always', persister: answers.persister },
      mutations: { networkMode: 'always' },
    },
  })
  answers.attach(queryClient)
  const keeper = new SessionKeeper(clients, queryClient, answers)
  return { clients, queryClient, keeper, answers }
}

const shouldRetry = (failures: number, error: unknown): boolean => failures < 3 && classify(error) === 'retry'
