import type { Frame } from './frame.ts'
import type { Rect } from './marks.ts'

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** Floats of an outline from which it is painted in pieces. */
const LONG = 800

/** Corners nearer than this to the last one are left out of a long outline, px²: what the rasteriser does. */
export const LONG_APART = 1.44

const PIECE = 64

export const isLong = (points: ArrayLike<number>): boolean => points.length > LONG

/**
 * Strokes an outline of many corners with the context's own line. `points` in image px, rings parted by a NaN pair. In
 * pieces: one path of 9,000 corners took 290 ms, pieces of 64 with bevelled joins 20. Where two pieces meet, a line that
 * can be seen through is a little denser. `within`: only that is painted, device px; the rest is left out.
 */
export const strokeLong = (context: Context, points: Float32Array, frame: Frame, within?: Rect): void => {
  const { k, x, y } = frame
  const { lineJoin, lineWidth } = context
  const dashed = context.getLineDash().length > 0
  context.lineJoin = 'bevel'
  context.lineDashOffset = 0
  let along = 0
  let inPiece = 0
  let first = 0
  let lastX = 0
  let lastY = 0
  const misses = (px: number, py: number) =>
    within !== undefined &&
    ((px < within.left - lineWidth && lastX < within.left - lineWidth) ||
      (py < within.top - lineWidth && lastY < within.top - lineWidth) ||
      (px > within.right + lineWidth && lastX > within.right + lineWidth) ||
      (py > within.bottom + lineWidth && lastY > within.bottom + lineWidth))
  const end = () => {
    if (inPiece > 0) context.stroke()
    inPiece = 0
  }
  const to = (px: number, py: number) => {
    if (misses(px, py)) end()
    else {
      if (inPiece === 0) {
        context.beginPath()
        context.moveTo(lastX, lastY)
        context.lineDashOffset = along
      }
      context.lineTo(px, py)
      inPiece++
    }
    if (dashed) along += Math.hypot(px - lastX, py - lastY)
    lastX = px
    lastY = py
    if (inPiece === PIECE) end()
  }
  for (let i = 0; i <= points.length; i += 2) {
    if (i === points.length || Number.isNaN(points[i]!)) {
      if (i > first) to(points[first]! * k + x, points[first + 1]! * k + y)
      end()
      first = i + 2
      continue
    }
    const px = points[i]! * k + x
    const py = points[i + 1]! * k + y
    if (i === first) {
      lastX = px
      lastY = py
      along = 0
    } else if ((px - lastX) ** 2 + (py - lastY) ** 2 >= LONG_APART) to(px, py)
  }
  context.lineDashOffset = 0
  context.lineJoin = lineJoin
}
