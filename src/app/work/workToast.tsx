import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'

/** One at a time: fast work would pile them up. */
const id = 'work'

/** px: work goes on below it */
const aboveFilmstrip = (): number =>
  document.querySelector<HTMLElement>('section[aria-label=Filmstrip]')?.offsetHeight ?? 0

/** "photo.jpg submitted → review" with the ways to act on it; stays `forMs`. */
export function workToast(
  message: string,
  actions: readonly { readonly name: string; run(): void }[],
  { forMs = 8000, failed = false }: { forMs?: number | undefined; failed?: boolean } = {},
): void {
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
          {actions.map(({ name, run }) => (
            <Button
              key={name}
              variant="light"
              size="compact-xs"
              onClick={() => {
                notifications.hide(id)
                run()
              }}
            >
              {name}
            </Button>
          ))}
        </span>
      </div>
    ),
  })
}
