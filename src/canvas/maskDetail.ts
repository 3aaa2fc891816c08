import { maskOutline } from '#geometry/maskOutline.ts'
import type { Mask } from '#geometry/shape.ts'

/**
 * How many image pixels a side are one block when a mask is painted at `k` device px per image px: 1 from half size up,
 * so that every pixel is the square it is, else blocks of at most half a device pixel.
 */
export const detailAt = (k: number): number => (k >= 0.5 ? 1 : 2 ** Math.floor(Math.log2(0.5 / Math.max(k, 1e-6))))

const known = new WeakMap<Mask, Map<number, Float32Array>>()

/** A mask's outline for painting, made once for each step: see {@link maskOutline}. */
export const outlineOf = (mask: Mask, step: number): Float32Array => {
  let outlines = known.get(mask)
  if (!outlines) {
    outlines = new Map()
    known.set(mask, outlines)
  }
  let outline = outlines.get(step)
  if (!outline) {
    outline = maskOutline(mask, step)
    outlines.set(step, outline)
  }
  return outline
}
