import type { Size } from '#geometry/point.ts'
import type { Frame } from './frame.ts'

/** Side of a square, CSS px. */
const SQUARE = 8
/** Light and quiet, whatever the theme: a picture is looked at on it. */
const COLOURS = ['#ffffff', '#dcdcdc'] as const

const patterns = new Map<number, CanvasPattern>()

/** What is seen through a picture: squares that stay as large as they are on the screen. */
export const paintCheckerboard = (context: CanvasRenderingContext2D, size: Size, frame: Frame): void => {
  const pattern = patternOf(context, Math.max(1, Math.round(SQUARE * frame.ratio)))
  if (!pattern) return
  const [left, top] = [Math.max(0, frame.x), Math.max(0, frame.y)]
  const right = Math.min(frame.width, frame.x + size.width * frame.k)
  const bottom = Math.min(frame.height, frame.y + size.height * frame.k)
  context.fillStyle = pattern
  context.fillRect(left, top, right - left, bottom - top)
}

const patternOf = (context: CanvasRenderingContext2D, side: number): CanvasPattern | undefined => {
  const known = patterns.get(side)
  if (known) return known
  const tile = new OffscreenCanvas(2 * side, 2 * side)
  const paint = tile.getContext('2d')!
  paint.fillStyle = COLOURS[0]
  paint.fillRect(0, 0, 2 * side, 2 * side)
  paint.fillStyle = COLOURS[1]
  paint.fillRect(0, 0, side, side)
  paint.fillRect(side, side, side, side)
  const made = context.createPattern(tile, 'repeat') ?? undefined
  if (made) patterns.set(side, made)
  return made
}
