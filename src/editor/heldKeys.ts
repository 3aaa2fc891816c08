import { type KeyFacts, keyName } from './keys.ts'

/** What a key does for as long as it is held. */
export type Held = 'pan' | 'names' | 'bare' | 'zoom' | 'turn' | 'select'

/** Which of them a key press stands for, with a paint tool in hand or not; a person's own choice is put in its place. */
export type HeldKeys = (k: KeyFacts, painting?: boolean) => Held | undefined

const keys: Readonly<Record<string, Held>> = {
  Space: 'pan',
  '.': 'names',
  '`': 'bare',
  Z: 'zoom',
  O: 'turn',
  V: 'select',
}

export const defaultHeldKeys: HeldKeys = (k, painting) => {
  // Shift squares the box that Space moves
  if (k.code === 'Space' && !k.ctrl && !k.meta && !k.alt) return 'pan'
  return painting && keyName(k) === 'H' ? 'bare' : keys[keyName(k)]
}
