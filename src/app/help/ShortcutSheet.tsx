import { Anchor, Modal, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { useStore } from 'zustand'
import { onMac, shownKeys } from '#app/keyStroke.ts'
import { keyStore, useCommands } from '#app/keys/keyStore.ts'
import { presets } from '#app/keys/presets.ts'
import { Kbd } from '#ui/Kbd.tsx'
import classes from './ShortcutSheet.module.css'
import { type Shortcut, shortcutGroups, shortcutsFound } from './shortcuts.ts'

/** All keys, from the one list of commands; what is typed looks among them. */
export function ShortcutSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Shortcuts" size={920} closeButtonProps={{ 'aria-label': 'Close' }}>
      {opened && <Sheet onClose={onClose} />}
    </Modal>
  )
}

function Sheet({ onClose }: { onClose: () => void }) {
  const bound = useCommands()
  const preset = useStore(keyStore, ({ keymap }) => presets[keymap.preset].name)
  const own = useStore(keyStore, ({ keymap }) => Object.keys(keymap.own).length)
  const [typed, setTyped] = useState('')
  const groups = shortcutsFound(shortcutGroups(bound), typed)
  return (
    <>
      <div className={classes.top}>
        <TextInput
          data-autofocus
          size="sm"
          aria-label="Search shortcuts"
          placeholder="Search by name or key"
          leftSection={<Search size={14} aria-hidden />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          className={classes.search}
          autoComplete="off"
          spellCheck={false}
        />
        <p className={classes.about}>
          Keys of {preset}
          {own > 0 && `, ${own} changed`}.{' '}
          <Anchor component={Link} to="/settings/keys" onClick={onClose}>
            Change keys
          </Anchor>
        </p>
      </div>
      <div className={classes.groups} data-few={typed.trim() !== '' || undefined}>
        {groups.map(({ title, shortcuts }) => (
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
      {groups.length === 0 && <p className={classes.about}>Nothing matches “{typed}”.</p>}
    </>
  )
}

/** Ten digits: the first and the last, with a gap between. */
const inShort = (keys: readonly string[]): readonly (string | undefined)[] =>
  keys.length < 10 ? arrowsInShort(keys) : [keys[0], undefined, keys.at(-1)]

const ARROW = /Arrow(Left|Right|Up|Down)$/

/** Four arrows with the same keys held: these once. */
const arrowsInShort = (keys: readonly string[]): readonly string[] =>
  keys.length === 4 && keys.every((key) => ARROW.test(key))
    ? keys.map((key, i) => (i === 0 ? key : key.slice(key.search(ARROW))))
    : keys

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
          : inShort(shortcut.keys).map((key) =>
              key === undefined ? '…' : <Kbd key={key} keys={shownKeys(key, mac).join(' ')} />,
            )}
      </dd>
    </div>
  )
}
