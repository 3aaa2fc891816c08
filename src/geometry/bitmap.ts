import { fillRun, makeBits, nextBit } from './bits.ts'
import { type Footprint, strokeSpans } from './brush.ts'
import { forEachSpan, maskFromBits } from './mask.ts'
import type { Point } from './point.ts'
import type { Mask } from './shape.ts'

const TILE = 256
const WORDS = (TILE / 32) * TILE

/** Tiles as they were before a stroke, by tile number; `undefined` = it was empty. */
export type Journal = ReadonlyMap<number, Uint32Array | undefined>

/**
 * The scratch raster of the brush, at image resolution: bits in tiles of 256 × 256 that exist only where something was
 * painted. A pixel belongs to a shape when its centre does. Cost follows the stroke, not the image.
 */
export class Bitmap {
  readonly width: number
  readonly height: number
  readonly #columns: number
  readonly #tiles = new Map<number, Uint32Array>()
  #journal: Map<number, Uint32Array | undefined> | undefined

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.#columns = Math.ceil(width / TILE)
  }

  static of(mask: Mask | undefined, width: number, height: number): Bitmap {
    const bitmap = new Bitmap(width, height)
    if (mask) bitmap.fillMask(mask, true)
    return bitmap
  }

  /** From here on, what tiles were before is noted, until {@link endStroke}. */
  beginStroke(): void {
    this.#journal = new Map()
  }

  endStroke(): Journal {
    const journal = this.#journal ?? new Map<number, Uint32Array | undefined>()
    this.#journal = undefined
    return journal
  }

  /** Puts back what a journal says; returns the journal that would undo that. */
  restore(journal: Journal): Journal {
    const undo = new Map<number, Uint32Array | undefined>()
    for (const [tile, words] of journal) {
      undo.set(tile, this.#tiles.get(tile))
      if (words) this.#tiles.set(tile, words)
      else this.#tiles.delete(tile)
    }
    return undo
  }

  get(x: number, y: number): boolean {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return false
    const tile = this.#tiles.get((y >>> 8) * this.#columns + (x >>> 8))
    return tile !== undefined && ((tile[((y & 255) << 3) + ((x & 255) >>> 5)]! >>> (x & 31)) & 1) === 1
  }

  /** Pixels from ≤ x < to of row y; clipped to the image. */
  fillSpan(y: number, from: number, to: number, on: boolean): void {
    if (y < 0 || y >= this.height) return
    const start = Math.max(0, from)
    const end = Math.min(this.width, to)
    for (let x = start; x < end; ) {
      const column = x >>> 8
      const stop = Math.min(end, (column + 1) << 8)
      const words = this.#tileFor((y >>> 8) * this.#columns + column, on)
      if (words) fillRun(words, (y & 255) << 3, x & 255, stop - (column << 8), on)
      x = stop
    }
  }

  /** One dab of the brush centred at image point `at`. */
  stamp(at: Point, brush: Footprint, on: boolean): void {
    this.stroke(at, at, brush, on)
  }

  /** All pixels the brush passes between two image points: no gaps and no stairs, however far apart they are. */
  stroke(from: Point, to: Point, brush: Footprint, on: boolean): void {
    strokeSpans(from, to, brush, (y, start, end) => this.fillSpan(y, start, end, on))
  }

  /** The inside of closed rings, even-odd, so that rings inside rings are holes. Image pixels. */
  fillPolygon(rings: readonly (readonly Point[])[], on: boolean): void {
    const ys = rings.flatMap((ring) => ring.map((point) => point[1]))
    if (ys.length === 0) return
    const top = Math.max(0, Math.floor(ys.reduce((a, b) => Math.min(a, b))))
    const bottom = Math.min(this.height, Math.ceil(ys.reduce((a, b) => Math.max(a, b))))
    const crossings: number[][] = Array.from({ length: Math.max(0, bottom - top) }, () => [])
    for (const ring of rings)
      for (let i = 0; i < ring.length; i++) cross(ring[i]!, ring[(i + 1) % ring.length]!, top, crossings)
    for (const [i, xs] of crossings.entries()) {
      xs.sort((a, b) => a - b)
      for (let j = 0; j + 1 < xs.length; j += 2)
        this.fillSpan(top + i, Math.ceil(xs[j]! - 0.5), Math.ceil(xs[j + 1]! - 0.5), on)
    }
  }

  fillMask(mask: Mask, on: boolean): void {
    forEachSpan(mask, (y, from, to) => this.fillSpan(y, from, to, on))
  }

  /** What is painted, cropped; undefined when nothing is. */
  toMask(): Mask | undefined {
    const used = [...this.#tiles].filter(([, words]) => words.some((word) => word !== 0))
    if (used.length === 0) return undefined
    const columns = used.map(([tile]) => tile % this.#columns)
    const rows = used.map(([tile]) => Math.floor(tile / this.#columns))
    const [left, top] = [Math.min(...columns) * TILE, Math.min(...rows) * TILE]
    const right = Math.min(this.width, (Math.max(...columns) + 1) * TILE)
    const bottom = Math.min(this.height, (Math.max(...rows) + 1) * TILE)
    const bits = makeBits(left, top, right - left, bottom - top)
    for (const [i, [, words]] of used.entries()) {
      const x = columns[i]! * TILE - left
      const y = rows[i]! * TILE - top
      for (let row = 0; row < TILE && y + row < bits.h; row++)
        for (let word = 0; word < 8 && (x >>> 5) + word < bits.stride; word++)
          bits.words[(y + row) * bits.stride + (x >>> 5) + word] = words[row * 8 + word]!
    }
    return maskFromBits(bits)
  }

  /** Calls `span` for every painted run inside the rectangle, for painting what changed. */
  forEachSpanIn(x: number, y: number, w: number, h: number, span: (y: number, from: number, to: number) => void): void {
    const right = Math.min(this.width, x + w)
    for (let row = Math.max(0, y); row < Math.min(this.height, y + h); row++)
      for (let at = Math.max(0, x); at < right; ) {
        const column = at >>> 8
        const stop = Math.min(right, (column + 1) << 8)
        const words = this.#tiles.get((row >>> 8) * this.#columns + column)
        for (let i = at; words && i < stop; ) {
          const set = nextBit(words, (row & 255) << 3, TILE, i & 255, true) + (column << 8)
          if (set >= stop) break
          const clear = Math.min(stop, nextBit(words, (row & 255) << 3, TILE, set & 255, false) + (column << 8))
          span(row, set, clear)
          if (clear === stop) break
          i = clear
        }
        at = stop
      }
  }

  #tileFor(tile: number, on: boolean): Uint32Array | undefined {
    const known = this.#tiles.get(tile)
    if (!known && !on) return undefined
    if (!this.#journal) {
      if (known) return known
    } else if (this.#journal.has(tile)) {
      if (known) return known
    } else this.#journal.set(tile, known)
    const fresh = known ? known.slice() : new Uint32Array(WORDS)
    this.#tiles.set(tile, fresh)
    return fresh
  }
}

/** Notes where an edge crosses the centres of pixel rows; half-open in y, so that a vertex counts once. */
function cross(p: Point, q: Point, top: number, crossings: number[][]): void {
  const [a, b] = p[1] <= q[1] ? [p, q] : [q, p]
  if (a[1] === b[1]) return
  const first = Math.max(0, Math.ceil(a[1] - 0.5) - top)
  const last = Math.min(crossings.length - 1, Math.ceil(b[1] - 0.5) - 1 - top)
  const slope = (b[0] - a[0]) / (b[1] - a[1])
  for (let row = first; row <= last; row++) crossings[row]!.push(a[0] + (top + row + 0.5 - a[1]) * slope)
}
