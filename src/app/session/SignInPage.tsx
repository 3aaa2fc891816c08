import { getRouteApi, useRouter } from '@tanstack/react-router'
import { Brand } from '#ui/Brand.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { SignInForm } from './SignInForm.tsx'
import classes from './SignInPage.module.css'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  usePageTitle('Sign in')
  const router = useRouter()
  const { return: back } = route.useSearch()
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <Brand size={28} />
          <h1 className={classes.title}>Sign in to Marquee</h1>
        </div>
        <SignInForm onSignedIn={() => router.history.push(back ?? '/apps')} />
        <p className={classes.help}>
          On a server of your own, the first start prints how to sign in. Forgotten passwords are set by whoever runs
          it.
        </p>
      </div>
    </main>
  )
}
