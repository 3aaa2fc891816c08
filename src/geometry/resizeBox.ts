import { box, clampNumber, clampPoint, type Handle } from './box.ts'
import type { Point, Size } from './point.ts'
import type { Box } from './shape.ts'

export interface ResizeOptions {
  /** Keep width : height. */
  readonly ratio?: boolean
  /** The middle stays instead of the opposite side. */
  readonly fromCentre?: boolean
  /** Smallest side, image px. */
  readonly minimum?: number
}

/**
 * `b` after its handle was dragged to `to`, inside the image. Past the opposite side it flips; no side becomes
 * smaller than `minimum` (1) unless the image is.
 */
export function resizeBox(b: Box, handle: Handle, to: Point, size: Size, options: ResizeOptions = {}): Box {
  const minimum = options.minimum ?? 1
  const target = clampPoint(to, size)
  const ratio = options.ratio && b.w > 0 && b.h > 0
  // keeping the ratio, the longer side stops before the shorter one is too short
  const leastOf = (length: number) => (ratio ? (length * minimum) / Math.min(b.w, b.h) : minimum)
  const x = sideAlong(b.x, b.w, target[0], size.width, {
    moves: isAcross(handle),
    low: handle.includes('w'),
    fromCentre: options.fromCentre ?? false,
    least: leastOf(b.w),
  })
  const y = sideAlong(b.y, b.h, target[1], size.height, {
    moves: isAlong(handle),
    low: handle.includes('n'),
    fromCentre: options.fromCentre ?? false,
    least: leastOf(b.h),
  })
  if (!ratio) return atLeast(spanBox(x, y), minimum, size)
  const wanted =
    isAcross(handle) && isAlong(handle)
      ? Math.max(x.reach / b.w, y.reach / b.h)
      : isAcross(handle)
        ? x.reach / b.w
        : y.reach / b.h
  const factor = Math.min(Math.max(wanted, minimum / Math.min(b.w, b.h)), x.room / b.w, y.room / b.h)
  return spanBox({ ...x, reach: b.w * factor }, { ...y, reach: b.h * factor })
}

/** One axis of a box under resizing: it reaches `reach` from `anchor`, towards `sign`, or half to each side for 0. */
interface Span {
  readonly anchor: number
  readonly sign: -1 | 0 | 1
  readonly reach: number
  /** largest reach inside the image */
  readonly room: number
}

interface Side {
  /** this axis follows the pointer */
  readonly moves: boolean
  /** it is the left or upper side that does */
  readonly low: boolean
  readonly fromCentre: boolean
  /** reach that the span must have room for; it does not flip to where it has not */
  readonly least: number
}

function sideAlong(start: number, length: number, to: number, limit: number, side: Side): Span {
  const middle = start + length / 2
  const around = 2 * Math.max(0, Math.min(middle, limit - middle))
  if (!side.moves) return { anchor: middle, sign: 0, reach: length, room: around }
  if (side.fromCentre) {
    return { anchor: middle, sign: 0, reach: Math.min(2 * Math.abs(to - middle), around), room: around }
  }
  const anchor = side.low ? start + length : start
  const roomOf = (sign: -1 | 1) => (sign < 0 ? anchor : limit - anchor)
  const outward = side.low ? -1 : 1
  const sign = to === anchor ? outward : to < anchor ? -1 : 1
  if (sign !== outward && roomOf(sign) < side.least) return { anchor, sign: outward, reach: 0, room: roomOf(outward) }
  return { anchor, sign, reach: Math.abs(to - anchor), room: roomOf(sign) }
}

function spanBox(x: Span, y: Span): Box {
  const start = (s: Span) => (s.sign === 0 ? s.anchor - s.reach / 2 : s.sign < 0 ? s.anchor - s.reach : s.anchor)
  return box(start(x), start(y), x.reach, y.reach)
}

/** Widens sides under `minimum` around where they are, inside the image. */
function atLeast(b: Box, minimum: number, size: Size): Box {
  const widen = (start: number, length: number, limit: number): readonly [number, number] => {
    if (length >= minimum) return [start, length]
    const side = Math.min(minimum, limit)
    return [clampNumber(start, 0, limit - side), side]
  }
  const [x, w] = widen(b.x, b.w, size.width)
  const [y, h] = widen(b.y, b.h, size.height)
  return box(x, y, w, h)
}

/** The handle that is under the pointer once the box has flipped: the corner or side of `after` nearest to `to`. */
export function handleAfter(before: Box, handle: Handle, after: Box): Handle {
  const flippedX =
    isAcross(handle) && (handle.includes('w') ? after.x >= before.x + before.w : after.x + after.w <= before.x)
  const flippedY =
    isAlong(handle) && (handle.includes('n') ? after.y >= before.y + before.h : after.y + after.h <= before.y)
  const across = handle.includes('w') ? 'w' : handle.includes('e') ? 'e' : ''
  const along = handle.includes('n') ? 'n' : handle.includes('s') ? 's' : ''
  const swap = { n: 's', s: 'n', w: 'e', e: 'w', '': '' } as const
  return `${flippedY ? swap[along] : along}${flippedX ? swap[across] : across}` as Handle
}

const isAcross = (handle: Handle) => handle.includes('w') || handle.includes('e')
const isAlong = (handle: Handle) => handle.includes('n') || handle.includes('s')
