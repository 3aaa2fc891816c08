import Flatbush from 'flatbush'
import type { Point } from './point.ts'
import type { Box } from './shape.ts'

/**
 * Bounds are kept in whole parts of a px, so many, rounded outward: before code is compiled, every other number that is
 * read is an object, and the first hits among 100,000 took four times as long.
 */
const PARTS = 16
/** as much as a number may be that is no object */
const MOST = 2 ** 30 - 1

const lower = (px: number): number => Math.max(-MOST, Math.min(MOST, Math.floor(px * PARTS)))
const upper = (px: number): number => Math.max(-MOST, Math.min(MOST, Math.ceil(px * PARTS)))

/** What was found near a place: numbers, and how far each is from it. One is enough, it is used anew each time. */
class Near {
  /** of what was found: what was taken, in its order, and then the rest */
  readonly numbers: number[] = []
  /** px, beside the numbers */
  aways = new Float64Array(64)
  #count = 0
  #taken = 0
  /** in parts, as all that follows */
  #x = 0
  #y = 0
  #reach = 0

  begin(x: number, y: number, reach: number): void {
    this.#count = 0
    this.#taken = 0
    this.#x = x * PARTS
    this.#y = y * PARTS
    this.#reach = reach * PARTS
  }

  /** For Flatbush, which is to collect nothing itself. */
  readonly look = (i: number, left: number, top: number, right: number, bottom: number): false => {
    this.note(i, left, top, right, bottom)
    return false
  }

  /** False when it is too far. */
  note(i: number, left: number, top: number, right: number, bottom: number): boolean {
    const x = this.#x
    const y = this.#y
    const dx = x < left ? left - x : x > right ? x - right : 0
    const dy = y < top ? top - y : y > bottom ? y - bottom : 0
    const away = Math.sqrt(dx * dx + dy * dy)
    if (away > this.#reach) return false
    const at = this.#count++
    if (at === this.aways.length) this.#grow()
    this.numbers[at] = i
    this.aways[at] = isPlace(left, top, right, bottom) ? 0 : away / PARTS
    return true
  }

  /** Where the nearest is of those that were not taken yet; −1 when there are none. Few are asked for, mostly. */
  take(): number {
    const { numbers, aways } = this
    const from = this.#taken
    if (from === this.#count) return -1
    let nearest = from
    for (let at = from + 1; at < this.#count; at++) if (aways[at]! < aways[nearest]!) nearest = at
    const number = numbers[nearest]!
    const away = aways[nearest]!
    numbers[nearest] = numbers[from]!
    aways[nearest] = aways[from]!
    numbers[from] = number
    aways[from] = away
    this.#taken++
    return from
  }

  #grow(): void {
    const { aways } = this
    this.aways = new Float64Array(2 * aways.length)
    this.aways.set(aways)
  }
}

/** Hardly more than a point, in parts. */
const isPlace = (left: number, top: number, right: number, bottom: number): boolean =>
  right - left <= 1 && bottom - top <= 1

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
  /** many that are to come into the tree with the next search: left, top, right, bottom of each, in parts */
  #added: { readonly keys: K[]; readonly sides: number[] } | undefined
  #holdsPoints = false
  readonly #near = new Near()

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
    pushSides(this.#added.sides, bounds)
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

  /** Keys whose bounds touch `area` (borders included, and what is nearer than a part), in no particular order. */
  search(area: Box): K[] {
    this.#freshen()
    const right = area.x + area.w
    const bottom = area.y + area.h
    const found: K[] = []
    if (this.#tree) {
      for (const i of this.#tree.search(lower(area.x), lower(area.y), upper(right), upper(bottom))) {
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
   * Visits what lies within `reach` of a place, nearest bounds first, until `visit` answers false. `away` is how far the
   * bounds are, 0 where they contain the place; bounds that are a point are 0 away, too. Told apart by the bounds in the
   * tree: a look at a key costs more (1 µs among 100,000).
   */
  visitNear([x, y]: Point, reach: number, visit: (key: K, away: number) => boolean): void {
    this.#freshen()
    const near = this.#near
    near.begin(x, y, reach)
    this.#tree?.search(lower(x - reach), lower(y - reach), upper(x + reach), upper(y + reach), near.look)
    const moved: K[] = []
    for (const [key, b] of this.#dirty)
      if (b && near.note(-1 - moved.length, lower(b.x), lower(b.y), upper(b.x + b.w), upper(b.y + b.h))) moved.push(key)
    for (let at = near.take(); at >= 0; at = near.take()) {
      const i = near.numbers[at]!
      const key = i < 0 ? moved[-1 - i]! : this.#keys[i]!
      if (i >= 0 && this.#dirty.size > 0 && this.#dirty.has(key)) continue
      if (!visit(key, near.aways[at]!)) return
    }
  }

  #freshen(): void {
    if (this.#added || this.#dirty.size > Math.max(64, this.#keys.length / 16)) this.#rebuild()
  }

  #rebuild(): void {
    const { keys, sides } = this.#added ?? { keys: [], sides: [] }
    this.#tree?.search(-MOST, -MOST, MOST, MOST, (i, left, top, right, bottom) => {
      const key = this.#keys[i]!
      if (this.#dirty.has(key)) return false
      keys.push(key)
      sides.push(left, top, right, bottom)
      return false
    })
    for (const [key, b] of this.#dirty) {
      if (!b) continue
      keys.push(key)
      pushSides(sides, b)
    }
    this.clear()
    this.#keys = keys
    if (keys.length === 0) return
    this.#tree = new Flatbush(keys.length, 16, Int32Array)
    for (let i = 0; i < sides.length; i += 4) {
      const [left, top, right, bottom] = [sides[i]!, sides[i + 1]!, sides[i + 2]!, sides[i + 3]!]
      this.#tree.add(left, top, right, bottom)
      this.#holdsPoints ||= isPlace(left, top, right, bottom)
    }
    this.#tree.finish()
  }
}

const pushSides = (sides: number[], { x, y, w, h }: Box): void => {
  sides.push(lower(x), lower(y), upper(x + w), upper(y + h))
}
