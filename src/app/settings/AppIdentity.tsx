import { Button, Group, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import { describeApp } from '#sync/apps.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { undoToast } from '#ui/toast.tsx'

interface Props {
  scope: AppScope
  name: string
  description: string
}

/** What the app is called and what it is for: its owner changes it. */
export function AppIdentity({ scope, name, description }: Props) {
  const { clients, queryClient, person } = useApp()
  const [values, setValues] = useState({ name, description })
  const [problem, setProblem] = useState<string>()
  const before = { name, description }
  const changed = values.name.trim() !== name || values.description.trim() !== description
  const write = async (to: typeof values) => {
    await describeApp(clients, scope, to)
    await queryClient.invalidateQueries({ queryKey: queryKeys.app(scope) })
    await queryClient.invalidateQueries({ queryKey: queryKeys.apps(person.id) })
  }
  const save = useMutation({
    mutationFn: (to: typeof values) => write(to),
    onSuccess: () =>
      undoToast('The app has been changed', () => {
        setValues(before)
        save.mutate(before)
      }),
    onError: (error) => setProblem(messageOf(error)),
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    const to = { name: values.name.trim(), description: values.description.trim() }
    const lacks =
      to.name === ''
        ? 'Give it a name.'
        : to.description === '' && description !== ''
          ? 'A description can be changed, not taken away.'
          : undefined
    setProblem(lacks)
    if (lacks === undefined) save.mutate(to)
  }

  return (
    <form
      onSubmit={submit}
      noValidate
      style={{ display: 'grid', gap: 12, maxWidth: 480, marginBottom: 16 }}
      aria-label="Name and description"
    >
      <TextInput
        label="Name"
        value={values.name}
        onChange={(event) => setValues({ ...values, name: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        autosize
        minRows={2}
        maxRows={6}
        value={values.description}
        error={problem}
        onChange={(event) => setValues({ ...values, description: event.currentTarget.value })}
      />
      <Group gap="xs">
        <Button type="submit" disabled={!changed} loading={save.isPending}>
          Save
        </Button>
      </Group>
    </form>
  )
}
