import { useEffect } from 'react'
import { heldBy } from '#app/keys/heldBy.ts'
import { useCommands } from '#app/keys/keyStore.ts'
import type { PointerInput } from '#editor/input.ts'

/** The canvas answers the keys that this person holds. */
export function useHeldKeys(input: PointerInput): void {
  const commands = useCommands()
  useEffect(() => {
    input.heldKeys = heldBy(commands)
  }, [input, commands])
}
