import { Outlet, useRouteContext, useRouter, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react'
import { AppContext, type AppContextValue } from '#app/appContext.tsx'
import { usePictureGate } from '#app/pictureGate.ts'
import { useConnection } from '#app/providers.tsx'

const CommandHost = lazy(async () => ({ default: (await import('#app/palette/CommandHost.tsx')).CommandHost }))

const SignInDialog = lazy(async () => ({ default: (await import('./SignInDialog.tsx')).SignInDialog }))

/** The part of the app behind the sign-in. */
export function SignedIn() {
  const app = useRouteContext({ from: '/signed-in', select: (context) => context.app })
  useWarningOnLeaving(app)
  useRefusals(app)
  const hasPicture = useRouterState({
    select: ({ matches }) => matches.some(({ routeId }) => routeId.endsWith('/$input')),
  })
  const begun = usePictureGate(!hasPicture)
  const { keeper } = useConnection()
  const expired = useSyncExternalStore(keeper.subscribe, () => keeper.expired)
  return (
    <AppContext value={app}>
      <Outlet />
      {begun && (
        <Suspense>
          <CommandHost />
        </Suspense>
      )}
      {expired && (
        <Suspense>
          <SignInDialog />
        </Suspense>
      )}
    </AppContext>
  )
}

/** Whoever submits the last image is on another page when the server says no. */
function useRefusals(app: AppContextValue): void {
  const { sync } = app
  const router = useRouter()
  useEffect(
    () =>
      sync.onCommandEnded((command) => {
        if (!command.refused) return
        void import('#app/work/refusalToast.ts').then(({ refusalToast }) => refusalToast(command, router, app))
      }),
    [app, sync, router],
  )
}

/** Only where the device could not keep what is not sent yet: everywhere else one may leave at any time. */
function useWarningOnLeaving({ sync }: AppContextValue): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (sync.volatile) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [sync])
}
