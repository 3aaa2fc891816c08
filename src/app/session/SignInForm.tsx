import { Code, ConnectError } from '@connectrpc/connect'
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { fieldProblem, messageOf } from '#app/messages.ts'
import { useConnection } from '#app/providers.tsx'
import { SignIn } from '#gen/marquee/v1/marquee_pb.ts'
import { sessionQuery } from '#sync/queries.ts'
import type { AppScope } from '#sync/scope.ts'

interface Props {
  /** Set when a certain person is to come back: the field is fixed then. */
  userId?: string
  /** @param app the one that was named, where the server asks for one */
  onSignedIn: (app?: AppScope) => void
}

/**
 * User and password; where the server forwards to another one, user, app and personal access token. The same form on
 * the sign-in page and in the dialog after a session has run out.
 */
export function SignInForm({ userId: fixed, onSignedIn }: Props) {
  const { clients, keeper } = useConnection()
  const { data: session } = useQuery(sessionQuery(clients))
  const byToken = session?.signIn === SignIn.ACCESS_TOKEN
  const [userId, setUserId] = useState(fixed ?? '')
  const [appName, setAppName] = useState('')
  const [password, setPassword] = useState('')
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    const secret = byToken ? 'personal access token' : 'password'
    const missing = userId.trim() === '' ? 'Enter your user id.' : password === '' ? `Enter your ${secret}.` : undefined
    setError(missing)
    if (missing) return
    setBusy(true)
    try {
      const app = byToken ? appNamed(appName, userId.trim()) : undefined
      await keeper.signIn(userId.trim(), password, app)
      onSignedIn(app)
    } catch (failure) {
      setError(signInMessage(failure, byToken))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate aria-label="Sign in">
      <Stack gap="sm">
        <TextInput
          label="User"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={userId}
          onChange={(event) => setUserId(event.currentTarget.value)}
          readOnly={fixed !== undefined}
          autoFocus={fixed === undefined}
          data-autofocus={fixed === undefined || undefined}
        />
        {byToken && fixed === undefined && (
          <TextInput
            label="App"
            description="Leave empty to choose afterwards; owner/app for somebody else’s."
            name="app"
            autoCapitalize="none"
            spellCheck={false}
            value={appName}
            onChange={(event) => setAppName(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          label={byToken ? 'Personal access token' : 'Password'}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoFocus={fixed !== undefined}
          data-autofocus={fixed !== undefined || undefined}
        />
        {error && (
          <Alert color="red" variant="light" role="alert" py={8} px={12}>
            {error}
          </Alert>
        )}
        <Button type="submit" loading={busy} fullWidth mt={4}>
          Sign in
        </Button>
      </Stack>
    </form>
  )
}

/** `app` or `owner/app`. */
function appNamed(name: string, userId: string): AppScope | undefined {
  const [first = '', second] = name.trim().split('/')
  if (first === '') return undefined
  return second === undefined ? { owner: userId, app: first } : { owner: first, app: second }
}

/** The server answers alike for an unknown user and a wrong password, and so do we. */
function signInMessage(failure: unknown, byToken: boolean): string {
  const code = failure instanceof ConnectError ? failure.code : undefined
  const problem = fieldProblem(failure)
  if (byToken && problem) return problem.message
  if (code === Code.Unauthenticated || code === Code.InvalidArgument)
    return byToken ? 'User and token do not go together.' : 'User and password do not match.'
  if (failure instanceof ConnectError && code === Code.ResourceExhausted)
    return failure.rawMessage || 'Too many failed tries. Wait a minute, then try again.'
  return messageOf(failure)
}
