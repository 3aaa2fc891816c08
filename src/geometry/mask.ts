import { type Bits, countBits, fillRun, makeBits, nextBit, orInto } from './bits.ts'
import type { Size } from './point.ts'
import type { Mask } from './shape.ts'

/** Calls `span(y, from, to)` for every run of set pixels from ≤ x < to, in reading order; image pixels. */
export function forEachSpan(mask: Mask, span: (y: number, from: number, to: number) => void): void {
  const { w, runs } = mask
  let at = 0
  for (let i = 0; i < runs.length; i++) {
    const end = at + runs[i]!
    if (i % 2 === 1) {
      while (at < end) {
        const row = Math.floor(at / w)
        const stop = Math.min(end, (row + 1) * w)
        span(mask.y + row, mask.x + at - row * w, mask.x + stop - row * w)
        at = stop
      }
    }
    at = end
  }
}

const areas = new WeakMap<Mask, number>()

/** Set pixels; counted once per mask. */
export function maskArea(mask: Mask): number {
  const known = areas.get(mask)
  if (known !== undefined) return known
  let area = 0
  for (let i = 1; i < mask.runs.length; i += 2) area += mask.runs[i]!
  areas.set(mask, area)
  return area
}

/** Distance from a point to the nearest set pixel, 0 inside one; image px. */
export function maskDistance(mask: Mask, x: number, y: number): number {
  let best = Infinity
  forEachSpan(mask, (row, from, to) => {
    const dx = Math.max(from - x, 0, x - to)
    const dy = Math.max(row - y, 0, y - row - 1)
    const squared = dx * dx + dy * dy
    if (squared < best) best = squared
  })
  return Math.sqrt(best)
}

/** A mask as it is inside the image; undefined when nothing of it is. */
export function clipMask(mask: Mask, size: Size): Mask | undefined {
  if (mask.x >= 0 && mask.y >= 0 && mask.x + mask.w <= size.width && mask.y + mask.h <= size.height) return mask
  const spans = new Spans()
  forEachSpan(mask, (y, from, to) => {
    if (y >= 0 && y < size.height) spans.add(y, Math.max(0, from), Math.min(size.width, to))
  })
  return spans.toMask()
}

/** Collects runs of set pixels, row by row and from left to right; two that touch are one. */
export class Spans {
  #numbers = new Int32Array(96)
  #count = 0

  /** Pixels from ≤ x < to of row y; nothing if there are none. */
  readonly add = (y: number, from: number, to: number): void => {
    if (from >= to) return
    const numbers = this.#numbers
    const last = this.#count - 3
    if (last >= 0 && numbers[last] === y && numbers[last + 2] === from) {
      numbers[last + 2] = to
      return
    }
    if (this.#count + 3 > this.#numbers.length) {
      const grown = new Int32Array(2 * this.#numbers.length)
      grown.set(this.#numbers)
      this.#numbers = grown
    }
    this.#numbers[this.#count++] = y
    this.#numbers[this.#count++] = from
    this.#numbers[this.#count++] = to
  }

  /** The mask of them, cropped to what is set; undefined when nothing is. */
  toMask(): Mask | undefined {
    const numbers = this.#numbers
    const count = this.#count
    if (count === 0) return undefined
    let left = Infinity
    let right = -Infinity
    for (let i = 0; i < count; i += 3) {
      if (numbers[i + 1]! < left) left = numbers[i + 1]!
      if (numbers[i + 2]! > right) right = numbers[i + 2]!
    }
    const top = numbers[0]!
    const w = right - left
    const runs = new Uint32Array((2 * count) / 3 + 1)
    let used = 0
    let end = 0
    for (let i = 0; i < count; i += 3) {
      const from = (numbers[i]! - top) * w + numbers[i + 1]! - left
      const length = numbers[i + 2]! - numbers[i + 1]!
      // a row that begins where the one above ended goes on with the same run
      if (from === end && used > 0) runs[used - 1]! += length
      else {
        runs[used++] = from - end
        runs[used++] = length
      }
      end = from + length
    }
    const h = numbers[count - 3]! - top + 1
    if (end < w * h) runs[used++] = w * h - end
    return { kind: 'mask', x: left, y: top, w, h, runs: runs.slice(0, used) }
  }
}

/** Whether the image pixel that holds the point (x, y) is set. */
export function maskContains(mask: Mask, x: number, y: number): boolean {
  const i = Math.floor(x) - mask.x
  const j = Math.floor(y) - mask.y
  if (i < 0 || j < 0 || i >= mask.w || j >= mask.h) return false
  const ends = endsOf(mask)
  const at = j * mask.w + i
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ends[middle]! <= at) low = middle + 1
    else high = middle
  }
  return low % 2 === 1
}

