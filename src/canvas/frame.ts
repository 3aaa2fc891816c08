import type { Point, Size } from '#geometry/point.ts'
import { axesOf, isTurned, type View } from '#geometry/view.ts'

/**
 * How the image lies on a layer's backing store, in device pixels: px = image px × k + (x, y).
 * `x` and `y` are whole numbers, so that picture, regions and overlay fall on the same pixels while panning
 * (an unscaled integer blit is also 9× cheaper than a sub-pixel one: 0.4 ms against 3.5).
 *
 * With `turn` these are *flat* pixels, of an upright frame that covers what is in view; the layer's context turns what
 * is painted in them. Painters need not know, but for text, which `marks.ts` keeps upright.
 */
export interface Frame {
  readonly k: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Device pixels in a CSS pixel. */
  readonly ratio: number
  readonly turn?: Turn | undefined
  /** How strongly regions are drawn; missing = as designed. */
  readonly strength?: Strength | undefined
}

/** Flat px → device px: (a·x + c·y + e, b·x + d·y + f); and the size of the layer itself. */
export interface Turn {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly e: number
  readonly f: number
  readonly width: number
  readonly height: number
}

/** What the person chose about outlines and fills, as factors of the design's own. */
export interface Strength {
  readonly fill: number
  readonly outline: number
  /** An edge of the opposite lightness around resting outlines, where few enough are in view. */
  readonly halo: boolean
}

/** The frame of a view; `viewport` in CSS px. Sizes round down, as Konva sizes its canvases. */
export const frameOf = (view: View, viewport: Size, ratio: number, strength?: Strength): Frame => {
  const width = Math.floor(viewport.width * ratio)
  const height = Math.floor(viewport.height * ratio)
  const x = Math.round(view.x * ratio)
  const y = Math.round(view.y * ratio)
  const k = view.scale * ratio
  if (!isTurned(view)) return { k, x, y, width, height, ratio, strength }
  return { ...flatFrame(view, { width, height }, x, y), k, ratio, strength }
}

/** Above 200 % a pixel is seen as the square it is. */
const PIXELATED_ABOVE = 2

/** Whether the picture is smoothed at this zoom. */
export const isSmooth = ({ k, ratio }: Pick<Frame, 'k' | 'ratio'>): boolean => k / ratio <= PIXELATED_ABOVE

// a free angle needs another size with every step of turning: in steps, so that renderers keep their buffers
const STEP = 64

const flatFrame = (view: View, { width, height }: Size, x: number, y: number) => {
  const { a, b, c, d } = axesOf(view)
  const corners = [0, width].flatMap((cx) =>
    [0, height].map((cy): Point => [a * (cx - x) + b * (cy - y), c * (cx - x) + d * (cy - y)]),
  )
  const left = Math.floor(Math.min(...corners.map(([px]) => px)))
  const top = Math.floor(Math.min(...corners.map(([, py]) => py)))
  const across = Math.abs(a) * width + Math.abs(b) * height
  const down = Math.abs(c) * width + Math.abs(d) * height
  const isRight = Number.isInteger(a) && Number.isInteger(b)
  return {
    x: -left,
    y: -top,
    width: isRight ? across : STEP * Math.ceil((across + 2) / STEP),
    height: isRight ? down : STEP * Math.ceil((down + 2) / STEP),
    turn: { a, b, c, d, e: x + a * left + c * top, f: y + b * left + d * top, width, height },
  }
}

/** Where a flat px lies on the layer, device px. */
export const onLayer = ({ turn }: Frame, [x, y]: Point): Point =>
  turn ? [turn.a * x + turn.c * y + turn.e, turn.b * x + turn.d * y + turn.f] : [x, y]

export const sameFrame = (a: Frame, b: Frame): boolean =>
  a.k === b.k &&
  a.x === b.x &&
  a.y === b.y &&
  a.width === b.width &&
  a.height === b.height &&
  a.ratio === b.ratio &&
  sameFields(a.turn, b.turn) &&
  sameFields(a.strength, b.strength)

const sameFields = <T extends object>(a: T | undefined, b: T | undefined): boolean =>
  a === b || (!!a && !!b && (Object.keys(a) as (keyof T)[]).every((name) => a[name] === b[name]))
