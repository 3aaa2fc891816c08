import Flatbush from 'flatbush'
import type { Point } from './point.ts'
import type { Box } from './shape.ts'

/** What lies near a place, by bounds; in no particular order. */
export interface Around<K> {
  /** the bounds contain the place, or are a point within reach */
  readonly over: K[]
  /** the bounds are `away` from it */
  readonly beside: { readonly key: K; readonly away: number }[]
}

/**
 * Which keys' bounds meet a box. A flatbush that is rebuilt, not patched (3 ms per 10,000); what changed since the
 * last build waits in a dirty map that every search walks, until it is large enough to be worth a rebuild. The bounds
 * are held by the tree alone: boxes and a map of them were 5 MB more of 100,000.
 */
export class SpatialIndex<K> {
  #tree: Flatbush | undefined
  /** by their number in the tree */
  #keys: K[] = []
  /** since the last build; undefined = deleted */
  readonly #dirty = new Map<K, Box | undefined>()
  /** many that are to come into the tree with the next search: left, top, right, bottom of each */
  #added: { readonly keys: K[]; readonly sides: number[] } | undefined
  #holdsPoints = false

  /** Bounds without width and height may be among them; not: surely none are. */
  get mayHoldPoints(): boolean {
    this.#freshen()
    return this.#holdsPoints
  }

  /** Adds the key or moves it. */
  set(key: K, bounds: Box): void {
    if (this.#added) this.#rebuild()
    this.#dirty.set(key, bounds)
    this.#holdsPoints ||= bounds.w === 0 && bounds.h === 0
  }

  /** Adds one of many new keys: what was added is found from the next search on, which builds the tree. */
  add(key: K, bounds: Box): void {
    if (this.#dirty.size > 0) {
      this.set(key, bounds)
      return
    }
    this.#added ??= { keys: [], sides: [] }
    this.#added.keys.push(key)
    this.#added.sides.push(bounds.x, bounds.y, bounds.x + bounds.w, bounds.y + bounds.h)
  }

  delete(key: K): void {
    if (this.#added) this.#rebuild()
    this.#dirty.set(key, undefined)
  }

  clear(): void {
    this.#dirty.clear()
    this.#added = undefined
    this.#tree = undefined
    this.#keys = []
    this.#holdsPoints = false
  }

  /** Keys whose bounds touch `area` (borders included), in no particular order. */
  search(area: Box): K[] {
    this.#freshen()
    const right = area.x + area.w
    const bottom = area.y + area.h
    const found: K[] = []
    if (this.#tree) {
      for (const i of this.#tree.search(area.x, area.y, right, bottom)) {
        const key = this.#keys[i]!
        if (!this.#dirty.has(key)) found.push(key)
      }
    }
    for (const [key, b] of this.#dirty) {
      if (b && b.x <= right && b.y <= bottom && b.x + b.w >= area.x && b.y + b.h >= area.y) found.push(key)
    }
    return found
  }

  /**
   * Keys whose bounds are at most `reach` from a place. Told apart by the bounds in the tree, so that what is only
   * beside costs no look at its key (1 µs each among 100,000).
   */
  around([x, y]: Point, reach: number): Around<K> {
    this.#freshen()
    const over: K[] = []
    const beside: { key: K; away: number }[] = []
    const tell = (key: K, left: number, top: number, right: number, bottom: number) => {
      const dx = Math.max(left - x, 0, x - right)
      const dy = Math.max(top - y, 0, y - bottom)
      const away = dx === 0 ? dy : dy === 0 ? dx : Math.hypot(dx, dy)
      if (away > reach) return
      if (away === 0 || (left === right && top === bottom)) over.push(key)
      else beside.push({ key, away })
    }
    this.#tree?.search(x - reach, y - reach, x + reach, y + reach, (i, left, top, right, bottom) => {
      const key = this.#keys[i]!
      if (this.#dirty.size === 0 || !this.#dirty.has(key)) tell(key, left, top, right, bottom)
      return false
    })
    for (const [key, b] of this.#dirty) if (b) tell(key, b.x, b.y, b.x + b.w, b.y + b.h)
    return { over, beside }
  }

  #freshen(): void {
    if (this.#added || this.#dirty.size > Math.max(64, this.#keys.length / 16)) this.#rebuild()
  }

  #rebuild(): void {
    const { keys, sides } = this.#added ?? { keys: [], sides: [] }
    this.#tree?.search(-Infinity, -Infinity, Infinity, Infinity, (i, left, top, right, bottom) => {
      const key = this.#keys[i]!
      if (this.#dirty.has(key)) return false
      keys.push(key)
      sides.push(left, top, right, bottom)
      return false
    })
    for (const [key, b] of this.#dirty) {
      if (!b) continue
      keys.push(key)
      sides.push(b.x, b.y, b.x + b.w, b.y + b.h)
    }
    this.clear()
    this.#keys = keys
    if (keys.length === 0) return
    this.#tree = new Flatbush(keys.length)
    for (let i = 0; i < sides.length; i += 4) {
      const [left, top, right, bottom] = [sides[i]!, sides[i + 1]!, sides[i + 2]!, sides[i + 3]!]
      this.#tree.add(left, top, right, bottom)
      this.#holdsPoints ||= left === right && top === bottom
    }
    this.#tree.finish()
  }
}
