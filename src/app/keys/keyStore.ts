import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Command } from '#app/command.ts'
import { onMac, shownStroke } from '#app/keyStroke.ts'
import { type Keymap, standardKeymap } from './keymap.ts'

interface KeyState {
  readonly keymap: Keymap
  /** every command with this person's keys; none until they are loaded (keptKeymap.ts), which pages do not wait for */
  readonly commands: readonly Command[]
  /** the server has been asked, so what is changed from now on is changed from what the person had */
  readonly loaded: boolean
}

/** The keys of the person who is signed in. Whoever shows or answers keys reads them here, never from a command. */
export const keyStore = createStore<KeyState>(() => ({ keymap: standardKeymap, commands: [], loaded: false }))

/** The keys of a command, as {@link Command.keys}; none for an id that no command has. */
export const keysOf = (id: string, { commands: bound } = keyStore.getState()): readonly string[] =>
  bound.find((command) => command.id === id)?.keys ?? []

const nothing: readonly string[] = []

/** The person's keys of a command; renders again when they change. */
export const useKeys = (id: string): readonly string[] =>
  useStore(keyStore, (state) => state.commands.find((command) => command.id === id)?.keys ?? nothing)

/** The first key of a command as people read it, ` (Ctrl+Z)`; empty without one. */
export function useKeyHint(id: string): string {
  const [key] = useKeys(id)
  return key === undefined ? '' : ` (${shownStroke(key, onMac())})`
}

export const useCommands = (): readonly Command[] => useStore(keyStore, (state) => state.commands)
