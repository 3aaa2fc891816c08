import { Spans } from '#geometry/mask.ts'
import type { Size } from '#geometry/point.ts'
import type { Mask } from '#geometry/shape.ts'

/**
 * Takes the rows of a picture of size `from`, in order, and makes a mask of size `to` of them: each pixel is the one
 * that lies under its centre (nearest). `changes`: where the pixels of a row begin and cease to be inside.
 */
export function scaledSpans(
  from: Size,
  to: Size,
): { readonly row: (y: number, changes: readonly number[]) => void; toMask(): Mask | undefined } {
  const spans = new Spans()
  const columns = startsOf(from.width, to.width)
  const rows = startsOf(from.height, to.height)
  return {
    row(y, changes) {
      if (changes.length === 0) return
      for (let line = rows[y]!; line < rows[y + 1]!; line++) {
        let [left, right] = [-1, -1]
        for (let i = 0; i < changes.length; i += 2) {
          const from = columns[changes[i]!]!
          // a gap can fall away when the picture becomes smaller
          if (from > right) {
            spans.add(line, left, right)
            left = from
          }
          right = Math.max(right, columns[changes[i + 1]!]!)
        }
        spans.add(line, left, right)
      }
    },
    toMask: () => spans.toMask(),
  }
}

/** By pixel of the picture, 0 … from: the first of the `to` pixels whose centre lies in it or beyond. */
function startsOf(from: number, to: number): Int32Array {
  const starts = new Int32Array(from + 1)
  for (let i = 0; i <= from; i++) starts[i] = Math.min(to, Math.max(0, Math.ceil((i * to) / from - 0.5)))
  starts[from] = to
  return starts
}
