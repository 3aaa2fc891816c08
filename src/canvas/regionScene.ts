import type { EditorState } from '#editor/state.ts'
import type { Region, RegionKey } from '#model/region.ts'
import { MaskPixels } from './maskPixels.ts'
import { type Look, lookOf, type RegionFlags } from './paint.ts'
import { type RegionLooks, RegionStore } from './regionStore.ts'

/** What the app decides about how a region looks. The functions are compared by identity: new ones mean a new look. */
export interface RegionStyle {
  colorOf(region: Region): string
  flags?: ((region: Region) => RegionFlags) | undefined
}

/** Whether the region layer must repaint: `soon` = the overlay hides the difference for a frame or two. */
export type Repaint = 'no' | 'soon' | 'now'

/** More selected regions than this stay on the region layer, drawn stronger, so that a gesture's frames stay cheap. */
const MOST_LIFTED = 100

const NONE: ReadonlySet<RegionKey> = new Set()

/**
 * Which layer shows which region. Selected and dragged regions are lifted: hidden below, drawn by the overlay, which
 * alone repaints while a gesture runs. When let go they stay on the overlay (`landing`) until the layer below has them.
 */
export class RegionScene implements RegionLooks {
  readonly store: RegionStore
  readonly masks = new MaskPixels()
  readonly landing = new Set<RegionKey>()
  lifted: ReadonlySet<RegionKey> = NONE
  #style: RegionStyle
  #locked: ReadonlySet<RegionKey> = NONE
  #dragged: EditorState['draft']['shapes'] = []
  #selected: ReadonlySet<RegionKey> = NONE
  #painted: RegionKey | undefined

  constructor(style: RegionStyle) {
    this.#style = style
    this.store = new RegionStore(this)
  }

  colorOf(region: Region): string {
    return this.#style.colorOf(region)
  }

  lookOf(region: Region): Look {
    return lookOf(region, this.#style.flags?.(region), this.#locked.has(region.key))
  }

  /** Takes another style; every region is looked at again. */
  restyle(style: RegionStyle): Repaint {
    if (style.colorOf === this.#style.colorOf && style.flags === this.#style.flags) return 'no'
    this.#style = style
    return this.store.restyle(this) ? 'now' : 'no'
  }

  /** Takes over a new state of the editor. */
  follow(state: EditorState): Repaint {
    let now = this.#relock(state.locked)
    const lifting = this.#lift(state)
    now = this.store.update(state.regions, state.order) || now
    now = this.store.hide(state.hidden) || now
    return now ? 'now' : lifting
  }

  /** The region layer shows exactly what it should. Returns whether the overlay has something to let go. */
  painted(): boolean {
    if (this.landing.size === 0) return false
    this.landing.clear()
    return true
  }

  #relock(locked: ReadonlySet<RegionKey>): boolean {
    if (locked === this.#locked) return false
    const changed = locked.symmetricDifference(this.#locked)
    this.#locked = locked
    return this.store.restyleSome(changed)
  }

  #lift({ selected, draft }: EditorState): Repaint {
    const painted = draft.painting?.key
    if (selected === this.#selected && draft.shapes === this.#dragged && painted === this.#painted) return 'no'
    this.#painted = painted
    this.#selected = selected
    this.#dragged = draft.shapes
    const few = selected.size <= MOST_LIFTED
    const dragged = draft.shapes.map((region) => region.key)
    // shown by the layer of what is being painted
    if (painted !== undefined) dragged.push(painted)
    const lifted = few ? selected.union(new Set(dragged)) : new Set(dragged)
    const marked = this.store.mark(few ? NONE : selected)
    if (lifted.size === this.lifted.size && lifted.isSubsetOf(this.lifted)) return marked ? 'now' : 'no'
    for (const key of this.lifted) if (!lifted.has(key)) this.landing.add(key)
    for (const key of lifted) this.landing.delete(key)
    this.lifted = lifted
    const changed = this.store.lift(lifted)
    return marked ? 'now' : changed ? 'soon' : 'no'
  }
}
