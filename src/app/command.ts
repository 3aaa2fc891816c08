import type { Editor } from '#editor/editor.ts'
import type { Held } from '#editor/heldKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import type { PresetId } from './keys/presets.ts'

/** What commands may do anywhere behind the sign-in. */
export interface Shell {
  /** Opens a page of ours by its address. */
  go(href: string): void
  openPalette(): void
  openHelp(): void
  setTheme(theme: 'auto' | 'light' | 'dark'): void
  /** Takes over the keys of a preset, and keeps them with the person. */
  takeKeysOf(preset: PresetId): void
  /** Vertices that polygons of the app share move together, or no longer do. */
  toggleSharedVertices(app: AppScope): void
}

/** What commands may do while an image is open. */
export interface Studio {
  /** Undefined while the image loads, or when it cannot be drawn on. */
  readonly editor: Editor | undefined
  /** Undo and redo, also of what is no image. */
  readonly history: Editor
  /** Tells the person something in passing. */
  say(text: string): void
  /** The drawing surface has the focus. */
  onCanvas(): boolean
  previousImage(): void
  nextImage(): void
  nextUnlabelled(backwards: boolean): void
  /** Goes so many images on (back, if negative), as far as there are any. */
  turn(by: number): void
  goToImage(): void
  searchConcepts(): void
  /**
   * Sets the active concept, and that of what is selected, by its digit: 1–10, where 10 is the key 0. With the Classify
   * tool it says that the image shows the concept, or for `negative` that it does not; again takes it back.
   */
  useSlot(slot: number, negative?: boolean): void
  clearConcept(): void
  /** Gives the list of what models suggest the focus, and with it its keys. */
  reviewSuggestions(): void
  /** Accepts every suggestion from the score on that the list is set to. */
  acceptSure(): void
  toggleEmpty(): void
  /** Opens the concept picker for what is selected. */
  relabel(): void
  togglePanels(): void
  /** Carries what was copied under the pointer. */
  pasteHere(): void
  copyPrevious(): void
  /** Asks to how many of the next images the selection is copied. */
  propagate(): void
  /** Goes to the first attribute of what is selected that has no value, else to the first. */
  fillAttributes(): void
  copyLink(): void
  explainSaving(): void
  /** Hands over what was done, and says how it stands. */
  save(): void
  /** For the palette. */
  concepts(): readonly { readonly id: string; readonly name: string; readonly color: string }[]
  pickConcept(id: string): void
  findImages(text: string): Promise<readonly { readonly id: string; readonly title: string }[]>
  openImage(id: string): void
  /** The image is open as assigned work; undefined else. */
  readonly work?: StudioWork | undefined
  /** The image is open to review somebody's work; undefined else. */
  readonly review?: StudioReview | undefined
  readonly notes: StudioNotes
}

/** What commands may do with the work that is reviewed. */
export interface StudioReview {
  /** The reviewer changes it: the editor's keys hold. */
  readonly fixing: boolean
  approve(): void
  requestChanges(): void
  deny(): void
  fix(): void
  stopFixing(): void
  /** Says of the selected region that it is right, or wrong. */
  right(): void
  wrong(): void
  /** Undefined where nothing was sent back before, or no history is kept. */
  readonly compare?: (() => void) | undefined
}

/** What commands may do with the notes on the image. */
export interface StudioNotes {
  /** Undefined without any. */
  readonly toggle?: (() => void) | undefined
  /** Begins one under the pointer, else on what is selected, else in the middle. */
  add(): void
}

/** What commands may do with the piece of work that is open. */
export interface StudioWork {
  submit(): void
  unsubmit(): void
  skip(): void
  goOn(): void
  /** Undefined where the task has none. */
  readonly instructions?: (() => void) | undefined
}

export interface CommandContext {
  readonly shell: Shell
  readonly studio?: Studio | undefined
  /** The app whose pages are open. */
  readonly app?: { readonly owner: string; readonly app: string } | undefined
}

/**
 * Where a command's keys hold. Scopes of one group exclude each other: the arrows nudge what is selected and else turn
 * to the next image; `[` is the size of the brush and else the paint order. Every other pair overlaps, and there no key
 * may stand twice.
 */
export type Scope =
  | 'everywhere'
  | 'image'
  | 'selected'
  | 'unselected'
  | 'drawing'
  | 'painting'
  | 'notPainting'
  | 'classify'
  | 'reviewing'

const apart: readonly (readonly Scope[])[] = [
  ['selected', 'unselected', 'drawing'],
  ['painting', 'notPainting', 'classify'],
  ['classify', 'drawing'],
]

/** While one reviews nothing is drawn: its keys come before those of the editor, whatever these mean then. */
const rules = (a: Scope, b: Scope): boolean => (a === 'reviewing') !== (b === 'reviewing')

/** Whether keys of both scopes can be live at the same moment. */
export const overlap = (a: Scope, b: Scope): boolean =>
  a === b ||
  (rules(a, b)
    ? a === 'everywhere' || b === 'everywhere'
    : !apart.some((group) => group.includes(a) && group.includes(b)))

/** What a scope is called where a person reads it. */
export const scopeNames: Readonly<Record<Scope, string>> = {
  everywhere: 'everywhere',
  image: 'with an image open',
  selected: 'with regions selected',
  unselected: 'with nothing selected',
  drawing: 'while a shape is drawn',
  painting: 'with Brush or Eraser',
  notPainting: 'with any tool but Brush and Eraser',
  classify: 'with the Classify tool',
  reviewing: 'while reviewing',
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
  /** The browser's own event does it (copy, paste): its first key must reach the browser, and stays. */
  readonly byBrowser?: boolean
  /** Does something for as long as its key is held (see editor/heldKeys.ts); pressing it runs nothing. */
  readonly held?: Held
  when(context: CommandContext): boolean
  /** Why it cannot be done now, as a few words that follow its name, where more than its scope decides. */
  whyNot?(context: CommandContext): string | undefined
  run(context: CommandContext): void
}
