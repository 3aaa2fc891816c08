import { Outlet, useRouteContext } from '@tanstack/react-router'
import { useEffect } from 'react'
import { AppContext, type AppContextValue } from '#app/appContext.tsx'
import { CommandHost } from '#app/palette/CommandHost.tsx'
import { SignInDialog } from './SignInDialog.tsx'

/** The part of the app behind the sign-in. */
export function SignedIn() {
  const app = useRouteContext({ from: '/signed-in', select: (context) => context.app })
  useWarningOnLeaving(app)
  return (
    <AppContext value={app}>
      <Outlet />
      <CommandHost />
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
