import { Button, Group, Modal, NativeSelect, Radio, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import type { AppScope } from '#sync/scope.ts'
import { CopyField } from '#ui/CopyField.tsx'
import { type Role, roles } from './roles.ts'

interface Props {
  scope: AppScope
  opened: boolean
  onClose: () => void
  onMade: () => void
}

/** Makes a link for somebody who has no account yet, or whose id is not known. */
export function InviteDialog({ scope, opened, onClose, onMade }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Invite to ${scope.app} by a link`} size={440}>
      <Form scope={scope} onClose={onClose} onMade={onMade} />
    </Modal>
  )
}

const lifetimes = [
  { value: '24', label: 'one day' },
  { value: '168', label: 'one week' },
  { value: '720', label: '30 days' },
]

function Form({ scope, onClose, onMade }: Omit<Props, 'opened'>) {
  const { clients } = useApp()
  const [roleId, setRoleId] = useState<Role['id']>('label')
  const [hours, setHours] = useState('168')
  const make = useMutation({
    mutationFn: async () => {
      const scopes = roles.find(({ id }) => id === roleId)?.scopes ?? []
      const office = await clients.office()
      return office.createInvitation({
        userId: scope.owner,
        appId: scope.app,
        scopes: [...scopes],
        hours: Number(hours),
      })
    },
    onSuccess: onMade,
  })
  if (make.data)
    return (
      <Stack gap="md">
        <CopyField
          label="Link"
          description="For one person, once. It is shown only now: copy it and send it to them."
          value={`${window.location.origin}/invite/${make.data.token}`}
        />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    )
  return (
    <Stack gap="md">
      <Radio.Group label="May do" value={roleId} onChange={(value) => setRoleId(value as Role['id'])}>
        <Stack gap={8} mt={6}>
          {roles.map(({ id, label, description }) => (
            <Radio key={id} value={id} label={label} description={description} size="xs" />
          ))}
        </Stack>
      </Radio.Group>
      <NativeSelect
        label="Good for"
        data={lifetimes}
        value={hours}
        onChange={(event) => setHours(event.currentTarget.value)}
      />
      {make.error && <div role="alert">{messageOf(make.error)}</div>}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={make.isPending} onClick={() => make.mutate()}>
          Make the link
        </Button>
      </Group>
    </Stack>
  )
}
