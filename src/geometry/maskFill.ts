import { makeBits } from './bits.ts'
import { holesOf } from './components.ts'
import { forEachSpan, maskContains, Spans, subtractMasks, unionMasks } from './mask.ts'
import { type Area, areaOf, clippedArea, emptyRowsOf, type Row, rowsOf, setSpan, spansInRow } from './maskRaster.ts'
import type { Point, Size } from './point.ts'
import type { Mask } from './shape.ts'

/**
 * The empty pixels around `at` that the mask encloses (4-connected), the border of the image helping where the mask
 * reaches it; undefined when they are open to the outside, or there are none. With `gap` > 0 a mask that is open closes
 * as if its walls were thicker: openings of at most that many pixels (an even number) are no way out.
 */
export function holeAt(mask: Mask, at: Point, size: Size, gap = 0): Mask | undefined {
  const hole = enclosed(mask, at, size)
  if (hole || gap <= 0 || maskContains(mask, at[0], at[1])) return hole
  const reach = Math.ceil(gap / 2)
  const thick = grown(mask, reach, size)
  const start = thick && seed(mask, thick, at, reach)
  const core = start && enclosed(thick, start, size)
  const filled = core && subtractOrAll(grown(core, reach, size), mask)
  if (!filled) return undefined
  // what the thicker walls cut off in corners is inside now, too
  const whole = unionMasks(mask, filled)!
  const before = new Set(holesOf(mask).map(keyOf))
  const corners = holesOf(whole).filter((piece) => !before.has(keyOf(piece)))
  return corners.reduce((all, piece) => unionMasks(all, piece) ?? all, filled)
}

/** The piece of the mask (8-connected) that has the pixel at `at`. */
export function pieceAt(mask: Mask, at: Point): Mask | undefined {
  return connected(rowsOf(mask, areaOf(mask)), mask.y, at, 1)?.mask
}

const keyOf = ({ x, y, w, h, runs }: Mask): string => `${x},${y},${w},${h},${runs.join(' ')}`

const subtractOrAll = (a: Mask | undefined, b: Mask): Mask | undefined => a && subtractMasks(a, b)

/** A pixel outside of the thick walls that the eye at `at` can see. */
function seed(mask: Mask, thick: Mask, at: Point, reach: number): Point | undefined {
  let best: Point | undefined
  let nearest = Infinity
  const far = 2 * reach + 1
  for (let dy = -far; dy <= far; dy++)
    for (let dx = -far; dx <= far; dx++) {
      const distance = dx * dx + dy * dy
      const to: Point = [at[0] + dx, at[1] + dy]
      if (distance >= nearest || maskContains(thick, to[0], to[1]) || !sees(mask, at, to)) continue
      best = to
      nearest = distance
    }
  return best
}

function sees(mask: Mask, from: Point, to: Point): boolean {
  const steps = Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1]))
  for (let i = 1; i < steps; i++) {
    const t = i / steps
    if (maskContains(mask, from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t)) return false
  }
  return true
}

function enclosed(mask: Mask, at: Point, size: Size): Mask | undefined {
  const own = areaOf(mask)
  // one pixel around it, as far as there is image: who gets there is outside
  const frame = clippedArea(
    { left: own.left - 1, top: own.top - 1, right: own.right + 1, bottom: own.bottom + 1 },
    size,
  )
  const found = connected(emptyRowsOf(mask, frame), frame.top, at, 0)
  if (!found) return undefined
  const open =
    (found.area.left < own.left && own.left > 0) ||
    (found.area.top < own.top && own.top > 0) ||
    found.area.right > own.right ||
    found.area.bottom > own.bottom
  return open ? undefined : found.mask
}

