import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { OutlineSchema } from '#gen/marquee/v1/marquee_pb.ts'
import { addOutlines } from './outlinePaths.ts'

const outline = (conceptId: string, ...shares: readonly number[]) => {
  // at an odd place in a larger buffer, as it comes off the wire
  const bytes = new Uint8Array(shares.length * 2 + 1).subarray(1)
  const view = new DataView(bytes.buffer, 1)
  for (const [i, share] of shares.entries()) view.setUint16(i * 2, share * 65535, true)
  return create(OutlineSchema, { conceptId, corners: bytes })
}

it('draws dots, boxes and rings where the picture is shown, one path a concept for all pictures', () => {
  const paths = new Map<string, string>()
  const outlines = [outline('car', 0, 0, 1, 1), outline('sky', 0, 0, 1, 0, 1, 1), outline('car', 1, 0), outline('none')]
  addOutlines(paths, outlines, { x: 0, y: 0, width: 200, height: 100 })
  addOutlines(paths, [outline('car', 0, 0, 0.5, 0.5)], { x: 210, y: 5.25, width: 50, height: 30 })
  expect([...paths]).toEqual([
    ['car', 'M0 0H200V100H0ZM200 0h0M210 5.3H235V20.2H210Z'],
    ['sky', 'M0 0L200 0L200 100Z'],
    ['none', ''],
  ])
})
