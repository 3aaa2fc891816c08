import { forEachSpan, Spans, sameRuns } from './mask.ts'
import type { Mask } from './shape.ts'

/** What makes one mask of another: what the rows top ≤ y < bottom then hold; all others stay as they are. */
export interface MaskPatch {
  readonly top: number
  readonly bottom: number
  /** undefined: nothing */
  readonly rows: Mask | undefined
}

/**
 * The patch that makes `after` of `before`; undefined where it would not be much smaller than `after`. A stroke on a
 * mask of 100,000 runs touches some hundred rows of it.
 */
export function patchOf(before: Mask, after: Mask): MaskPatch | undefined {
  const [a, b] = [spansOf(before), spansOf(after)]
  const least = Math.min(a.length, b.length)
  let from = 0
  while (from < least && a[from] === b[from]) from++
  from -= from % 3
  let left = 0
  while (left < least - from && a[a.length - 1 - left] === b[b.length - 1 - left]) left++
  left -= left % 3
  // whole rows: others of the first and the last one may be the same in both
  const top = Math.min(a[from] ?? Infinity, b[from] ?? Infinity)
  const bottom = Math.max(a[a.length - left - 3] ?? -Infinity, b[b.length - left - 3] ?? -Infinity) + 1
  const rows = new Spans()
  for (let i = 0; i < b.length; i += 3) if (b[i]! >= top && b[i]! < bottom) rows.add(b[i]!, b[i + 1]!, b[i + 2]!)
  const patch = { top, bottom, rows: rows.toMask() }
  if ((patch.rows?.runs.length ?? 0) > after.runs.length / 2) return undefined
  const made = patched(before, patch)
  return made && sameRuns(made, after) ? patch : undefined
}

export function patched(before: Mask, { top, bottom, rows }: MaskPatch): Mask | undefined {
  const spans = new Spans()
  let done = false
  const put = () => {
    done = true
    if (rows) forEachSpan(rows, spans.add)
  }
  forEachSpan(before, (y, from, to) => {
    if (y >= top && !done) put()
    if (y < top || y >= bottom) spans.add(y, from, to)
  })
  if (!done) put()
  return spans.toMask()
}

/** y, from, to of each run, in reading order. */
function spansOf(mask: Mask): Int32Array {
  let numbers = new Int32Array(3 * (1 + (mask.runs.length >> 1)))
  let count = 0
  forEachSpan(mask, (y, from, to) => {
    if (count === numbers.length) {
      const grown = new Int32Array(2 * numbers.length)
      grown.set(numbers)
      numbers = grown
    }
    numbers[count++] = y
    numbers[count++] = from
    numbers[count++] = to
  })
  return numbers.subarray(0, count)
}
