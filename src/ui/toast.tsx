import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'

/**
 * "3 inputs deleted · Undo": for acts that are done at once and can be taken back. Stays 7 s, longer while it is pointed
 * at. Beside another Undo, `name` it apart.
 */
export function undoToast(message: string, undo: () => void, { name = 'Undo', forMs = 7000 } = {}): void {
  const id = crypto.randomUUID()
  notifications.show({
    id,
    autoClose: forMs,
    withBorder: true,
    message: (
      <div style={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: 12 }}>
        <span>{message}</span>
        <Button
          variant="light"
          size="compact-xs"
          onClick={() => {
            notifications.hide(id)
            undo()
          }}
        >
          {name}
        </Button>
      </div>
    ),
  })
}

/** Something did not work; `message` says what and what to do. */
export function failureToast(title: string, message: string): void {
  notifications.show({ title, message, color: 'red', autoClose: 10_000, withBorder: true })
}

export function plainToast(message: string): void {
  notifications.show({ message, autoClose: 4_000, withBorder: true })
}
