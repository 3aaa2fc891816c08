import { useCallback } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import { failureToast, undoToast } from '#ui/toast.tsx'
import { setKeymap, storeKeymap } from './keptKeymap.ts'
import type { Keymap } from './keymap.ts'
import { keyStore } from './keyStore.ts'

/** Makes the keymap the person's, keeps it, says what was done and offers to take it back; or says what did not work. */
export function useTakeKeys(): (next: Keymap, said: string) => void {
  const { clients, person } = useApp()
  return useCallback(
    (next, said) => {
      const put = (keymap: Keymap) => {
        setKeymap(keymap)
        storeKeymap(clients, person.id, keymap).catch((error: unknown) =>
          failureToast('Kept in this browser only', `${messageOf(error)} It is sent again the next time you sign in.`),
        )
      }
      const before = keyStore.getState().keymap
      put(next)
      undoToast(said, () => put(before), { name: 'Keys as before' })
    },
    [clients, person.id],
  )
}
