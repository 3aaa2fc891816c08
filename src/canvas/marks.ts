import { type Frame, onLayer } from './frame.ts'
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

const fontOf = (weight: number, ratio: number): string => `${weight} ${12 * ratio}px ${FONT}`

const shorten = (text: string): string => (text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 1)}…` : text)

/** Paints what must stay upright in a turned view: `paint` gets the layer's own size and device px. */
const upright = (
  context: CanvasRenderingContext2D,
  { turn, width, height }: Frame,
  paint: (width: number, height: number) => void,
): void => {
  if (!turn) {
    paint(width, height)
    return
  }
  context.save()
  context.setTransform(1, 0, 0, 1, 0, 0)
  paint(turn.width, turn.height)
  context.restore()
}

/** The upright rectangle on the layer around one of the frame's. */
export const layerRect = (frame: Frame, rect: Rect): Rect => {
  if (!frame.turn) return rect
  const { left, top, right, bottom } = rect
  const corners = [left, right].flatMap((x) => [top, bottom].map((y) => onLayer(frame, [x, y])))
  const xs = corners.map(([x]) => x)
  const ys = corners.map(([, y]) => y)
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) }
}

interface Pill {
  /** px of the frame */
  readonly x: number
  readonly y: number
  /** from there to its top left, device px, upright however the view is turned */
  readonly dx?: number
  readonly dy?: number
  readonly background: string
  readonly color: string
  readonly weight: number
  readonly icon?: 'lock' | undefined
}

/** A label with a background, kept within the surface. */
export const paintPill = (context: CanvasRenderingContext2D, frame: Frame, text: string, pill: Pill): void =>
  upright(context, frame, (width, height) => {
    const [x, y] = onLayer(frame, [pill.x, pill.y])
    paintUprightPill(context, { width, height, ratio: frame.ratio }, text, {
      ...pill,
      x: x + (pill.dx ?? 0),
      y: y + (pill.dy ?? 0),
    })
  })

const paintUprightPill = (
  context: CanvasRenderingContext2D,
  frame: Pick<Frame, 'width' | 'height' | 'ratio'>,
  text: string,
  place: Pill,
): void => {
  const { ratio } = frame
  const height = Math.round(19 * ratio)
  const padding = Math.round(6 * ratio)
  const icon = place.icon ? Math.round(12 * ratio) : 0
  context.font = fontOf(place.weight, ratio)
  context.textBaseline = 'middle'
  const width = textWidth(context, text) + 2 * padding + icon
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
  const at = layerRect(frame, rect)
  const above = at.top - 22 * frame.ratio
  upright(context, frame, (width, height) => {
    if (at.right < 0 || at.bottom < 0 || at.left > width || at.top > height) return
    paintUprightPill(context, { width, height, ratio: frame.ratio }, shorten(name), {
      x: at.left,
      y: above >= 0 ? above : Math.max(0, at.top) + 4 * frame.ratio,
      background: cssColor(rgb, 0.95),
      color: lightness(rgb) > 0.55 ? '#111' : '#fff',
      weight: 600,
      icon: locked ? 'lock' : undefined,
    })
  })
}

// measuring costs as much as painting the text, and names repeat
const widths = new Map<string, number>()

/** In device px, rounded up; for the context's font. */
const textWidth = (context: CanvasRenderingContext2D, text: string): number => {
  const name = `${context.font}/${text}`
  let width = widths.get(name)
  if (width === undefined) {
    if (widths.size > 2000) widths.clear()
    width = Math.ceil(context.measureText(text).width)
    widths.set(name, width)
  }
  return width
}

/** Has the browser find the font of names before the first is to be seen: 5 to 17 ms. */
export const warmText = (context: CanvasRenderingContext2D, ratio: number): void => {
  context.save()
  for (const weight of [500, 600]) {
    context.font = fontOf(weight, ratio)
    context.measureText('Ag')
  }
  context.restore()
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

// red, orange, violet, grey: told apart by their signs as well
const BADGES = {
  refused: { background: '#b42318', sign: '!' },
  conflict: { background: '#b54708', sign: '≠' },
  denied: { background: '#6927da', sign: '×' },
  locked: { background: '#475467', sign: 'lock' },
} as const

/** A sign on the top right corner: something needs a look, or is locked. */
export const paintBadge = (
  context: CanvasRenderingContext2D,
  frame: Frame,
  rect: Rect,
  badge: NonNullable<Look['badge']>,
): void =>
  upright(context, frame, (width, height) => {
    const { right, top } = layerRect(frame, rect)
    const inset = 9 * frame.ratio
    const x = Math.min(width - inset, Math.max(inset, right))
    const y = Math.min(height - inset, Math.max(inset, top))
    paintSign(context, frame.ratio, x, y, badge)
  })

const paintSign = (
  context: CanvasRenderingContext2D,
  ratio: number,
  x: number,
  y: number,
  badge: NonNullable<Look['badge']>,
): void => {
  const radius = 8 * ratio
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fillStyle = BADGES[badge].background
  context.fill()
  context.strokeStyle = '#fff'
  context.lineWidth = 1.5 * ratio
  context.stroke()
  if (BADGES[badge].sign === 'lock') {
    paintLock(context, x - 3.5 * ratio, y + 0.5 * ratio, ratio, '#fff')
    return
  }
  context.font = `700 ${12 * ratio}px ${FONT}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillStyle = '#fff'
  context.fillText(BADGES[badge].sign, x, y + 0.5 * ratio)
  context.textAlign = 'start'
}
