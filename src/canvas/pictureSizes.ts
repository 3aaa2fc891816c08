import type { Size } from '#geometry/point.ts'
import { fitView } from '#geometry/view.ts'

// half sizes down to about a thumbnail: a fit-to-screen draw of 12 MP then reads 4–16× fewer pixels (3.5 ms against 5–14)
const SMALLEST_SIDE = 256

/** Halves, quarters … down to about a thumbnail. */
export const levelSizes = ({ width, height }: Size): Size[] => {
  const sizes: Size[] = []
  for (let scale = 0.5; scale * Math.max(width, height) >= SMALLEST_SIDE; scale /= 2) {
    sizes.push({ width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) })
  }
  return sizes
}

/** The scale of a version that has a pixel for each device pixel at `k` device px per picture px. */
export const neededScale = (k: number): number => Math.min(1, k * 0.99)

/** Fewer pixels than these are decoded whole as soon as in part. */
const FEW_PIXELS = 4_000_000
/** A JPEG is coded in squares of eight pixels, and can be decoded as so many in place of eight. */
const EIGHTHS = 8
/** More of them cost nearly as much as all. */
const MOST_EIGHTHS = 4

/**
 * What to decode first of a picture that will be seen whole in a window of this size (CSS px): the least of the sizes a
 * JPEG can be decoded in that is sharp there. Undefined where that is not much less than all of it.
 */
export const firstSize = (size: Size, window: Size, ratio: number): Size | undefined => {
  if (size.width * size.height < FEW_PIXELS) return undefined
  const eighths = Math.ceil(EIGHTHS * neededScale(fitView(size, window).scale * ratio))
  if (eighths > MOST_EIGHTHS) return undefined
  return { width: Math.ceil((size.width * eighths) / EIGHTHS), height: Math.ceil((size.height * eighths) / EIGHTHS) }
}
