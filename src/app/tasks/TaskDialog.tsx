import { Modal } from '@mantine/core'
import type { AppScope } from '#sync/scope.ts'
import { TaskForm } from './TaskForm.tsx'
import type { Editing } from './TasksPage.tsx'

interface Props {
  scope: AppScope
  /** undefined: closed */
  editing: Editing | undefined
  onClose: () => void
}

/** Makes a task, or changes one. What was filled in for a new one is kept on this device until it is made. */
export function TaskDialog({ scope, editing, onClose }: Props) {
  const change = editing?.task && !editing.copy
  return (
    <Modal
      opened={editing !== undefined}
      onClose={onClose}
      title={change ? `Edit “${editing.task?.name || editing.task?.id}”` : 'New task'}
      size={920}
      closeOnClickOutside={false}
    >
      {editing && <TaskForm scope={scope} editing={editing} onClose={onClose} />}
    </Modal>
  )
}
