import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { fieldProblem, messageOf } from '#app/messages.ts'
import { useConnection } from '#app/providers.tsx'

const empty = { id: '', name: '', password: '' }

/** In as who is signed in, or with a new account. */
export function AcceptInvitation({ token, me }: { token: string; me: string | undefined }) {
  const { clients, keeper } = useConnection()
  const router = useRouter()
  const [values, setValues] = useState(empty)
  const [problem, setProblem] = useState<{ field: string; message: string }>()
  const [busy, setBusy] = useState(false)
  const set = (field: keyof typeof empty) => (event: { currentTarget: { value: string } }) =>
    setValues({ ...values, [field]: event.currentTarget.value })
  const errorOf = (field: string) => (problem?.field === field ? problem.message : undefined)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setProblem(undefined)
    const [firstName = '', ...rest] = values.name.trim().split(/\s+/)
    const id = values.id.trim()
    const { password } = values
    try {
      const office = await clients.office()
      const { userId, appId } = await office.acceptInvitation({
        token,
        id,
        firstName,
        lastName: rest.join(' '),
        password,
      })
      if (me === undefined) await keeper.signIn(id, password)
      router.history.push(`/apps/${encodeURIComponent(userId)}/${encodeURIComponent(appId)}`)
    } catch (error) {
      setProblem(fieldProblem(error) ?? { field: 'token', message: messageOf(error) })
    } finally {
      setBusy(false)
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate aria-label="Accept the invitation">
      <Stack gap="sm">
        {me === undefined && (
          <>
            <TextInput
              label="User id"
              description="What you sign in with and are named by: letters, digits, _ . -"
              autoCapitalize="none"
              autoComplete="username"
              spellCheck={false}
              value={values.id}
              error={errorOf('id')}
              onChange={set('id')}
            />
            <TextInput label="Name" autoComplete="name" value={values.name} onChange={set('name')} />
            <PasswordInput
              label="Password"
              autoComplete="new-password"
              value={values.password}
              error={errorOf('password')}
              onChange={set('password')}
            />
          </>
        )}
        {problem && problem.field !== 'id' && problem.field !== 'password' && (
          <Alert color="red" variant="light" role="alert" py={8} px={12}>
            {problem.message}
          </Alert>
        )}
        <Button type="submit" loading={busy} fullWidth mt={4}>
          {me === undefined ? 'Make an account and join' : `Join as ${me}`}
        </Button>
      </Stack>
    </form>
  )
}
