import { useEffect } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

/**
 * What one can do with a picture waits for the first picture: its code (editor, canvas, commands, menus) is loaded
 * once this is open. It opens with the first picture on the screen, on pages that have none, and never closes.
 */
export const pictureGate = createStore<{ readonly open: boolean }>(() => ({ open: false }))

export const openPictureGate = (): void => pictureGate.setState({ open: true })

/** Whether the gate is open; `now` opens it. */
export function usePictureGate(now: boolean): boolean {
  useEffect(() => {
    if (now) openPictureGate()
  }, [now])
  return useStore(pictureGate, ({ open }) => open) || now
}
