import { Code, ConnectError } from '@connectrpc/connect'
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { messageOf } from '#app/messages.ts'
import { useConnection } from '#app/providers.tsx'

interface Props {
  /** Set when a certain person is to come back: the field is fixed then. */
  userId?: string
  onSignedIn: () => void
}

/** User and password. The same form on the sign-in page and in the dialog after a session has run out. */
export function SignInForm({ userId: fixed, onSignedIn }: Props) {
  const { keeper } = useConnection()
  const [userId, setUserId] = useState(fixed ?? '')
  const [password, setPassword] = useState('')
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    const missing = userId.trim() === '' ? 'Enter your user id.' : password === '' ? 'Enter your password.' : undefined
    setError(missing)
    if (missing) return
    setBusy(true)
    try {
      await keeper.signIn(userId.trim(), password)
      onSignedIn()
    } catch (failure) {
      setError(signInMessage(failure))
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
        <PasswordInput
          label="Password"
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

/** The server answers alike for an unknown user and a wrong password, and so do we. */
function signInMessage(failure: unknown): string {
  const code = failure instanceof ConnectError ? failure.code : undefined
  if (code === Code.Unauthenticated || code === Code.InvalidArgument) return 'User and password do not match.'
  if (failure instanceof ConnectError && code === Code.ResourceExhausted)
    return failure.rawMessage || 'Too many failed tries. Wait a minute, then try again.'
  return messageOf(failure)
}
