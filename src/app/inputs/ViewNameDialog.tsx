import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type SavedView, whyNoName } from './savedViews.ts'

interface Props {
  views: readonly SavedView[]
  /** the one that is renamed; undefined: a new one is saved */
  view: SavedView | undefined
  /** It may be made everybody's. */
  canShare: boolean
  onName: (name: string, shared: boolean) => void
  onClose: () => void
}

export function ViewNameDialog({ views, view, canShare, onName, onClose }: Props) {
  const [name, setName] = useState(view?.name ?? '')
  const [shared, setShared] = useState(canShare)
  const [tried, setTried] = useState(false)
  const bad = whyNoName(name, views, view)
  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (bad) return
    onName(name.trim(), shared)
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={view ? 'Rename view' : 'Save view'} size="sm">
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            data-autofocus
            label="Name"
            value={name}
            error={tried && bad}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {canShare && (
            <Checkbox
              label="Share with the team"
              description="Everybody in the app can open it, and tasks can be made from it. Else only you see it."
              checked={shared}
              onChange={(event) => setShared(event.currentTarget.checked)}
            />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit">{view ? 'Rename' : 'Save'}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
