import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import { Alert, Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import { ok } from '#sync/errors.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { CopyField } from '#ui/CopyField.tsx'

const DAY_MS = 86_400_000

/** Days until a token stops working. */
const lifetimes = [
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: '', label: 'Never' },
]

/** Makes a token and shows its secret, once. */
export function NewToken({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="New personal access token" size={440} closeOnClickOutside={false}>
      <NewTokenForm onClose={onClose} />
    </Modal>
  )
}

function NewTokenForm({ onClose }: { onClose: () => void }) {
  const { clients, queryClient, person } = useApp()
  const [description, setDescription] = useState('')
  const [days, setDays] = useState('90')
  const [problem, setProblem] = useState<string>()
  const make = useMutation({
    mutationFn: async () => {
      const answer = ok(
        await clients.api.postKeys({
          userAppId: { userId: person.id },
          keys: [
            {
              description: description.trim(),
              type: 'personal_access_token',
              scopes: ['All'],
              ...(days === '' ? {} : { expiresAt: timestampFromDate(new Date(Date.now() + Number(days) * DAY_MS)) }),
            },
          ],
        }),
      )
      return answer.keys[0]?.id ?? ''
    },
    onError: (error) => setProblem(messageOf(error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.keys(person.id) }),
  })

  if (make.data !== undefined)
    return (
      <Stack gap="sm">
        <CopyField label="Token" value={make.data} />
        <Alert color="yellow" variant="light" py={8}>
          Copy it now: it is not shown again.
        </Alert>
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    )

  function submit(event: FormEvent) {
    event.preventDefault()
    const missing = description.trim() === '' ? 'Say what it is for, to know it again later.' : undefined
    setProblem(missing)
    if (!missing) make.mutate()
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TextInput
          label="What is it for?"
          placeholder="Nightly export"
          data-autofocus
          value={description}
          error={problem}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Select
          label="Expires"
          data={lifetimes}
          value={days}
          onChange={(value) => setDays(value ?? '90')}
          allowDeselect={false}
          comboboxProps={{ withinPortal: true }}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending}>
            Make token
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
