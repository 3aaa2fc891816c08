import { Alert, Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import type { FormerPerson } from '#gen/marquee/v1/office_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { ApiFailure, ok } from '#sync/errors.ts'
import { collaboratorId, restorePerson, setScopes } from '#sync/people.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { type AppScope, userAppId } from '#sync/scope.ts'
import { plainToast } from '#ui/toast.tsx'
import { returnedWords } from './progressWords.ts'
import { type Role, roleOf, roles } from './roles.ts'

interface Props {
  scope: AppScope
  opened: boolean
  onClose: () => void
  /** ids of those who are in the app already, the owner among them */
  members: readonly string[]
  /** those who were in it: they come back with their tasks and open work */
  former: readonly FormerPerson[]
}

/** Shares the app with somebody who has an account on this server. */
export function AddPerson({ scope, opened, onClose, members, former }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Add a person to ${scope.app}`} size={420}>
      <AddPersonForm scope={scope} onClose={onClose} members={members} former={former} />
    </Modal>
  )
}

function AddPersonForm({ scope, onClose, members, former }: Omit<Props, 'opened'>) {
  const { clients, queryClient } = useApp()
  const [userId, setUserId] = useState('')
  const [roleId, setRoleId] = useState<Role['id']>('label')
  const [problem, setProblem] = useState<string>()
  const was = former.find((one) => one.mayReturn && one.userId === userId.trim())
  const add = useMutation({
    mutationFn: async ({ id, role }: { id: string; role: Role }): Promise<string> => {
      if (was) {
        const back = await restorePerson(clients, scope, id)
        await setScopes(clients, scope, await collaboratorId(clients, scope, id), role.scopes)
        return returnedWords(id, back)
      }
      const collaborators = [{ user: { id }, scopes: [...role.scopes] }]
      ok(await clients.api.postCollaborators({ userAppId: userAppId(scope), collaborators }))
      return `${id} has been added`
    },
    onSuccess: async (said) => {
      await queryClient.invalidateQueries({ queryKey: queryKeys.app(scope) })
      plainToast(said)
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
            const id = event.currentTarget.value
            const had = roleOf(former.find((one) => one.mayReturn && one.userId === id.trim())?.scopes ?? [])
            if (had) setRoleId(had.id)
            setUserId(id)
            setProblem(undefined)
          }}
        />
        {was && (
          <Alert variant="light" py={8} px={12} role="note">
            {was.userId} was in this app before: their tasks and open work come back with them.
          </Alert>
        )}
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
