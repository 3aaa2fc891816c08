import { Modal } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { CommandContext } from '#app/command.ts'
import { onMac, shownKeys } from '#app/keyStroke.ts'
import { Kbd } from '#ui/Kbd.tsx'
import { Swatch } from '#ui/Swatch.tsx'
import { type Entry, entriesFor } from './entries.ts'
import classes from './Palette.module.css'
import { recentEntries, rememberEntry } from './recentEntries.ts'
import { studioStore } from './studioStore.ts'

interface Props {
  opened: boolean
  onClose: () => void
  context: CommandContext
}

/** Every command by its name; with an image open also its concepts, and the images of the app. */
export function Palette({ opened, onClose, context }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      withCloseButton={false}
      centered={false}
      yOffset="12vh"
      size={560}
      padding={0}
      // there at once, with the focus: the next letter is part of what is looked for
      transitionProps={{ duration: 0 }}
      attributes={{ content: { 'aria-label': 'Command palette' } }}
    >
      {opened && <PaletteBody onClose={onClose} context={context} />}
    </Modal>
  )
}

/** So many lines are there at once, and again when the last of them is near: a palette opens in the next frame. */
const PAGE = 50
const NEAR_PX = 200

function PaletteBody({ onClose, context }: Omit<Props, 'opened'>) {
  // another image: other commands
  useStore(studioStore)
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(0)
  const [recent] = useState(recentEntries)
  const listId = useId()
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => field.current?.focus(), [])
  const [pages, setPages] = useState(1)
  const all = entriesFor(typed, context, useImages(typed, context), recent)
  const entries = typed.trim() ? all : all.slice(0, pages * PAGE)
  const more = () => entries.length < all.length && setPages(pages + 1)
  const at = Math.min(active, entries.length - 1)
  const run = (entry: Entry | undefined) => {
    if (!entry || entry.why !== undefined) return
    rememberEntry(entry.id)
    onClose()
    // after the dialog has given the focus back
    setTimeout(() => entry.run())
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      if (at + step >= entries.length - 1) more()
      setActive((at + step + entries.length) % Math.max(1, entries.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      run(entries[at])
    }
  }
  return (
    <div className={classes.body}>
      <input
        ref={field}
        className={classes.input}
        data-autofocus
        role="combobox"
        aria-label="Command, concept or image"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={entries[at] && `${listId}-${at}`}
        placeholder={context.studio ? 'Command, concept or image' : 'Command or page'}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setActive(0)
        }}
        onKeyDown={onKeyDown}
        autoComplete="off"
        spellCheck={false}
      />
      <div
        id={listId}
        role="listbox"
        aria-label="Commands"
        className={classes.list}
        onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
          if (scrollTop + clientHeight > scrollHeight - NEAR_PX) more()
        }}
      >
        {entries.map((entry, i) => (
          <Line
            key={entry.id}
            id={`${listId}-${i}`}
            entry={entry}
            active={i === at}
            onPick={() => run(entry)}
            onHover={() => setActive(i)}
          />
        ))}
      </div>
      {entries.length === 0 && <p className={classes.none}>Nothing matches “{typed}”.</p>}
    </div>
  )
}

function Line({
  id,
  entry,
  active,
  onPick,
  onHover,
}: {
  id: string
  entry: Entry
  active: boolean
  onPick: () => void
  onHover: () => void
}) {
  const line = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (active) line.current?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field holds the focus and answers the keys
    <div
      ref={line}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      aria-disabled={entry.why !== undefined || undefined}
      className={classes.line}
      onClick={onPick}
      onMouseMove={onHover}
    >
      {entry.color && <Swatch color={entry.color} />}
      <span className={classes.title}>{entry.title}</span>
      <span className={classes.group}>{entry.why ?? entry.group}</span>
      {entry.key && <Kbd keys={shownKeys(entry.key, onMac()).join(' ')} />}
    </div>
  )
}

/** Images whose name or id holds what was typed, once typing rests. */
function useImages(typed: string, { studio, app }: CommandContext) {
  const [text] = useDebouncedValue(typed.trim(), 200)
  const { data } = useQuery({
    queryKey: ['palette', app?.owner, app?.app, text],
    queryFn: () => studio?.findImages(text) ?? [],
    enabled: studio !== undefined && text.length >= 2,
    staleTime: 10_000,
  })
  return text.length >= 2 ? (data ?? []) : []
}
