import { Outlet, useRouteContext } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { AppContext, type AppContextValue } from '#app/appContext.tsx'
import { SignInDialog } from './SignInDialog.tsx'

const CommandHost = lazy(async () => ({ default: (await import('#app/palette/CommandHost.tsx')).CommandHost }))

/** The part of the app behind the sign-in. */
export function SignedIn() {
  const app = useRouteContext({ from: '/signed-in', select: (context) => context.app })
  useWarningOnLeaving(app)
  return (
    <AppContext value={app}>
      <Outlet />
      <Suspense>
        <CommandHost />
      </Suspense>
      <SignInDialog />
    </AppContext>
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
