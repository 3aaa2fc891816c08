import { expect, it } from 'vitest'
import { turnedCursor } from './turnedCursor.ts'

it('turns the cursors of handles with the picture', () => {
  const quarter = { angle: Math.PI / 2 }
  expect(turnedCursor('ns-resize', {})).toBe('ns-resize')
  expect(turnedCursor('ns-resize', quarter)).toBe('ew-resize')
  expect(turnedCursor('nwse-resize', quarter)).toBe('nesw-resize')
  expect(turnedCursor('nwse-resize', { angle: Math.PI / 4 })).toBe('ns-resize')
  expect(turnedCursor('nwse-resize', { mirrored: true })).toBe('nesw-resize')
  expect(turnedCursor('crosshair', quarter)).toBe('crosshair')
})
