import { type Bits, fillRun, makeBits, nextBit } from './bits.ts'
import { forEachSpan, Spans, sameRuns } from './mask.ts'
import type { Size } from './point.ts'
import type { Box, Mask } from './shape.ts'

/** Whole pixels, half-open: left ≤ x < right. Empty when right ≤ left. */
export interface Area {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export const emptyArea: Area = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }

export const isEmptyArea = (area: Area): boolean => area.right <= area.left || area.bottom <= area.top

/** The smallest area around both. */
export const joined = (a: Area, b: Area): Area => ({
  left: Math.min(a.left, b.left),
  top: Math.min(a.top, b.top),
  right: Math.max(a.right, b.right),
  bottom: Math.max(a.bottom, b.bottom),
})

export const clippedArea = (area: Area, { width, height }: Size): Area => ({
  left: Math.max(0, area.left),
  top: Math.max(0, area.top),
  right: Math.min(width, area.right),
  bottom: Math.min(height, area.bottom),
})

export const areaOf = ({ x, y, w, h }: Mask | Box): Area => ({ left: x, top: y, right: x + w, bottom: y + h })

export const boxOf = (area: Area): Box | undefined =>
  isEmptyArea(area)
    ? undefined
    : { kind: 'box', x: area.left, y: area.top, w: area.right - area.left, h: area.bottom - area.top }

/**
 * A mask as bits of the whole image, to paint on. It is kept from stroke to stroke: bringing it in line with the mask
 * it shows already costs nothing.
 */
export class MaskRaster {
  readonly bits: Bits
  #mask: Mask | undefined
  #scratch: Scratch | undefined

  constructor({ width, height }: Size) {
    this.bits = makeBits(0, 0, width, height)
  }

  /** The mask the bits stand for, but for a stroke under way. */
  get shown(): Mask | undefined {
    return this.#mask
  }

  /** Further bits of the image, empty between strokes; made when they are first asked for. */
  get scratch(): Scratch {
    this.#scratch ??= new Scratch(this.bits)
    return this.#scratch
  }

  /** After a stroke that changed nothing outside of `area`. */
  clearScratch(area: Area): void {
    this.#scratch?.clear(area)
  }

