import type { Pixels } from './pixels.ts'

// room for the crossings of one pixel row to begin with; a row that has more gets room of its own
const CROSSINGS = 32

// the most crossings sorted by insertion: they come nearly in order for what is drawn by hand
const FEW = 24

/** Sorts the first n values in place, ascending. */
const sortFirst = (xs: Float32Array, n: number): void => {
  if (n > FEW) {
    xs.subarray(0, n).sort()
    return
  }
  for (let i = 1; i < n; i++) {
    const value = xs[i]!
    let j = i - 1
    for (; j >= 0 && xs[j]! > value; j--) xs[j + 1] = xs[j]!
    xs[j + 1] = value
  }
}

/** Where the edges of one polygon cross the centres of the pixel rows: what is between two of them is inside. */
export class Crossings {
  readonly #height: number
  // by row: where its edges cross the row's centre, and how many of them count
  readonly #crossings: Float32Array<ArrayBuffer>[]
  readonly #crossed: Int32Array
  #top: number
  #bottom = -1

  constructor(height: number) {
    this.#height = height
    this.#top = height
    this.#crossed = new Int32Array(height)
    const room = new Float32Array(height * CROSSINGS)
    this.#crossings = Array.from({ length: height }, (_, row) => room.subarray(row * CROSSINGS, (row + 1) * CROSSINGS))
  }

  /** Notes where the edges of a closed ring, the first `floats` of it (x, y, x, y …), cross the centres of the rows. */
  ring(ring: Float64Array, floats: number): void {
    const crossed = this.#crossed
    const last = this.#height - 1
    for (let i = 0; i < floats; i += 2) {
      const j = i + 2 < floats ? i + 2 : 0
      const upper = ring[i + 1]! <= ring[j + 1]! ? i : j
      const lower = upper === i ? j : i
      const y0 = ring[upper + 1]!
      const y1 = ring[lower + 1]!
      const from = Math.max(0, Math.ceil(y0 - 0.5))
      const to = Math.min(last, Math.ceil(y1 - 0.5) - 1)
      if (from > to) continue
      if (from < this.#top) this.#top = from
      if (to > this.#bottom) this.#bottom = to
      const slope = (ring[lower]! - ring[upper]!) / (y1 - y0)
      let x = ring[upper]! + (from + 0.5 - y0) * slope
      for (let row = from; row <= to; row++, x += slope) {
        const n = crossed[row]!
        let xs = this.#crossings[row]!
        if (n === xs.length) {
          const more = new Float32Array(2 * n)
          more.set(xs)
          this.#crossings[row] = more
          xs = more
        }
        xs[n] = x
        crossed[row] = n + 1
      }
    }
  }

  /** Fills between the noted crossings, even-odd, and forgets them. */
  fill(pixels: Pixels, rgb: number, alpha: number, hatch: number, anchor: number): void {
    for (let row = this.#top; row <= this.#bottom; row++) {
      const n = this.#crossed[row]!
      this.#crossed[row] = 0
      if (n < 2) continue
      const xs = this.#crossings[row]!
      sortFirst(xs, n)
      for (let i = 0; i + 1 < n; i += 2) {
        const a = Math.max(0, Math.ceil(xs[i]! - 0.5))
        const z = Math.min(pixels.width - 1, Math.ceil(xs[i + 1]! - 0.5) - 1)
        pixels.span(a, z, row, rgb, alpha, hatch, anchor)
      }
    }
    this.#top = this.#height
    this.#bottom = -1
  }
}
