import type { QueryClient } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { GetSessionResponse, Person } from '#gen/marquee/v1/marquee_pb.ts'
import type { Clients } from '#sync/client.ts'
import type { Sync } from '#sync/sync.ts'
import type { Uploads } from '#sync/uploads.ts'

/** What every screen behind the sign-in may use. One per signed-in person: it ends when somebody else signs in. */
export interface AppContextValue {
  readonly clients: Clients
  readonly queryClient: QueryClient
  readonly sync: Sync
  /** Files on their way to the server. They outlive the screens, so that uploading goes on while one navigates. */
  readonly uploads: Uploads
  readonly session: GetSessionResponse
  readonly person: Person
}

export const AppContext = createContext<AppContextValue | undefined>(undefined)

/** @throws Error outside the signed-in part of the app. */
export function useApp(): AppContextValue {
  const value = useContext(AppContext)
  if (!value) throw new Error('useApp() is only for screens behind the sign-in')
  return value
}
