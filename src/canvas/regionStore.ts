import type { Region, RegionKey } from '#model/region.ts'
import { flatBounds, flatten } from './flatten.ts'
import { detailAt } from './maskDetail.ts'
import { type Look, rgbOf, SELECTED } from './paint.ts'
import { type FlatRegion, GONE, HIDDEN_BY_PERSON, LIFTED, RegionArrays } from './regionArrays.ts'

/** How the store asks what it cannot know: colours, flags, locks. */
export interface RegionLooks {
  colorOf(region: Region): string
  lookOf(region: Region): Look
}

/** Floats of the point pool that may lie idle before everything is packed anew. */
const MAX_WASTE = 1 << 16

/**
 * The resting regions in the form the renderers read, kept in step with the editor's map by identity: an edit of one
 * region writes one slot, a new region at the top of the paint order appends one, a deleted one leaves a gap. Only
 * another paint order, or too many gaps, packs all anew (100,000 in about 40 ms).
 */
export class RegionStore {
  readonly arrays = new RegionArrays()
  /** Grows with every full packing: a worker that saw another number needs everything. */
  packing = 0
  /** Slots written, and slots only shown or hidden, since {@link RegionStore.settle}. */
  readonly written = new Set<number>()
  readonly toggled = new Set<number>()
  /** Regions with a badge (refused, conflicting, denied, locked); few. */
  readonly badges = new Map<RegionKey, NonNullable<Look['badge']>>()

  #looks: RegionLooks
  #regions: Region[] = []
  #slots = new Map<RegionKey, number>()
  #source: ReadonlyMap<RegionKey, Region> = new Map()
  #order: readonly RegionKey[] = []
  #hidden: ReadonlySet<RegionKey> = new Set()
  #lifted: ReadonlySet<RegionKey> = new Set()
  #marked: ReadonlySet<RegionKey> = new Set()
  #gone = 0
  /** slots of hidden masks, which are traced when they are to be seen: a stroke's end need not wait for it */
  readonly #untraced = new Set<number>()
  /** how coarse masks are kept: see maskDetail.ts */
  #step = 1

  constructor(looks: RegionLooks) {
    this.#looks = looks
  }

  /** Regions as of the last update. */
  get size(): number {
    return this.#slots.size
  }

  slotOf(key: RegionKey): number | undefined {
    return this.#slots.get(key)
  }

  regionOf(key: RegionKey): Region | undefined {
    const slot = this.#slots.get(key)
    return slot === undefined ? undefined : this.#regions[slot]
  }

  regionAt(slot: number): Region | undefined {
    return this.arrays.hidden[slot]! & GONE ? undefined : this.#regions[slot]
  }

  /** Keeps masks as fine as `k` device px per image px can show. To be called before painting. */
  showAt(k: number): void {
    const step = detailAt(k)
    if (step === this.#step) return
    this.#step = step
    for (const [key, slot] of this.#slots) {
      const region = this.#regions[slot]
      if (region?.shape.kind === 'mask' && region.key === key) this.#write(slot, region)
    }
  }

  /** Follows the editor's regions. Returns whether anything that shows has changed. */
  update(regions: ReadonlyMap<RegionKey, Region>, order: readonly RegionKey[]): boolean {
    if (regions === this.#source && order === this.#order) return false
    const shown =
      order === this.#order || sameKeys(order, this.#order)
        ? this.#followEdits(regions)
        : this.#followOrder(regions, order)
    this.#source = regions
    this.#order = order
    return shown
  }

  /** Colours, flags or locks may have changed: looks at every region again. Returns whether anything shows it. */
  restyle(looks: RegionLooks): boolean {
    this.#looks = looks
    let changed = false
    for (const slot of this.#slots.values()) changed = this.#style(slot) || changed
    return changed
  }

  /** Locks of these regions changed. */
  restyleSome(keys: Iterable<RegionKey>): boolean {
    let changed = false
    for (const key of keys) {
      const slot = this.#slots.get(key)
      if (slot !== undefined) changed = this.#style(slot) || changed
    }
    return changed
  }

  /** What the person has hidden. */
  hide(keys: ReadonlySet<RegionKey>): boolean {
    const changed = this.#toggle(this.#hidden, keys, HIDDEN_BY_PERSON)
    this.#hidden = keys
    return changed
  }

  /** What the overlay draws instead. */
  lift(keys: ReadonlySet<RegionKey>): boolean {
    const changed = this.#toggle(this.#lifted, keys, LIFTED)
    this.#lifted = keys
    return changed
  }

  /** What is selected but too much for the overlay: drawn here, stronger. */
  mark(keys: ReadonlySet<RegionKey>): boolean {
    const before = this.#marked
    if (before === keys || (before.size === 0 && keys.size === 0)) return false
    this.#marked = keys
    return this.restyleSome(new Set([...before, ...keys]))
  }

  /** A renderer elsewhere is up to date again. */
  settle(): void {
    this.written.clear()
    this.toggled.clear()
  }

  /** A slot's content, to be sent to a worker. */
  flatOf(slot: number): FlatRegion {
    const { rgb, style, bounds } = this.arrays
    const b = 4 * slot
    return {
      rgb: rgb[slot]!,
      style: style[slot]!,
      bounds: [bounds[b]!, bounds[b + 1]!, bounds[b + 2]!, bounds[b + 3]!],
      points: this.arrays.pointsOf(slot).slice(),
    }
  }

  /** Same keys in the same order: only values can differ. */
  #followEdits(regions: ReadonlyMap<RegionKey, Region>): boolean {
    let changed = false
    for (let slot = 0; slot < this.#regions.length; slot++) {
      const before = this.#regions[slot]!
      const region = regions.get(before.key)
      if (!region || region === before) continue
      changed = this.#write(slot, region) || changed
    }
    if (this.arrays.wasted > MAX_WASTE && this.arrays.wasted > this.arrays.used / 2) this.#packAll(regions, this.#order)
    return changed
  }

  /** Some keys left, some came: gaps for the first, slots at the end for the others if that is where they belong. */
  #followOrder(regions: ReadonlyMap<RegionKey, Region>, order: readonly RegionKey[]): boolean {
    if (this.#slots.size === 0) {
      this.#packAll(regions, order)
      return true
    }
    const kept: RegionKey[] = []
    let appends = true
    let added = 0
    for (const key of order) {
      if (this.#slots.has(key)) {
        if (added) appends = false
        kept.push(key)
      } else added++
    }
    let at = 0
    const inOrder =
      appends &&
      this.#regions.every(({ key }, slot) => this.arrays.hidden[slot]! & GONE || kept[at] !== key || ++at > 0) &&
      at === kept.length
    const leaving = this.#slots.size - kept.length
    if (!inOrder || added > this.#slots.size || this.#gone + leaving > 1_000 + order.length / 4) {
      this.#packAll(regions, order)
      return true
    }
    let changed = leaving > 0 && this.#remove(regions)
    changed = this.#followEdits(regions) || changed
    for (let i = order.length - added; i < order.length; i++) {
      const region = regions.get(order[i]!)
      if (region) changed = this.#append(region) || changed
    }
    return changed
  }

  /** Returns whether one of them was to be seen. */
  #remove(regions: ReadonlyMap<RegionKey, Region>): boolean {
    let seen = false
    for (const [key, slot] of this.#slots) {
      if (regions.has(key)) continue
      this.#slots.delete(key)
      this.badges.delete(key)
      seen ||= this.arrays.hidden[slot] === 0
      this.arrays.hidden[slot]! |= GONE
      this.toggled.add(slot)
      this.#gone++
    }
    return seen
  }