/** All runs that hang together with the one at `at`; `reach` 1 over corners, too. Row 0 is image row `top`. */
function connected(
  rows: readonly Row[],
  top: number,
  [px, py]: Point,
  reach: 0 | 1,
): { readonly mask: Mask; readonly area: Area } | undefined {
  const seen = rows.map((row) => new Uint8Array(row.length / 2))
  const first = Math.floor(py) - top
  const column = Math.floor(px)
  const row = rows[first]
  const begin = row ? row.findIndex((from, i) => i % 2 === 0 && from <= column && column < row[i + 1]!) : -1
  if (begin < 0) return undefined
  const open: [number, number][] = [[first, begin]]
  seen[first]![begin / 2] = 1
  for (let run = open.pop(); run; run = open.pop()) {
    const [y, i] = run
    const [from, to] = [rows[y]![i]! - reach, rows[y]![i + 1]! + reach]
    for (const next of [y - 1, y + 1]) {
      const other = rows[next]
      if (!other) continue
      for (let j = firstAfter(other, from); j < other.length && other[j]! < to; j += 2) {
        if (seen[next]![j / 2]) continue
        seen[next]![j / 2] = 1
        open.push([next, j])
      }
    }
  }
  const spans = new Spans()
  for (const [y, row] of rows.entries())
    for (let i = 0; i < row.length; i += 2) if (seen[y]![i / 2]) spans.add(y + top, row[i]!, row[i + 1]!)
  const mask = spans.toMask()!
  return { mask, area: areaOf(mask) }
}

/** Where the first run begins that ends after `x`: runs are in order, so half of them are left out each time. */
function firstAfter(row: Row, x: number): number {
  let [low, high] = [0, row.length / 2]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (row[2 * middle + 1]! <= x) low = middle + 1
    else high = middle
  }
  return 2 * low
}

/** With every pixel within `reach` of one of its own; inside the image. */
export function grown(mask: Mask, reach: number, size: Size): Mask | undefined {
  const own = areaOf(mask)
  const frame = clippedArea(
    { left: own.left - reach, top: own.top - reach, right: own.right + reach, bottom: own.bottom + reach },
    size,
  )
  const bits = makeBits(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top)
  const halves = Array.from({ length: reach + 1 }, (_, dy) => Math.floor(Math.sqrt(reach * reach - dy * dy)))
  forEachSpan(mask, (y, from, to) => {
    for (let dy = -reach; dy <= reach; dy++) {
      const half = halves[Math.abs(dy)]!
      setSpan(bits, y + dy, from - half, to + half, true)
    }
  })
  const spans = new Spans()
  for (let y = frame.top; y < frame.bottom; y++) spansInRow(bits, y, frame.left, frame.right, spans.add)
  return spans.toMask()
}

/** The pixels whose centres a closed line goes round, however often; crossing itself leaves no hole. */
export function insideLine(points: readonly Point[], size: Size): Mask | undefined {
  const ys = points.map(([, y]) => y)
  const top = Math.max(0, Math.floor(ys.reduce((a, b) => Math.min(a, b), Infinity)))
  const bottom = Math.min(size.height, Math.ceil(ys.reduce((a, b) => Math.max(a, b), -Infinity)))
  const rows: [x: number, turn: number][][] = Array.from({ length: Math.max(0, bottom - top) }, () => [])
  for (const [i, p] of points.entries()) {
    const q = points[(i + 1) % points.length]!
    const [a, b, turn] = p[1] <= q[1] ? [p, q, 1] : [q, p, -1]
    const slope = (b[0] - a[0]) / (b[1] - a[1])
    const last = Math.min(rows.length - 1, Math.ceil(b[1] - 0.5) - 1 - top)
    for (let row = Math.max(0, Math.ceil(a[1] - 0.5) - top); row <= last; row++)
      rows[row]!.push([a[0] + (top + row + 0.5 - a[1]) * slope, turn])
  }
  const spans = new Spans()
  for (const [row, crossings] of rows.entries()) {
    crossings.sort((a, b) => a[0] - b[0])
    let turns = 0
    for (const [i, [x, turn]] of crossings.entries()) {
      turns += turn
      const next = crossings[i + 1]
      if (turns === 0 || !next) continue
      spans.add(top + row, Math.max(0, Math.ceil(x - 0.5)), Math.min(size.width, Math.ceil(next[0] - 0.5)))
    }
  }
  return spans.toMask()
}
