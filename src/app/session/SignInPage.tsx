import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useConnection } from '#app/providers.tsx'
import { SignIn } from '#gen/marquee/v1/marquee_pb.ts'
import { sessionQuery } from '#sync/queries.ts'
import type { AppScope } from '#sync/scope.ts'
import { Brand } from '#ui/Brand.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { SignInForm } from './SignInForm.tsx'
import classes from './SignInPage.module.css'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  usePageTitle('Sign in')
  const router = useRouter()
  const { return: back } = route.useSearch()
  const { data: session } = useQuery(sessionQuery(useConnection().clients))
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <Brand size={28} />
          <h1 className={classes.title}>Sign in to Marquee</h1>
        </div>
        <SignInForm onSignedIn={(app) => router.history.push(back ?? (app ? pathOfApp(app) : '/apps'))} />
        <p className={classes.help}>
          {session?.signIn === SignIn.ACCESS_TOKEN
            ? 'This server works in front of another one. Make a personal access token in your settings there; it stays on this server and ends with your session.'
            : 'On a server of your own, the first start prints how to sign in. Forgotten passwords are set by whoever runs it.'}
        </p>
      </div>
    </main>
  )
}

const pathOfApp = ({ owner, app }: AppScope): string => `/apps/${encodeURIComponent(owner)}/${encodeURIComponent(app)}`
