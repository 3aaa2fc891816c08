import { useEffect } from 'react'
import { useStore } from 'zustand'
import { heldBy } from '#app/keys/heldBy.ts'
import { useCommands } from '#app/keys/keyStore.ts'
import { displayStore } from '#app/workspace/display/displaySettings.ts'
import type { PointerInput } from '#editor/input.ts'

/** The canvas answers the keys that this person holds, and the wheel as they have set it. */
export function useHeldKeys(input: PointerInput): void {
  const commands = useCommands()
  useEffect(() => {
    input.heldKeys = heldBy(commands)
  }, [input, commands])
  const wheel = useStore(displayStore, ({ settings }) => settings.wheel)
  useEffect(() => {
    input.wheelMode = wheel
  }, [input, wheel])
}
