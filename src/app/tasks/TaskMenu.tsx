import { ActionIcon, Button, Group, Menu, Modal, Text } from '@mantine/core'
import { Copy, Ellipsis, Flag, Pause, Pencil, Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { isPaused } from './taskWire.ts'
import { useTaskWrites } from './useTaskWrites.tsx'

interface Props {
  scope: AppScope
  task: Task
  onEdit: () => void
  onDuplicate: () => void
  onRemoved?: () => void
}

/** What the owner can do with a task. */
export function TaskMenu({ scope, task, onEdit, onDuplicate, onRemoved }: Props) {
  const writes = useTaskWrites(scope)
  const { session } = useApp()
  const [asking, setAsking] = useState(false)
  const [removing, setRemoving] = useState(false)
  const name = task.name || task.id
  const paused = isPaused(task)
  const ended = task.status?.code === StatusCode.TASK_DONE
  async function remove() {
    setRemoving(true)
    const gone = await writes.remove(task)
    setRemoving(false)
    if (!gone) return
    setAsking(false)
    onRemoved?.()
  }
  return (
    <>
      <Menu position="bottom-end" width={190} withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${name}`}>
            <Ellipsis size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Pencil size={14} />} onClick={onEdit}>
            Edit
          </Menu.Item>
          <Menu.Item leftSection={<Copy size={14} />} onClick={onDuplicate}>
            Duplicate
          </Menu.Item>
          {!ended && (
            <Menu.Item
              leftSection={paused ? <Play size={14} /> : <Pause size={14} />}
              onClick={() => void writes.setPaused(task, !paused)}
            >
              {paused ? 'Resume' : 'Pause'}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<Flag size={14} />} onClick={() => void writes.setEnded(task, !ended)}>
            {ended ? 'Reopen' : 'Finish'}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<Trash2 size={14} />} c="var(--danger)" onClick={() => setAsking(true)}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={asking} onClose={() => setAsking(false)} title={`Delete “${name}”?`} size={420}>
        <Text size="sm" mb="md">
          Its queue ends for everybody who works on it. What was labelled stays on the inputs.
          {session.noRestore
            ? ' It cannot be brought back: to stop the work for a while, pause the task instead.'
            : ' For ten seconds you can take this back; to stop the work for a while, pause the task instead.'}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
            Keep
          </Button>
          <Button color="red.9" loading={removing} onClick={() => void remove()}>
            Delete
          </Button>
        </Group>
      </Modal>
    </>
  )
}
