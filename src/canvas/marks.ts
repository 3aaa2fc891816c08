import type { Frame } from './frame.ts'
import { cssColor, type Look, lightness } from './paint.ts'

/** Device px. */
export interface Rect {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif'
const LONGEST_NAME = 40

const shorten = (text: string): string => (text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 1)}…` : text)

/** A label with a background, `x`, `y` its top left in device px; kept within the surface. Returns nothing, throws nothing. */
export const paintPill = (
  context: CanvasRenderingContext2D,
  frame: Frame,
  text: string,
  place: { x: number; y: number; background: string; color: string; weight: number; icon?: 'lock' | undefined },
): void => {
  const { ratio } = frame
  const height = Math.round(19 * ratio)
  const padding = Math.round(6 * ratio)
  const icon = place.icon ? Math.round(12 * ratio) : 0
  context.font = `${place.weight} ${12 * ratio}px ${FONT}`
  context.textBaseline = 'middle'
  const width = Math.ceil(context.measureText(text).width) + 2 * padding + icon
  const x = Math.round(Math.max(0, Math.min(place.x, frame.width - width)))
  const y = Math.round(Math.max(0, Math.min(place.y, frame.height - height)))
  context.beginPath()
  context.roundRect(x, y, width, height, 3 * ratio)
  context.fillStyle = place.background
  context.fill()
  context.fillStyle = place.color
  if (icon) paintLock(context, x + padding, y + height / 2, ratio, place.color)
  context.fillText(text, x + padding + icon, y + height / 2 + 0.5 * ratio)
}

/** The name of a region, on its colour, above its top left corner or inside when there is no room. */
export const paintTag = (
  context: CanvasRenderingContext2D,
  frame: Frame,
  rect: Rect,
  name: string,
  rgb: number,
  locked: boolean,
): void => {
  if (rect.right < 0 || rect.bottom < 0 || rect.left > frame.width || rect.top > frame.height) return
  const above = rect.top - 22 * frame.ratio
  paintPill(context, frame, shorten(name), {
    x: rect.left,
    y: above >= 0 ? above : Math.max(0, rect.top) + 4 * frame.ratio,
    background: cssColor(rgb, 0.95),
    color: lightness(rgb) > 0.55 ? '#111' : '#fff',
    weight: 600,
    icon: locked ? 'lock' : undefined,
  })
}

const paintLock = (context: CanvasRenderingContext2D, x: number, y: number, ratio: number, color: string): void => {
  context.fillStyle = color
  context.fillRect(x, y - 1 * ratio, 7 * ratio, 5 * ratio)
  context.beginPath()
  context.arc(x + 3.5 * ratio, y - 1 * ratio, 2.2 * ratio, Math.PI, 0)
  context.strokeStyle = color
  context.lineWidth = 1.3 * ratio
  context.stroke()
}

// orange, violet, red: told apart by their signs as well
const BADGES = {
  refused: { background: '#b42318', sign: '!' },
  conflict: { background: '#b54708', sign: '≠' },
  denied: { background: '#6927da', sign: '×' },
} as const

/** A sign on the top right corner that something needs a look. */
export const paintBadge = (
  context: CanvasRenderingContext2D,
  frame: Frame,
  rect: Rect,
  badge: NonNullable<Look['badge']>,
): void => {
  const { ratio } = frame
  const radius = 8 * ratio
  const x = Math.min(frame.width - radius - ratio, Math.max(radius + ratio, rect.right))
  const y = Math.min(frame.height - radius - ratio, Math.max(radius + ratio, rect.top))
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fillStyle = BADGES[badge].background
  context.fill()
  context.strokeStyle = '#fff'
  context.lineWidth = 1.5 * ratio
  context.stroke()
  context.font = `700 ${12 * ratio}px ${FONT}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillStyle = '#fff'
  context.fillText(BADGES[badge].sign, x, y + 0.5 * ratio)
  context.textAlign = 'start'
}
