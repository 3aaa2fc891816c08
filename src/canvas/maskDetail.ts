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
  lastStep = step
  const outline = known.get(mask)?.get(step)
  if (outline) return outline
  const made = maskOutline(mask, step)
  rememberOutline(mask, step, made)
  return made
}

/** Tells what `maskOutline` made of it elsewhere. */
export const rememberOutline = (mask: Mask, step: number, outline: Float32Array): void => {
  const outlines = known.get(mask)
  if (outlines) outlines.set(step, outline)
  else known.set(mask, new Map([[step, outline]]))
}

let lastStep = 1

/** How coarse masks were painted last: likely how the next ones will be. */
export const likelyStep = (): number => lastStep
