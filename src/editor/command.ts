import type { Editor } from './editor.ts'
import type { WhyNot } from './enabled.ts'

/** One thing a person can do, for keys, menus, palette, help and the list of shortcuts. */
export interface EditorCommand {
  /** unique, `group.verb` */
  readonly id: string
  readonly title: string
  readonly group: 'Tools' | 'Brush' | 'Edit' | 'Shapes' | 'Selection' | 'Suggestions' | 'View'
  /** as {@link keyName} writes them; several are alternatives */
  readonly keys: readonly string[]
  /** where its keys hold, if not everywhere in the studio: with Brush and Eraser in hand, or with anything else */
  readonly scope?: 'painting' | 'notPainting'
  /** may run again while the key is held */
  readonly repeats?: true
  readonly whyNot: WhyNot
  run(editor: Editor): void
}
