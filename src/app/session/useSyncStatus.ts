import { useSyncExternalStore } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { AppScope } from '#sync/scope.ts'

/** How many changes wait on this device for the server. */
export function useWaiting(): number {
  const { sync } = useApp()
  return useSyncExternalStore(
    (listener) => sync.subscribe(listener),
    () => sync.status().waiting,
  )
}

/** Inputs of an app with edits that have not reached the server, by input id. */
export function useChangedInputs(scope: AppScope) {
  const { sync } = useApp()
  return useSyncExternalStore(
    (listener) => sync.subscribe(listener),
    () => sync.changedInputs(scope),
  )
}
