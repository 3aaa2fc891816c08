import { forEachSpan } from './mask.ts'
import type { Mask } from './shape.ts'

/**
 * The outline of a mask along the edges of its pixels: x, y, x, y … of closed rings on whole image pixels, rings parted
 * by a NaN pair, no point within a straight line. For painting: even-odd filling gives the mask back; where pieces touch
 * at a corner a ring may cross itself (maskRings in contour.ts parts them). Cost follows the runs: 3 ms for a mask of
 * 100,000.
 *
 * `step` 2, 4, 8 …: of the mask in blocks of so many pixels a side, set where any pixel of theirs is, for painting it
 * smaller; its points are still image pixels, and may exceed the crop by less than a block.
 */
export function maskOutline(mask: Mask, step = 1): Float32Array {
  const tracer = new Tracer(step)
  let row = new Row()
  let y = Number.NaN
  forEachSpan(mask, (spanY, from, to) => {
    const blockY = Math.floor(spanY / step)
    if (blockY !== y) {
      if (!Number.isNaN(y)) tracer.line(y, row)
      if (blockY !== y + 1) tracer.line(y + 1, EMPTY)
      row = new Row()
      y = blockY
    }
    row.add(Math.floor(from / step), Math.ceil(to / step))
  })
  if (!Number.isNaN(y)) {
    tracer.line(y, row)
    tracer.line(y + 1, EMPTY)
  }
  return tracer.rings()
}

/** Where the pixels of one row begin and end, ascending: from, to, from, to … */
class Row {
  edges: number[] = []

  /** Spans of several pixel rows come here for one row of blocks, each row from its left again. */
  add(from: number, to: number): void {
    const { edges } = this
    const last = edges.length - 1
    if (last < 0 || from > edges[last]!) edges.push(from, to)
    else if (from >= edges[last - 1]!) {
      if (to > edges[last]!) edges[last] = to
    } else this.#insert(from, to)
  }

  #insert(from: number, to: number): void {
    const { edges } = this
    let i = 0
    while (edges[i + 1]! < from) i += 2
    let [left, right] = [from, to]
    let j = i
    while (j < edges.length && edges[j]! <= to) {
      left = Math.min(left, edges[j]!)
      right = Math.max(right, edges[j + 1]!)
      j += 2
    }
    edges.splice(i, j - i, left, right)
  }
}

const EMPTY = new Row()

/**
 * Links corners from row to row. Where the edges of a row and the one above differ there is a corner; two neighbouring
 * corners of one line are joined across, and each is joined up or down to the other end of its vertical edge.
 */
class Tracer {
  readonly #step: number
  #xs = new Int32Array(256)
  #ys = new Int32Array(256)
  /** the corner at the other end of the vertical edge */
  #across = new Int32Array(256)
  #count = 0
  /** vertical edges that go on: where, and from which corner */
  #openX: number[] = []
  #openAt: number[] = []

  constructor(step: number) {
    this.#step = step
  }

  /** The row that begins at line `y`; every row with pixels in order, and an empty one where there are none. */
  line(y: number, { edges }: Row): void {
    const [openX, openAt] = [this.#openX, this.#openAt]
    const nextX: number[] = []
    const nextAt: number[] = []
    let i = 0
    let j = 0
    while (i < openX.length || j < edges.length) {
      const up = i < openX.length ? openX[i]! : Infinity
      const down = j < edges.length ? edges[j]! : Infinity
      if (up === down) {
        nextX.push(up)
        nextAt.push(openAt[i++]!)
        j++
      } else if (up < down) {
        const corner = this.#corner(up, y)
        const start = openAt[i++]!
        this.#across[corner] = start
        this.#across[start] = corner
      } else {
        nextX.push(down)
        nextAt.push(this.#corner(down, y))
        j++
      }
    }
    this.#openX = nextX
    this.#openAt = nextAt
  }

  #corner(x: number, y: number): number {
    if (this.#count === this.#xs.length) this.#grow()
    this.#xs[this.#count] = x
    this.#ys[this.#count] = y
    return this.#count++
  }

  #grow(): void {
    const bigger = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(2 * old.length)
      grown.set(old)
      return grown
    }
    this.#xs = bigger(this.#xs)
    this.#ys = bigger(this.#ys)
    this.#across = bigger(this.#across)
  }

  rings(): Float32Array {
    const [xs, ys, across, count, step] = [this.#xs, this.#ys, this.#across, this.#count, this.#step]
    const seen = new Uint8Array(count)
    // a ring has at least four corners, and a NaN pair after it
    const points = new Float32Array(2 * count + 2 * Math.ceil(count / 4))
    let at = 0
    for (let start = 0; start < count; start++) {
      if (seen[start]) continue
      if (at > 0) {
        points[at++] = Number.NaN
        points[at++] = Number.NaN
      }
      for (let corner = start; !seen[corner]; corner = across[corner]!) {
        for (const end of [corner, corner ^ 1]) {
          seen[end] = 1
          points[at++] = xs[end]! * step
          points[at++] = ys[end]! * step
        }
        corner ^= 1
      }
    }
    return points.slice(0, at)
  }
}
