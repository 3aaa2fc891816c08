import Flatbush from 'flatbush'
import type { Box } from './shape.ts'

/**
 * Which keys' bounds meet a box. A flatbush that is rebuilt, not patched (3 ms per 10,000); what changed since the
 * last build waits in a dirty set that every search walks, until it is large enough to be worth a rebuild.
 */
export class SpatialIndex<K> {
  #tree: Flatbush | undefined
  #keys: readonly K[] = []
  #bounds = new Map<K, Box>()
  #dirty = new Set<K>()

  get size(): number {
    return this.#bounds.size
  }

  bounds(key: K): Box | undefined {
    return this.#bounds.get(key)
  }

  /** Adds the key or moves it. */
  set(key: K, bounds: Box): void {
    this.#bounds.set(key, bounds)
    this.#dirty.add(key)
  }

  delete(key: K): void {
    if (this.#bounds.delete(key)) this.#dirty.add(key)
  }

  clear(): void {
    this.#bounds.clear()
    this.#dirty.clear()
    this.#tree = undefined
    this.#keys = []
  }

  /** Keys whose bounds touch `area` (borders included), in no particular order. */
  search(area: Box): K[] {
    if (this.#dirty.size > Math.max(64, this.#bounds.size / 16)) this.#rebuild()
    const right = area.x + area.w
    const bottom = area.y + area.h
    const found: K[] = []
    if (this.#tree) {
      for (const i of this.#tree.search(area.x, area.y, right, bottom)) {
        const key = this.#keys[i]!
        if (!this.#dirty.has(key)) found.push(key)
      }
    }
    for (const key of this.#dirty) {
      const b = this.#bounds.get(key)
      if (b && b.x <= right && b.y <= bottom && b.x + b.w >= area.x && b.y + b.h >= area.y) found.push(key)
    }
    return found
  }

  #rebuild(): void {
    this.#dirty.clear()
    this.#keys = [...this.#bounds.keys()]
    this.#tree = undefined
    if (this.#keys.length === 0) return
    this.#tree = new Flatbush(this.#keys.length)
    for (const key of this.#keys) {
      const b = this.#bounds.get(key)!
      this.#tree.add(b.x, b.y, b.x + b.w, b.y + b.h)
    }
    this.#tree.finish()
  }
}