/** Where each run ends, from the crop's start: kept per mask, so that a hit test is a binary search. */
const ends = new WeakMap<Mask, Float64Array>()
function endsOf(mask: Mask): Float64Array {
  const known = ends.get(mask)
  if (known) return known
  const made = new Float64Array(mask.runs.length)
  let at = 0
  for (let i = 0; i < made.length; i++) made[i] = at += mask.runs[i]!
  ends.set(mask, made)
  return made
}

export function maskToBits(mask: Mask): Bits {
  const bits = makeBits(mask.x, mask.y, mask.w, mask.h)
  forEachSpan(mask, (y, from, to) => fillRun(bits.words, (y - mask.y) * bits.stride, from - mask.x, to - mask.x, true))
  return bits
}

/** The mask of these bits, cropped to what is set; undefined when nothing is. */
export function maskFromBits(bits: Bits): Mask | undefined {
  const crop = tightCrop(bits)
  if (!crop) return undefined
  const spans = new Spans()
  for (let row = crop.top; row < crop.bottom; row++) {
    const start = row * bits.stride
    for (let from = nextBit(bits.words, start, bits.w, crop.left, true); from < bits.w; ) {
      const to = nextBit(bits.words, start, bits.w, from, false)
      spans.add(bits.y + row, bits.x + from, bits.x + to)
      from = nextBit(bits.words, start, bits.w, to, true)
    }
  }
  return spans.toMask()
}

function tightCrop(bits: Bits): { left: number; top: number; right: number; bottom: number } | undefined {
  let [left, top, right, bottom] = [bits.w, bits.h, 0, 0]
  for (let row = 0; row < bits.h; row++) {
    const start = row * bits.stride
    const first = nextBit(bits.words, start, bits.w, 0, true)
    if (first === bits.w) continue
    top = Math.min(top, row)
    bottom = row + 1
    left = Math.min(left, first)
    for (let word = bits.stride - 1; word >= 0; word--) {
      const value = bits.words[start + word]!
      if (value === 0) continue
      right = Math.max(right, word * 32 + 32 - Math.clz32(value))
      break
    }
  }
  return bottom === 0 ? undefined : { left, top, right, bottom }
}

type Combine = (a: number, b: number) => number

/** Pixels set in either. */
export const unionMasks = (a: Mask, b: Mask): Mask | undefined => combine(a, b, (x, y) => x | y)
/** Pixels of `a` that are not in `b`. */
export const subtractMasks = (a: Mask, b: Mask): Mask | undefined => combine(a, b, (x, y) => x & ~y)
/** Pixels set in both. */
export const intersectMasks = (a: Mask, b: Mask): Mask | undefined => combine(a, b, (x, y) => x & y)

function combine(a: Mask, b: Mask, operation: Combine): Mask | undefined {
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  const w = Math.max(a.x + a.w, b.x + b.w) - x
  const h = Math.max(a.y + a.h, b.y + b.h) - y
  const result = makeBits(x, y, w, h)
  const other = makeBits(x, y, w, h)
  orInto(result, maskToBits(a))
  orInto(other, maskToBits(b))
  for (let i = 0; i < result.words.length; i++) result.words[i] = operation(result.words[i]!, other.words[i]!)
  return countBits(result.words) === 0 ? undefined : maskFromBits(result)
}

/** The same pixels, whatever the crop. */
export function sameMask(a: Mask, b: Mask): boolean {
  if (a === b) return true
  const left = maskFromBits(maskToBits(a))
  const right = maskFromBits(maskToBits(b))
  return left && right ? sameRuns(left, right) : left === right
}

/** The same crop and runs; of masks that are cropped tightly, the same pixels. */
export const sameRuns = (a: Mask, b: Mask): boolean =>
  a === b ||
  (a.x === b.x &&
    a.y === b.y &&
    a.w === b.w &&
    a.h === b.h &&
    a.runs.length === b.runs.length &&
    a.runs.every((run, i) => run === b.runs[i]))
