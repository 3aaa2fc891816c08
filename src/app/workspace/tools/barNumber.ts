/**
 * What a key means in a number of the tool bar: Enter keeps what is typed, Esc brings back what stood there before; with
 * either the keyboard is the canvas's again, so that digits choose concepts. Undefined for every other key, and while an
 * input method is composing.
 */
export function numberDone(
  { key, isComposing = false }: { readonly key: string; readonly isComposing?: boolean },
  before: number,
): { readonly back?: number } | undefined {
  if (isComposing) return undefined
  if (key === 'Enter') return {}
  return key === 'Escape' ? { back: before } : undefined
}
