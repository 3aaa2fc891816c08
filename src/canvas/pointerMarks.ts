import type { Draft, Guide, TurnGrip } from '#editor/tools/tool.ts'
import type { Point } from '#geometry/point.ts'
import type { Box } from '#geometry/shape.ts'
import type { CrosshairMode } from './display.ts'
import type { Frame } from './frame.ts'
import { paintPill } from './marks.ts'

/** The marks of a running gesture. Places are image px; strokes keep their width on screen at every scale. */

const HANDLE = 8
const ACTIVE_HANDLE = 12
// a side shorter than this on screen shows its corners only, so that the handles do not hide the box
const SIDE_WITH_MIDDLE = 30

const DARK = 'rgba(16,18,24,0.9)'
const GUIDE = '#ff2d9b'

const place = ({ k, x, y }: Frame, [px, py]: Point): Point => [px * k + x, py * k + y]

/** A thin line readable on everything: dark beneath, light dashes above. Device px, ends included. */
const contrastLine = (context: CanvasRenderingContext2D, ratio: number, from: Point, to: Point): void => {
  const half = (Math.max(1, Math.round(ratio)) % 2) / 2
  const snap = ([x, y]: Point): Point => [Math.floor(x) + half, Math.floor(y) + half]
  const [a, b] = [snap(from), snap(to)]
  context.beginPath()
  context.moveTo(...a)
  context.lineTo(...b)
  context.lineWidth = Math.max(1, Math.round(ratio))
  context.strokeStyle = 'rgba(0,0,0,0.65)'
  context.stroke()
  context.setLineDash([4 * ratio, 4 * ratio])
  context.strokeStyle = 'rgba(255,255,255,0.95)'
  context.stroke()
  context.setLineDash([])
}

// half the length of the lines of a short crosshair
const CROSS = 14

/** Lines that meet at the pointer, along the sides of the image: through the whole surface, or short ones. */
export const paintCrosshair = (
  context: CanvasRenderingContext2D,
  frame: Frame,
  at: Point,
  mode: Exclude<CrosshairMode, 'off'>,
): void => {
  const [x, y] = place(frame, at)
  const reach = CROSS * frame.ratio
  const [left, right] = mode === 'full' ? [0, frame.width] : [x - reach, x + reach]
  const [top, bottom] = mode === 'full' ? [0, frame.height] : [y - reach, y + reach]
  contrastLine(context, frame.ratio, [left, y], [right, y])
  contrastLine(context, frame.ratio, [x, top], [x, bottom])
}

export const paintMarquee = (context: CanvasRenderingContext2D, frame: Frame, box: Box): void => {
  const [left, top] = place(frame, [box.x, box.y])
  const [right, bottom] = place(frame, [box.x + box.w, box.y + box.h])
  context.fillStyle = 'rgba(255,255,255,0.12)'
  context.fillRect(left, top, right - left, bottom - top)
  contrastLine(context, frame.ratio, [left, top], [right, top])
  contrastLine(context, frame.ratio, [right, top], [right, bottom])
  contrastLine(context, frame.ratio, [left, bottom], [right, bottom])
  contrastLine(context, frame.ratio, [left, top], [left, bottom])
}

/** What a side snapped to. */
export const paintGuides = (context: CanvasRenderingContext2D, frame: Frame, guides: readonly Guide[]): void => {
  const width = Math.max(1, Math.round(frame.ratio))
  context.fillStyle = GUIDE
  for (const { axis, at, from, to } of guides) {
    const [x0, y0] = place(frame, axis === 'x' ? [at, from] : [from, at])
    const [x1, y1] = place(frame, axis === 'x' ? [at, to] : [to, at])
    if (axis === 'x') context.fillRect(Math.round(x0 - width / 2), y0, width, y1 - y0)
    else context.fillRect(x0, Math.round(y0 - width / 2), x1 - x0, width)
  }
}

/** White squares with a dark edge. */
export const paintHandles = (context: CanvasRenderingContext2D, frame: Frame, handles: Draft['handles']): void => {
  const { ratio } = frame
  const edge = Math.max(1, Math.round(ratio))
  for (const { handle, at, key, active } of handles) {
    if (handle.length === 1 && !active && sideOf(handles, key, handle) * frame.k < SIDE_WITH_MIDDLE * ratio) continue
    const size = Math.round((active ? ACTIVE_HANDLE : HANDLE) * ratio)
    const [x, y] = place(frame, at)
    const left = Math.round(x - size / 2)
    const top = Math.round(y - size / 2)
    context.fillStyle = DARK
    context.fillRect(left - edge, top - edge, size + 2 * edge, size + 2 * edge)
    context.fillStyle = '#fff'
    context.fillRect(left, top, size, size)
  }
}

/** A white disc with a dark edge, on a stalk. */
export const paintTurnGrip = (
  context: CanvasRenderingContext2D,
  frame: Frame,
  { foot, at, active }: TurnGrip,
): void => {
  const { ratio } = frame
  const [x, y] = place(frame, at)
  contrastLine(context, ratio, place(frame, foot), [x, y])
  context.beginPath()
  context.arc(x, y, ((active ? ACTIVE_HANDLE : HANDLE) / 2 + 1) * ratio, 0, 2 * Math.PI)
  context.fillStyle = '#fff'
  context.fill()
  context.strokeStyle = DARK
  context.lineWidth = 1.5 * ratio
  context.stroke()
}

/** Length of the side that a middle handle is on, image px. */
const sideOf = (handles: Draft['handles'], key: string, middle: string): number => {
  const corner = (name: string) => handles.find((other) => other.key === key && other.handle === name)?.at
  const start = corner('nw')
  const end = corner(middle === 'n' || middle === 's' ? 'ne' : 'sw')
  return start && end ? Math.hypot(end[0] - start[0], end[1] - start[1]) : Infinity
}

/** Beside the pointer, out of its way. */
export const paintReadout = (context: CanvasRenderingContext2D, frame: Frame, text: string, at: Point): void => {
  const [x, y] = place(frame, at)
  paintPill(context, frame, text, {
    x,
    y,
    dx: 14 * frame.ratio,
    dy: 16 * frame.ratio,
    background: 'rgba(16,18,24,0.82)',
    color: '#fff',
    weight: 500,
  })
}

/** The caret of drawing by keyboard: a ring and a cross. */
export const paintCaret = (context: CanvasRenderingContext2D, frame: Frame, at: Point): void => {
  const [x, y] = place(frame, at)
  const { ratio } = frame
  context.beginPath()
  context.arc(x, y, 9 * ratio, 0, 2 * Math.PI)
  context.moveTo(x - 14 * ratio, y)
  context.lineTo(x + 14 * ratio, y)
  context.moveTo(x, y - 14 * ratio)
  context.lineTo(x, y + 14 * ratio)
  context.lineWidth = 4 * ratio
  context.strokeStyle = 'rgba(0,0,0,0.6)'
  context.stroke()
  context.lineWidth = 1.5 * ratio
  context.strokeStyle = '#fff'
  context.stroke()
}