  /** Returns whether it shows. */
  #append(region: Region): boolean {
    const slot = this.arrays.count
    this.#slots.set(region.key, slot)
    return this.#write(slot, region, this.#hiddenBits(region.key))
  }

  #packAll(regions: ReadonlyMap<RegionKey, Region>, order: readonly RegionKey[]): void {
    this.arrays.clear()
    this.badges.clear()
    this.#slots = new Map()
    this.#regions = []
    this.#gone = 0
    this.#untraced.clear()
    this.arrays.reserve(order.length)
    for (const key of order) {
      const region = regions.get(key)
      if (region) this.#append(region)
    }
    this.packing++
    this.settle()
  }

  /** Returns whether it shows: what is hidden or lifted does not. */
  #write(slot: number, region: Region, hidden = this.arrays.hidden[slot]!): boolean {
    this.#regions[slot] = region
    const look = this.#lookOf(region)
    const rgb = rgbOf(this.#looks.colorOf(region))
    const later = hidden !== 0 && region.shape.kind === 'mask'
    const flat = later ? { bounds: flatBounds(region) } : flatten(region, this.#step)
    this.arrays.set(slot, { rgb, style: look.style, ...flat })
    this.arrays.hidden[slot] = hidden
    if (later) this.#untraced.add(slot)
    else this.#untraced.delete(slot)
    this.#badge(region.key, look)
    this.written.add(slot)
    return hidden === 0
  }

  #style(slot: number): boolean {
    const region = this.#regions[slot]!
    const look = this.#lookOf(region)
    const rgb = rgbOf(this.#looks.colorOf(region))
    this.#badge(region.key, look)
    if (this.arrays.rgb[slot] === rgb && this.arrays.style[slot] === look.style) return false
    this.arrays.rgb[slot] = rgb
    this.arrays.style[slot] = look.style
    this.written.add(slot)
    return this.arrays.hidden[slot] === 0
  }

  #lookOf(region: Region): Look {
    const look = this.#looks.lookOf(region)
    return this.#marked.has(region.key) ? { ...look, style: look.style | SELECTED } : look
  }

  #badge(key: RegionKey, look: Look): void {
    if (look.badge) this.badges.set(key, look.badge)
    else this.badges.delete(key)
  }

  #hiddenBits(key: RegionKey): number {
    return (this.#hidden.has(key) ? HIDDEN_BY_PERSON : 0) | (this.#lifted.has(key) ? LIFTED : 0)
  }

  #toggle(before: ReadonlySet<RegionKey>, after: ReadonlySet<RegionKey>, bit: number): boolean {
    if (before === after) return false
    let changed = false
    const set = (key: RegionKey, on: boolean) => {
      const slot = this.#slots.get(key)
      if (slot === undefined) return
      const bits = this.arrays.hidden[slot]!
      const now = on ? bits | bit : bits & ~bit
      if (now === bits) return
      if (now === 0 && this.#untraced.has(slot)) this.#write(slot, this.#regions[slot]!, 0)
      this.arrays.hidden[slot] = now
      this.toggled.add(slot)
      changed = true
    }
    for (const key of before) if (!after.has(key)) set(key, false)
    for (const key of after) if (!before.has(key)) set(key, true)
    return changed
  }
}

const sameKeys = (a: readonly RegionKey[], b: readonly RegionKey[]): boolean =>
  a.length === b.length && a.every((key, i) => key === b[i])
