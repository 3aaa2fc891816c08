import type { Size } from '#geometry/point.ts'
import type { View } from '#geometry/view.ts'

/**
 * How the image lies on a layer's backing store, in device pixels: device px = image px × k + (x, y).
 * `x` and `y` are whole numbers, so that picture, regions and overlay fall on the same pixels while panning
 * (an unscaled integer blit is also 9× cheaper than a sub-pixel one: 0.4 ms against 3.5).
 */
export interface Frame {
  readonly k: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Device pixels in a CSS pixel. */
  readonly ratio: number
}

/** The frame of a view; `viewport` in CSS px. Sizes round down, as Konva sizes its canvases. */
export const frameOf = (view: View, viewport: Size, ratio: number): Frame => ({
  k: view.scale * ratio,
  x: Math.round(view.x * ratio),
  y: Math.round(view.y * ratio),
  width: Math.floor(viewport.width * ratio),
  height: Math.floor(viewport.height * ratio),
  ratio,
})

export const sameFrame = (a: Frame, b: Frame): boolean =>
  a.k === b.k && a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height && a.ratio === b.ratio
