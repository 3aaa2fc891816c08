import type { Editor } from '#editor/editor.ts'

/** What commands may do anywhere behind the sign-in. */
export interface Shell {
  /** Opens a page of ours by its address. */
  go(href: string): void
  openPalette(): void
  openHelp(): void
}

/** What commands may do while an image is open. */
export interface Studio {
  /** Undefined while the image loads, or when it cannot be drawn on. */
  readonly editor: Editor | undefined
  /** The drawing surface has the focus. */
  onCanvas(): boolean
  previousImage(): void
  nextImage(): void
  nextUnlabelled(backwards: boolean): void
  goToImage(): void
  searchConcepts(): void
  /** Sets the active concept, and that of what is selected, by its digit: 1–10, where 10 is the key 0. */
  useSlot(slot: number): void
  clearConcept(): void
  toggleEmpty(): void
  /** Opens the concept picker for what is selected. */
  relabel(): void
  togglePanels(): void
  copyLink(): void
  explainSaving(): void
  /** For the palette. */
  concepts(): readonly { readonly id: string; readonly name: string; readonly color: string }[]
  pickConcept(id: string): void
  findImages(text: string): Promise<readonly { readonly id: string; readonly title: string }[]>
  openImage(id: string): void
}

export interface CommandContext {
  readonly shell: Shell
  readonly studio?: Studio | undefined
  /** The app whose pages are open. */
  readonly app?: { readonly owner: string; readonly app: string } | undefined
}

/**
 * Where a command's keys hold. `selected`, `unselected` and `drawing` exclude each other, so that the arrows may nudge
 * what is selected and else turn to the next image; every other pair overlaps, and there no key may stand twice.
 */
export type Scope = 'everywhere' | 'image' | 'selected' | 'unselected' | 'drawing'

/** Whether keys of both scopes can be live at the same moment. */
export const overlap = (a: Scope, b: Scope): boolean => {
  const apart: readonly Scope[] = ['selected', 'unselected', 'drawing']
  return a === b || !(apart.includes(a) && apart.includes(b))
}

export interface Command {
  readonly id: string
  readonly title: string
  readonly group: string
  /** As `Ctrl+Shift+Z`; Ctrl stands for Cmd too. */
  readonly keys: readonly string[]
  readonly scope: Scope
  /** Its keys hold in text fields, too. */
  readonly inFields?: boolean
  /** May run again while the key is held. */
  readonly repeats?: boolean
  /** Its keys hold only while the canvas has the focus: they mean something else everywhere else. */
  readonly onCanvas?: boolean
  /** The browser's own event does it (copy, paste): the key must reach the browser. */
  readonly byBrowser?: boolean
  when(context: CommandContext): boolean
  run(context: CommandContext): void
}
