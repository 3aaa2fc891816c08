import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { type Clients, createClients } from '#sync/client.ts'
import { classify } from '#sync/errors.ts'
import { SessionKeeper } from './session/sessionKeeper.ts'

/** The three things of this page that outlive every screen and every sign-in. */
export interface Connection {
  readonly clients: Clients
  readonly queryClient: QueryClient
  readonly keeper: SessionKeeper
}

/** @param baseUrl the server's origin, e.g. `http://127.0.0.1:8080` */
export function connect(baseUrl: string): Connection {
  const clients = createClients({ baseUrl })
  const onError = (error: unknown) => {
    if (classify(error) === 'signed-out') void keeper.suspect()
  }
  const queryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // 'always': the server may well be this machine, reachable without any network
      queries: { retry: shouldRetry, staleTime: 15_000, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  })
  const keeper = new SessionKeeper(clients, queryClient)
  return { clients, queryClient, keeper }
}

const shouldRetry = (failures: number, error: unknown): boolean => failures < 3 && classify(error) === 'retry'
