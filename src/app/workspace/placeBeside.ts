import type { Point, Size } from '#geometry/point.ts'

/**
 * The top left corner for something of `size` beside `near`: right of it, else left, else below, else above, else in
 * its corner; always inside `surface`. All in screen px.
 */
export function placeBeside(
  near: { x: number; y: number; w: number; h: number },
  size: Size,
  surface: Size,
  gap = 10,
): Point {
  const inside = (value: number, length: number, room: number) => Math.max(4, Math.min(value, room - length - 4))
  const y = inside(near.y, size.height, surface.height)
  const x = inside(near.x, size.width, surface.width)
  if (near.x + near.w + gap + size.width <= surface.width) return [near.x + near.w + gap, y]
  if (near.x - gap - size.width >= 0) return [near.x - gap - size.width, y]
  if (near.y + near.h + gap + size.height <= surface.height) return [x, near.y + near.h + gap]
  if (near.y - gap - size.height >= 0) return [x, near.y - gap - size.height]
  return [inside(near.x + near.w - size.width - gap, size.width, surface.width), y]
}