  /** Makes the bits show this mask, and nothing when there is none. */
  show(mask: Mask | undefined): void {
    if (mask === this.#mask) return
    if (this.#mask) clearArea(this.bits, areaOf(this.#mask))
    this.#mask = mask
    if (mask) forEachSpan(mask, (y, from, to) => setSpan(this.bits, y, from, to, true))
  }

  /** Takes over what was painted inside `area`: the mask that the bits now show. */
  take(area: Area): Mask | undefined {
    this.#mask = patchedMask(this.#mask, this.bits, area)
    return this.#mask
  }

  /** Forgets what was painted inside `area`. */
  restore(area: Area): void {
    const inside = clippedArea(area, { width: this.bits.w, height: this.bits.h })
    if (isEmptyArea(inside)) return
    clearArea(this.bits, inside)
    if (!this.#mask) return
    forEachSpan(this.#mask, (y, from, to) => {
      if (y < inside.top || y >= inside.bottom) return
      setSpan(this.bits, y, Math.max(from, inside.left), Math.min(to, inside.right), true)
    })
  }
}

/** Bits of the whole image for the time of a stroke. */
export class Scratch {
  readonly bits: Bits
  #used = emptyArea

  constructor({ x, y, w, h }: Bits) {
    this.bits = makeBits(x, y, w, h)
  }

  add(mask: Mask): void {
    this.#used = joined(this.#used, areaOf(mask))
    forEachSpan(mask, (y, from, to) => setSpan(this.bits, y, from, to, true))
  }

  /** Empties it of all that was added, and of what was set inside `area`. */
  clear(area: Area): void {
    clearArea(this.bits, joined(this.#used, area))
    this.#used = emptyArea
  }
}

/** Sets or clears from ≤ x < to of image row y; what lies outside the bits is left out. */
export function setSpan(bits: Bits, y: number, from: number, to: number, on: boolean): void {
  if (y < bits.y || y >= bits.y + bits.h) return
  const left = Math.max(from, bits.x) - bits.x
  const right = Math.min(to, bits.x + bits.w) - bits.x
  fillRun(bits.words, (y - bits.y) * bits.stride, left, right, on)
}

export function clearArea(bits: Bits, area: Area): void {
  for (let y = area.top; y < area.bottom; y++) setSpan(bits, y, area.left, area.right, false)
}

/** Calls `span` for the runs of set bits of image row y inside from ≤ x < to. */
export function spansInRow(
  bits: Bits,
  y: number,
  from: number,
  to: number,
  span: (y: number, from: number, to: number) => void,
  on = true,
): void {
  if (y < bits.y || y >= bits.y + bits.h) return
  const start = (y - bits.y) * bits.stride
  const end = Math.min(to - bits.x, bits.w)
  let i = nextBit(bits.words, start, end, Math.max(0, from - bits.x), on)
  while (i < end) {
    const stop = nextBit(bits.words, start, end, i, !on)
    span(y, i + bits.x, stop + bits.x)
    i = nextBit(bits.words, start, end, stop, on)
  }
}

/**
 * The mask with what the bits say inside `area`; outside they say the same. Rows that the area does not touch are
 * copied as they are. Tightly cropped; undefined when nothing is set; the same object when nothing differs.
 */
export function patchedMask(mask: Mask | undefined, bits: Bits, area: Area): Mask | undefined {
  const inside = clippedArea(area, { width: bits.w, height: bits.h })
  if (isEmptyArea(inside)) return mask
  const old = mask ? areaOf(mask) : inside
  const [from, to] = [Math.min(old.left, inside.left), Math.max(old.right, inside.right)]
  return editedMask(mask, inside, (y, span) => spansInRow(bits, y, from, to, span))
}

/** The mask without the pixels that are set in `bits` inside `area`; the same object when it has none of them. */
export function withoutBits(mask: Mask, bits: Bits, area: Area): Mask | undefined {
  const own = areaOf(mask)
  const common: Area = {
    left: Math.max(own.left, area.left),
    top: Math.max(own.top, area.top),
    right: Math.min(own.right, area.right),
    bottom: Math.min(own.bottom, area.bottom),
  }
  if (isEmptyArea(common)) return mask
  const rows = rowsOf(mask, common)
  return editedMask(mask, common, (y, span) => {
    const row = rows[y - common.top]!
    for (let i = 0; i < row.length; i += 2) {
      const [from, to] = [row[i]!, row[i + 1]!]
      const [left, right] = [Math.max(from, common.left), Math.min(to, common.right)]
      if (left >= right) span(y, from, to)
      else {
        if (from < left) span(y, from, left)
        spansInRow(bits, y, left, right, span, false)
        if (right < to) span(y, right, to)
      }
    }
  })
}

/** Runs of a row, from and to in turns. */
export type Row = readonly number[]

/** The runs of set pixels of the rows top ≤ y < bottom. */
export function rowsOf(mask: Mask, { top, bottom }: Pick<Area, 'top' | 'bottom'>): readonly Row[] {
  const rows: number[][] = Array.from({ length: Math.max(0, bottom - top) }, () => [])
  forEachSpan(mask, (y, left, right) => rows[y - top]?.push(left, right))
  return rows
}

/** The runs of empty pixels in each row of `area`, which the mask may not exceed to the sides. */
export const emptyRowsOf = (mask: Mask, area: Area): readonly Row[] =>
  rowsOf(mask, area).map((row) => {
    const gaps: number[] = []
    let at = area.left
    for (let i = 0; i < row.length; i += 2) {
      if (row[i]! > at) gaps.push(at, row[i]!)
      at = row[i + 1]!
    }
    if (at < area.right) gaps.push(at, area.right)
    return gaps
  })

type Span = (y: number, from: number, to: number) => void

/** `row` tells the runs, from left to right, of each row of `area`; the other rows stay. */
function editedMask(mask: Mask | undefined, area: Area, row: (y: number, span: Span) => void): Mask | undefined {
  const spans = new Spans()
  const rows = () => {
    for (let y = area.top; y < area.bottom; y++) row(y, spans.add)
  }
  let done = false
  if (mask)
    forEachSpan(mask, (y, from, to) => {
      if (y < area.top) spans.add(y, from, to)
      else if (!done) {
        done = true
        rows()
      }
      if (y >= area.bottom) spans.add(y, from, to)
    })
  if (!done) rows()
  const next = spans.toMask()
  return next && mask && sameRuns(next, mask) ? mask : next
}
