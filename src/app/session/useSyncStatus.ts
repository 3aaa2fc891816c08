import { useCallback, useSyncExternalStore } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { AppScope, InputScope } from '#sync/scope.ts'
import { painted } from '#ui/painted.ts'

/** How many changes wait on this device for the server. */
export function useWaiting(): number {
  const { sync } = useApp()
  return useSyncExternalStore(
    (listener) => sync.subscribe(listener),
    () => sync.status().waiting,
  )
}

/** Tells of the sync once what the person did is on the screen: signs beside the picture need not come before it. */
function useAfterwards() {
  const { sync } = useApp()
  return useCallback((listener: () => void) => sync.subscribe(() => void painted().then(listener)), [sync])
}

/** Inputs of an app with edits that have not reached the server, by input id. */
export function useChangedInputs(scope: AppScope) {
  const { sync } = useApp()
  return useSyncExternalStore(useAfterwards(), () => sync.changedInputs(scope))
}

/** How the open input stands among them. */
export function useChangedInput(scope: InputScope) {
  const { sync } = useApp()
  return useSyncExternalStore(useAfterwards(), () => sync.changedInputs(scope).get(scope.input))
}
