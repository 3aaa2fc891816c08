import { Outlet, useRouteContext } from '@tanstack/react-router'
import { AppContext } from '#app/appContext.tsx'
import { CommandHost } from '#app/palette/CommandHost.tsx'
import { SignInDialog } from './SignInDialog.tsx'

/** The part of the app behind the sign-in. */
export function SignedIn() {
  const app = useRouteContext({ from: '/signed-in', select: (context) => context.app })
  return (
    <AppContext value={app}>
      <Outlet />
      <CommandHost />
      <SignInDialog />
    </AppContext>
  )
}
