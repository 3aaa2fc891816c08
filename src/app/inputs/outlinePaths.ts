import type { Outline } from '#gen/marquee/v1/marquee_pb.ts'

const whole = 65535

/** Where a picture is shown, CSS px. */
export interface Frame {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Adds the outlines on one picture to SVG path data by concept, in CSS px: a box, a closed ring, or a dot. */
export function addOutlines(paths: Map<string, string>, outlines: readonly Outline[], frame: Frame): void {
  for (const { conceptId, corners } of outlines)
    paths.set(conceptId, (paths.get(conceptId) ?? '') + pathOf(corners, frame))
}

function pathOf(bytes: Uint8Array, frame: Frame): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const number = Math.floor(bytes.byteLength / 4)
  const x = (i: number) => tenths(frame.x + (view.getUint16(i * 4, true) / whole) * frame.width)
  const y = (i: number) => tenths(frame.y + (view.getUint16(i * 4 + 2, true) / whole) * frame.height)
  if (number === 0) return ''
  if (number === 1) return `M${x(0)} ${y(0)}h0`
  if (number === 2) return `M${x(0)} ${y(0)}H${x(1)}V${y(1)}H${x(0)}Z`
  const corners = Array.from({ length: number }, (_, i) => `${x(i)} ${y(i)}`)
  return `M${corners.join('L')}Z`
}

const tenths = (px: number) => Math.round(px * 10) / 10
