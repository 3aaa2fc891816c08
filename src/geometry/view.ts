import type { Point, Size } from './point.ts'

/** How the picture is turned for looking at it; stored coordinates never change with it. */
export interface Posture {
  /** radians, clockwise on the screen, −π…π; missing = upright */
  readonly angle?: number | undefined
  /** left and right are swapped, before turning */
  readonly mirrored?: boolean | undefined
}

/**
 * How the image lies on the screen. Upright, screen px from the drawing surface's top left = image px × scale + (x, y);
 * turned or mirrored, image px go through {@link axesOf} before (x, y) is added.
 */
export interface View extends Posture {
  readonly scale: number
  readonly x: number
  readonly y: number
}

/** 5 %. */
export const minScale = 0.05
/** 6400 %. */
export const maxScale = 64

/** Where the image's x and y axes point on the screen, unit lengths: screen = x·(a, b) + y·(c, d). */
export interface Axes {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
}

const upright: Axes = { a: 1, b: 0, c: 0, d: 1 }

/** Exact at right angles, so that a picture turned by 90° stays on whole pixels. */
export function axesOf({ angle = 0, mirrored = false }: Posture): Axes {
  if (angle === 0 && !mirrored) return upright
  const cos = whole(Math.cos(angle))
  const sin = whole(Math.sin(angle))
  return { a: mirrored ? -cos : cos, b: mirrored ? -sin : sin, c: -sin, d: cos }
}

const whole = (n: number): number => (Math.abs(n - Math.round(n)) < 1e-12 ? Math.round(n) + 0 : n)

export const isTurned = ({ angle = 0, mirrored = false }: Posture): boolean => angle !== 0 || mirrored

/** Screen px → image px. */
export const toImage = (view: View, screen: Point): Point => {
  const { a, b, c, d } = axesOf(view)
  const x = (screen[0] - view.x) / view.scale
  const y = (screen[1] - view.y) / view.scale
  return [a * x + b * y, c * x + d * y] // the axes are of unit length and at right angles: turning back is transposing
}

/** Image px → screen px. */
export const toScreen = (view: View, at: Point): Point => {
  const { a, b, c, d } = axesOf(view)
  return [(a * at[0] + c * at[1]) * view.scale + view.x, (b * at[0] + d * at[1]) * view.scale + view.y]
}

/** A rectangle, without saying whose pixels. */
export interface Rect {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** The smallest upright rectangle on the screen (screen px) around a part of the image (image px). */
export function boundsOnScreen(view: View, part: Rect): Rect {
  const corners = [
    toScreen(view, [part.x, part.y]),
    toScreen(view, [part.x + part.w, part.y]),
    toScreen(view, [part.x, part.y + part.h]),
    toScreen(view, [part.x + part.w, part.y + part.h]),
  ]
  const xs = corners.map(([x]) => x)
  const ys = corners.map(([, y]) => y)
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y }
}

/**
 * Multiplies the scale by `factor`, keeping the image point under `at` (screen px) where it is. The scale stays in
 * 5 %–6400 %, except that an image fitted below 5 % is not enlarged by zooming out.
 */
export function zoomAt(view: View, at: Point, factor: number): View {
  const scale = Math.min(maxScale, Math.max(Math.min(minScale, view.scale), view.scale * factor))
  const ratio = scale / view.scale
  return { ...view, scale, x: at[0] - (at[0] - view.x) * ratio, y: at[1] - (at[1] - view.y) * ratio }
}

/** Moves the picture by screen px. */
export const pan = (view: View, dx: number, dy: number): View => ({ ...view, x: view.x + dx, y: view.y + dy })

/** Moves the picture so that an image point lies in the middle of the viewport. */
export function centredOn(view: View, at: Point, viewport: Size): View {
  const [x, y] = toScreen(view, at)
  return pan(view, viewport.width / 2 - x, viewport.height / 2 - y)
}

/** The whole image, centred, with `margin` screen px around it. May go below 5 % for an image that large. */
export function fitView(size: Size, viewport: Size, margin = 24, posture: Posture = {}): View {
  const { a, b, c, d } = axesOf(posture)
  const width = Math.max(1, viewport.width - 2 * margin)
  const height = Math.max(1, viewport.height - 2 * margin)
  const across = Math.abs(a) * size.width + Math.abs(c) * size.height
  const down = Math.abs(b) * size.width + Math.abs(d) * size.height
  const scale = Math.min(width / Math.max(1, across), height / Math.max(1, down), maxScale)
  return centredOn({ ...postureOf(posture), scale, x: 0, y: 0 }, [size.width / 2, size.height / 2], viewport)
}

/** One image px = one screen px, around the image point that is now in the middle of the viewport. */
export function actualSize(view: View, viewport: Size): View {
  return zoomAt(view, [viewport.width / 2, viewport.height / 2], 1 / view.scale)
}

/** The view after the drawing surface changed size: what was in the middle stays in the middle. */
export const resized = (view: View, before: Size, after: Size): View =>
  pan(view, (after.width - before.width) / 2, (after.height - before.height) / 2)

/** Turned to this angle (radians, clockwise), keeping the image point under `at` (screen px) where it is. */
export function turnedTo(view: View, at: Point, angle: number): View {
  const held = toImage(view, at)
  const next: View = { ...view, ...postureOf({ angle: normalAngle(angle), mirrored: view.mirrored }) }
  const [x, y] = toScreen(next, held)
  return pan(next, at[0] - x, at[1] - y)
}

/** What is seen on the screen with left and right swapped, around `at` (screen px). */
export function mirroredAt(view: View, at: Point): View {
  const held = toImage(view, at)
  const posture = postureOf({ angle: normalAngle(-(view.angle ?? 0)), mirrored: !view.mirrored })
  const next: View = { ...view, ...posture }
  const [x, y] = toScreen(next, held)
  return pan(next, at[0] - x, at[1] - y)
}

/** In −π…π, and a right angle exactly when it is one but for rounding. */
function normalAngle(angle: number): number {
  const turns = angle / (2 * Math.PI)
  const rest = (turns - Math.round(turns)) * 2 * Math.PI
  const quarters = rest / (Math.PI / 2)
  return Math.abs(quarters - Math.round(quarters)) < 1e-9 ? (Math.round(quarters) * Math.PI) / 2 + 0 : rest
}

/** Upright and unmirrored say nothing, so that views compare as they are. */
const postureOf = ({ angle = 0, mirrored = false }: Posture): Posture => ({
  angle: angle === 0 ? undefined : angle,
  mirrored: mirrored || undefined,
})

/** A step along the screen (one of its axes) as the step along an axis of the image that comes nearest, same length. */
export function alongScreen(view: View, dx: number, dy: number): Point {
  if (!isTurned(view)) return [dx, dy]
  const { a, b, c, d } = axesOf(view)
  const [x, y] = [a * dx + b * dy, c * dx + d * dy]
  const length = Math.hypot(dx, dy)
  return Math.abs(x) >= Math.abs(y) ? [Math.sign(x) * length, 0] : [0, Math.sign(y) * length]
}
