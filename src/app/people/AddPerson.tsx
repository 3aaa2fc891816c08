import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { ApiFailure, ok } from '#sync/errors.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { type AppScope, userAppId } from '#sync/scope.ts'
import { plainToast } from '#ui/toast.tsx'
import { type Role, roles } from './roles.ts'

interface Props {
  scope: AppScope
  opened: boolean
  onClose: () => void
  /** ids of those who are in the app already, the owner among them */
  members: readonly string[]
}

/** Shares the app with somebody who has an account on this server. */
export function AddPerson({ scope, opened, onClose, members }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Add a person to ${scope.app}`} size={420}>
      <AddPersonForm scope={scope} onClose={onClose} members={members} />
    </Modal>
  )
}

function AddPersonForm({ scope, onClose, members }: Omit<Props, 'opened'>) {
  const { clients, queryClient } = useApp()
  const [userId, setUserId] = useState('')
  const [roleId, setRoleId] = useState<Role['id']>('label')
  const [problem, setProblem] = useState<string>()
  const add = useMutation({
    mutationFn: async ({ id, role }: { id: string; role: Role }) =>
      ok(
        await clients.api.postCollaborators({
          userAppId: userAppId(scope),
          collaborators: [{ user: { id }, scopes: [...role.scopes] }],
        }),
      ),
    onSuccess: async (_, { id }) => {
      await queryClient.invalidateQueries({ queryKey: queryKeys.collaborators(scope) })
      plainToast(`${id} has been added`)
      onClose()
    },
    onError: (error, { id }) => setProblem(problemOf(error, id)),
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    const id = userId.trim()
    const role = roles.find((one) => one.id === roleId)
    const found =
      id === ''
        ? 'Enter the id the person signs in with.'
        : members.includes(id)
          ? `${id} is in this app already.`
          : undefined
    setProblem(found)
    if (!found && role) add.mutate({ id, role })
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput
          label="User id"
          description="The id they sign in with"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={userId}
          error={problem}
          onChange={(event) => {
            setUserId(event.currentTarget.value)
            setProblem(undefined)
          }}
        />
        <Radio.Group label="May do" value={roleId} onChange={(value) => setRoleId(value as Role['id'])}>
          <Stack gap={8} mt={6}>
            {roles.map(({ id, label, description }) => (
              <Radio key={id} value={id} label={label} description={description} size="xs" />
            ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function problemOf(error: unknown, id: string): string {
  if (!(error instanceof ApiFailure)) return messageOf(error)
  if (error.code === StatusCode.CONN_DOES_NOT_EXIST)
    return `There is no user “${id}” on this server. Check the spelling.`
  if (error.code === StatusCode.DATABASE_DUPLICATE_KEY) return `${id} is in this app already.`
  return messageOf(error)
}
