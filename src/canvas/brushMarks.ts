import { seenPixel } from '#editor/tools/brushDraft.ts'
import type { BrushMark } from '#editor/tools/tool.ts'
import { type Footprint, strokeSpans } from '#geometry/brush.ts'
import { maskRings } from '#geometry/contour.ts'
import { Spans } from '#geometry/mask.ts'
import type { Point } from '#geometry/point.ts'
import type { Frame } from './frame.ts'

/** An outline narrower than this is hard to see, so a dot stands in its middle; screen px. */
const TINY = 6

/** The outline of what the brush would leave, pixel by pixel where these can be seen; dashed when it erases. */
export const paintBrush = (context: CanvasRenderingContext2D, frame: Frame, mark: BrushMark): void => {
  const { k, x, y, ratio } = frame
  const [cx, cy] = [mark.at[0] * k + x, mark.at[1] * k + y]
  context.save()
  context.beginPath()
  if (k / ratio >= seenPixel) {
    for (const ring of pixelRings(mark)) {
      for (const [i, [px, py]] of ring.entries()) {
        if (i === 0) context.moveTo(px * k + cx, py * k + cy)
        else context.lineTo(px * k + cx, py * k + cy)
      }
      context.closePath()
    }
  } else {
    const r = (mark.size / 2) * k
    if (mark.shape === 'circle') context.arc(cx, cy, Math.max(r, ratio), 0, 2 * Math.PI)
    else context.rect(cx - r, cy - r, 2 * r, 2 * r)
  }
  // light on dark, so that it is seen on every picture
  context.lineWidth = 2.5 * ratio
  context.strokeStyle = 'rgba(0,0,0,0.75)'
  context.stroke()
  if (mark.erases) context.setLineDash([4 * ratio, 3 * ratio])
  context.lineWidth = 1.25 * ratio
  context.strokeStyle = '#fff'
  context.stroke()
  context.restore()
  if (mark.size * k >= TINY * ratio) return
  paintDot(context, cx, cy, ratio)
}

/** A cross that leaves its middle free: what lies under a tiny brush stays visible. */
const paintDot = (context: CanvasRenderingContext2D, x: number, y: number, ratio: number): void => {
  const cross = (width: number, color: string) => {
    context.beginPath()
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      context.moveTo(x + dx * 5 * ratio, y + dy * 5 * ratio)
      context.lineTo(x + dx * 9 * ratio, y + dy * 9 * ratio)
    }
    context.lineWidth = width * ratio
    context.strokeStyle = color
    context.stroke()
  }
  cross(3, 'rgba(0,0,0,0.75)')
  cross(1.25, '#fff')
}

const known = new Map<string, readonly (readonly Point[])[]>()

/** Around the footprint's pixels, seen from its middle; remembered, as the pointer moves and the brush stays. */
const pixelRings = ({ shape, size }: Footprint): readonly (readonly Point[])[] => {
  const name = `${shape}${size}`
  let rings = known.get(name)
  if (!rings) {
    // on whole pixels far from the border: the middle lies on a pixel or a corner as the size wants it
    const middle = 1000 + (size % 2) / 2
    const spans = new Spans()
    strokeSpans([middle, middle], [middle, middle], { shape, size }, spans.add)
    const mask = spans.toMask()
    rings = mask ? maskRings(mask).map((ring) => ring.map(([x, y]): Point => [x - middle, y - middle])) : []
    if (known.size > 100) known.clear()
    known.set(name, rings)
  }
  return rings
}
