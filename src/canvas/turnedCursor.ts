import { axesOf, isTurned, type Posture } from '#geometry/view.ts'

/** Directions of the cursors that point both ways, degrees clockwise from right; of eighths of a turn. */
const cursors = ['ew-resize', 'nwse-resize', 'ns-resize', 'nesw-resize'] as const

/** A resizing cursor as it must point in a turned view; every other one as it is. */
export const turnedCursor = (cursor: string, posture: Posture): string => {
  const eighth = (cursors as readonly string[]).indexOf(cursor)
  if (eighth < 0 || !isTurned(posture)) return cursor
  const { a, b, c, d } = axesOf(posture)
  const along = (eighth * Math.PI) / 4
  const [x, y] = [Math.cos(along), Math.sin(along)]
  const shown = Math.atan2(b * x + d * y, a * x + c * y)
  return cursors[(((Math.round(shown / (Math.PI / 4)) % 4) + 4) % 4) as 0 | 1 | 2 | 3]
}
