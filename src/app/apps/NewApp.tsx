import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import { ok } from '#sync/errors.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { appIdFrom, appIdProblem } from './appId.ts'

interface Props {
  opened: boolean
  onClose: () => void
  /** ids of one's own apps */
  taken: ReadonlySet<string>
}

interface Fields {
  name: string
  id: string
  description: string
}

/** Makes an app. The id follows the name until it is edited by hand. */
export function NewApp({ opened, onClose, taken }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="New app" size={440}>
      <NewAppForm onClose={onClose} taken={taken} />
    </Modal>
  )
}

function NewAppForm({ onClose, taken }: Omit<Props, 'opened'>) {
  const { clients, queryClient, person } = useApp()
  const router = useRouter()
  const form = useForm<Fields>({
    initialValues: { name: '', id: '', description: '' },
    validate: {
      name: (name) => (name.trim() === '' ? 'Give it a name.' : null),
      id: (id) => appIdProblem(id, taken) ?? null,
    },
  })
  const make = useMutation({
    mutationFn: async ({ name, id, description }: Fields) =>
      ok(
        await clients.api.postApps({
          userAppId: { userId: person.id },
          apps: [{ id, name: name.trim(), description: description.trim() }],
        }),
      ),
    onSuccess: async (_, { id }) => {
      await queryClient.invalidateQueries({ queryKey: queryKeys.apps(person.id) })
      onClose()
      await router.navigate({ to: '/apps/$user/$app/inputs', params: { user: person.id, app: id } })
    },
    onError: (error) => form.setFieldError('id', messageOf(error)),
  })

  function setName(name: string) {
    const follows = form.values.id === appIdFrom(form.values.name)
    form.setFieldValue('name', name)
    if (follows) form.setFieldValue('id', appIdFrom(name))
  }

  return (
    <form onSubmit={form.onSubmit((fields) => make.mutate(fields))}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          placeholder="Boats and harbours"
          data-autofocus
          {...form.getInputProps('name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Id"
          description="Stands in addresses and API calls; it cannot be changed later."
          spellCheck={false}
          autoCapitalize="none"
          leftSection={<span style={{ color: 'var(--text-dim)' }}>{person.id}/</span>}
          leftSectionWidth={`calc(${person.id.length + 1}ch + 20px)`}
          leftSectionPointerEvents="none"
          {...form.getInputProps('id')}
        />
        <Textarea label="Description" autosize minRows={2} maxRows={6} {...form.getInputProps('description')} />
        <Group justify="flex-end" gap="xs" mt={4}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending}>
            Make app
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
