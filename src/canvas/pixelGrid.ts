import type { Size } from '#geometry/point.ts'
import type { Frame } from './frame.ts'

/** CSS px of a pixel from which on its sides are drawn. */
const FROM = 8

/** Lines between the pixels in view, from 800 % on: fainter while they are close. */
export const paintPixelGrid = (context: CanvasRenderingContext2D, size: Size, frame: Frame): void => {
  const { k, x, y, width, height, ratio } = frame
  const shown = k / ratio
  if (shown < FROM) return
  const left = Math.max(0, Math.floor(-x / k))
  const top = Math.max(0, Math.floor(-y / k))
  const right = Math.min(size.width, Math.ceil((width - x) / k))
  const bottom = Math.min(size.height, Math.ceil((height - y) / k))
  if (right < left || bottom < top) return
  const opacity = Math.min(0.35, 0.12 + (shown - FROM) / 100)
  // two lines, dark and light, show on every picture
  for (const [style, shift] of [
    [`rgba(0,0,0,${opacity})`, 0],
    [`rgba(255,255,255,${opacity})`, 1],
  ] as const) {
    context.fillStyle = style
    for (let column = left; column <= right; column++)
      context.fillRect(Math.round(column * k + x) - shift, top * k + y, 1, (bottom - top) * k)
    for (let row = top; row <= bottom; row++)
      context.fillRect(left * k + x, Math.round(row * k + y) - shift, (right - left) * k, 1)
  }
}
