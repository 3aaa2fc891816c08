import { Button, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useApp } from '#app/appContext.tsx'
import { fieldProblem, messageOf } from '#app/messages.ts'
import { plainToast } from '#ui/toast.tsx'

const MIN_LENGTH = 8

export function ChangePassword() {
  const { clients, person } = useApp()
  const form = useForm({
    initialValues: { current: '', next: '', again: '' },
    validate: {
      current: (value) => (value === '' ? 'Enter your current password.' : null),
      next: (value, { current }) =>
        value.length < MIN_LENGTH
          ? `At least ${MIN_LENGTH} characters.`
          : value === current
            ? 'That is the old one.'
            : null,
      again: (value, { next }) => (value === next ? null : 'The two do not match.'),
    },
  })
  const change = useMutation({
    mutationFn: ({ current, next }: { current: string; next: string }) =>
      clients.account.changePassword({ currentPassword: current, newPassword: next }),
    onSuccess: () => {
      form.reset()
      plainToast('Password changed')
    },
    onError: (error) => {
      const problem = fieldProblem(error)
      form.setFieldError(problem?.field === 'new_password' ? 'next' : 'current', problem?.message ?? messageOf(error))
    },
  })
  return (
    <form
      onSubmit={form.onSubmit((values) => change.mutate(values))}
      style={{ maxWidth: 320 }}
      aria-label="Change the password"
    >
      <input type="text" name="username" autoComplete="username" value={person.id} readOnly hidden />
      <Stack gap="sm">
        <PasswordInput label="Current password" autoComplete="current-password" {...form.getInputProps('current')} />
        <PasswordInput label="New password" autoComplete="new-password" {...form.getInputProps('next')} />
        <PasswordInput label="New password again" autoComplete="new-password" {...form.getInputProps('again')} />
        <div>
          <Button type="submit" variant="default" loading={change.isPending}>
            Change the password
          </Button>
        </div>
      </Stack>
    </form>
  )
}
