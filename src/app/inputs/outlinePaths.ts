import type { Outline } from '#gen/marquee/v1/marquee_pb.ts'

const whole = 65535

/** SVG path data by concept, in pixels of the picture: a box, a closed ring, or a dot. */
export function outlinePaths(outlines: readonly Outline[], width: number, height: number): Map<string, string> {
  const paths = new Map<string, string>()
  for (const { conceptId, corners } of outlines)
    paths.set(conceptId, (paths.get(conceptId) ?? '') + pathOf(corners, width, height))
  return paths
}

function pathOf(bytes: Uint8Array, width: number, height: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const number = Math.floor(bytes.byteLength / 4)
  const x = (i: number) => Math.round((view.getUint16(i * 4, true) / whole) * width * 10) / 10
  const y = (i: number) => Math.round((view.getUint16(i * 4 + 2, true) / whole) * height * 10) / 10
  if (number === 0) return ''
  if (number === 1) return `M${x(0)} ${y(0)}h0`
  if (number === 2) return `M${x(0)} ${y(0)}H${x(1)}V${y(1)}H${x(0)}Z`
  const corners = Array.from({ length: number }, (_, i) => `${x(i)} ${y(i)}`)
  return `M${corners.join('L')}Z`
}
