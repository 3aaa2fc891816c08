import { Modal } from '@mantine/core'
import { onMac, shownKeys } from '#app/keyStroke.ts'
import { Kbd } from '#ui/Kbd.tsx'
import classes from './ShortcutSheet.module.css'
import { type Shortcut, shortcutGroups } from './shortcuts.ts'

/** All keys, from the one list of commands. */
export function ShortcutSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Shortcuts" size={920} closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className={classes.groups}>
        {shortcutGroups().map(({ title, shortcuts }) => (
          <section key={title} className={classes.group}>
            <h3 className={classes.title}>{title}</h3>
            <dl className={classes.list}>
              {shortcuts.map((shortcut) => (
                <Line key={shortcut.title} shortcut={shortcut} gesture={title === 'Pointer and held keys'} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}

function Line({ shortcut, gesture }: { shortcut: Shortcut; gesture: boolean }) {
  const mac = onMac()
  return (
    <div className={classes.line}>
      <dt>{shortcut.title}</dt>
      <dd className={classes.keys}>
        {gesture
          ? shortcut.keys.map((key) => (
              <span key={key} className={classes.gesture}>
                {key}
              </span>
            ))
          : shortcut.keys.map((key) => <Kbd key={key} keys={shownKeys(key, mac).join(' ')} />)}
      </dd>
    </div>
  )
}
