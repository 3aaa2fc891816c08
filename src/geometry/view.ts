import type { Point, Size } from './point.ts'

/** How the image lies on the screen: screen px from the drawing surface's top left = image px × scale + (x, y). */
export interface View {
  readonly scale: number
  readonly x: number
  readonly y: number
}

/** 5 %. */
export const minScale = 0.05
/** 6400 %. */
export const maxScale = 64

/** Screen px → image px. */
export const toImage = (view: View, screen: Point): Point => [
  (screen[0] - view.x) / view.scale,
  (screen[1] - view.y) / view.scale,
]

/** Image px → screen px. */
export const toScreen = (view: View, at: Point): Point => [at[0] * view.scale + view.x, at[1] * view.scale + view.y]

/**
 * Multiplies the scale by `factor`, keeping the image point under `at` (screen px) where it is. The scale stays in
 * 5 %–6400 %, except that an image fitted below 5 % is not enlarged by zooming out.
 */
export function zoomAt(view: View, at: Point, factor: number): View {
  const scale = Math.min(maxScale, Math.max(Math.min(minScale, view.scale), view.scale * factor))
  const ratio = scale / view.scale
  return { scale, x: at[0] - (at[0] - view.x) * ratio, y: at[1] - (at[1] - view.y) * ratio }
}

/** Moves the picture by screen px. */
export const pan = (view: View, dx: number, dy: number): View => ({
  scale: view.scale,
  x: view.x + dx,
  y: view.y + dy,
})

const centred = (size: Size, viewport: Size, scale: number): View => ({
  scale,
  x: (viewport.width - size.width * scale) / 2,
  y: (viewport.height - size.height * scale) / 2,
})

/** The whole image, centred, with `margin` screen px around it. May go below 5 % for an image that large. */
export function fitView(size: Size, viewport: Size, margin = 24): View {
  const width = Math.max(1, viewport.width - 2 * margin)
  const height = Math.max(1, viewport.height - 2 * margin)
  const scale = Math.min(width / Math.max(1, size.width), height / Math.max(1, size.height), maxScale)
  return centred(size, viewport, scale)
}

/** One image px = one screen px, around the image point that is now in the middle of the viewport. */
export function actualSize(view: View, viewport: Size): View {
  return zoomAt(view, [viewport.width / 2, viewport.height / 2], 1 / view.scale)
}

/** The view after the drawing surface changed size: what was in the middle stays in the middle. */
export const resized = (view: View, before: Size, after: Size): View =>
  pan(view, (after.width - before.width) / 2, (after.height - before.height) / 2)
