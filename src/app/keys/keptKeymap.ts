import { commands } from '#app/commands.ts'
import { keep, keptText } from '#app/kept.ts'
import type { Clients } from '#sync/client.ts'
import { boundCommands, type Keymap, keymapText, parseKeymap, standardKeymap } from './keymap.ts'
import { keyStore } from './keyStore.ts'

export const setKeymap = (keymap: Keymap): void =>
  keyStore.setState({ keymap, commands: boundCommands(commands, keymap) })

setKeymap(standardKeymap)

/** Under this name the person's preferences on the server hold their keymap. */
const preference = 'keymap'

const localKey = (userId: string) => `marquee.keymap.${userId}`
/** Set while the server does not have what this browser holds. */
const unsavedKey = (userId: string) => `marquee.keymap.unsaved.${userId}`

/**
 * Gives the person their keys: at once those this browser knows, then those the server holds. What could not be stored
 * there before is stored now.
 */
export async function loadKeymap(clients: Clients, userId: string): Promise<void> {
  const local = readLocal(userId)
  setKeymap(local ?? standardKeymap)
  try {
    if (local && keptText(unsavedKey(userId)) !== undefined) return await storeKeymap(clients, userId, local)
    const { preferences } = await clients.account.getPreferences({})
    const text = preferences[preference]
    const kept = text === undefined ? standardKeymap : parseKeymap(text, commands)
    setKeymap(kept)
    keep(localKey(userId), keymapText(kept))
  } catch {
    // no server, or keys that this version cannot read: those of this browser stay
  } finally {
    keyStore.setState({ loaded: true })
  }
}

/**
 * Keeps the keymap: in this browser, and with the person on the server.
 * @throws when the server did not take it; this browser has it, and tries again the next time it starts
 */
export async function storeKeymap(clients: Clients, userId: string, keymap: Keymap): Promise<void> {
  keep(localKey(userId), keymapText(keymap))
  keep(unsavedKey(userId), 'yes')
  await clients.account.putPreferences({ preferences: { [preference]: keymapText(keymap) } })
  keep(unsavedKey(userId), undefined)
}

function readLocal(userId: string): Keymap | undefined {
  const text = keptText(localKey(userId))
  if (text === undefined) return undefined
  try {
    return parseKeymap(text, commands)
  } catch {
    return undefined // of another version, or spoilt: the server's counts
  }
}
