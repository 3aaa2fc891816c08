import { notifications } from '@mantine/notifications'
import { SaidActions } from './SaidActions.tsx'
import { type Said, sayInBar } from './said.ts'

/**
 * "3 inputs deleted · Undo": for acts that are done at once and can be taken back. Stays 7 s, longer while it is pointed
 * at. Beside another Undo, `name` it apart. In the bar of the work at hand, where there is one.
 */
export const undoToast = (message: string, undo: () => void, { name = 'Undo', forMs = 7000 } = {}): void =>
  actToast({ message, actions: [{ name, run: undo }], failed: false }, forMs)

/** What was done and the ways to act on it; one with the same `id` takes the place of the one before. */
export function actToast(said: Said, forMs: number, id: string = crypto.randomUUID()): void {
  if (!sayInBar(said, forMs, (again, left) => showActs(again, left, id))) showActs(said, forMs, id)
}

function showActs({ message, actions, failed }: Said, forMs: number, id: string): void {
  notifications.hide(id)
  notifications.show({
    id,
    autoClose: forMs,
    style: { marginBottom: aboveFilmstrip() },
    withBorder: true,
    ...(failed ? { color: 'red' } : {}),
    message: (
      <div style={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: 12 }}>
        {/* an id of 32 letters is one word */}
        <span style={{ minWidth: 0, overflowWrap: 'anywhere' }}>{message}</span>
        <span style={{ display: 'flex', flex: 'none', gap: 6 }}>
          <SaidActions actions={actions} hide={() => notifications.hide(id)} />
        </span>
      </div>
    ),
  })
}

/** px: work goes on below it */
const aboveFilmstrip = (): number =>
  document.querySelector<HTMLElement>('section[aria-label=Filmstrip]')?.offsetHeight ?? 0

/** Something did not work; `message` says what and what to do. */
export function failureToast(title: string, message: string): void {
  notifications.show({ title, message, color: 'red', autoClose: 10_000, withBorder: true })
}

export function plainToast(message: string): void {
  notifications.show({ message, autoClose: 4_000, withBorder: true })
}
