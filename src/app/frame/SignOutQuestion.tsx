import { Button, Group, Modal } from '@mantine/core'
import { count } from '#app/messages.ts'
import { useWaiting } from '#app/session/useSyncStatus.ts'

interface Props {
  onStay: () => void
  onLeave: () => void
}

/** Asked only when something is unsent. It is not lost, but it should not be a surprise either. */
export function SignOutQuestion({ onStay, onLeave }: Props) {
  const waiting = useWaiting()
  return (
    <Modal opened onClose={onStay} title="Sign out with unsent changes?" size={400}>
      <p style={{ margin: '0 0 16px' }}>
        {count(waiting, 'change has', 'changes have')} not reached the server. They stay on this device and are sent
        when you sign in here again.
      </p>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onStay} data-autofocus>
          Stay signed in
        </Button>
        <Button onClick={onLeave}>Sign out</Button>
      </Group>
    </Modal>
  )
}
