import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { OutlineSchema } from '#gen/marquee/v1/marquee_pb.ts'
import { outlinePaths } from './outlinePaths.ts'

const outline = (conceptId: string, ...shares: readonly number[]) => {
  // at an odd place in a larger buffer, as it comes off the wire
  const bytes = new Uint8Array(shares.length * 2 + 1).subarray(1)
  const view = new DataView(bytes.buffer, 1)
  for (const [i, share] of shares.entries()) view.setUint16(i * 2, share * 65535, true)
  return create(OutlineSchema, { conceptId, corners: bytes })
}

it('draws dots, boxes and rings, one path a concept', () => {
  const outlines = [outline('car', 0, 0, 1, 1), outline('sky', 0, 0, 1, 0, 1, 1), outline('car', 1, 0), outline('none')]
  expect([...outlinePaths(outlines, 200, 100)]).toEqual([
    ['car', 'M0 0H200V100H0ZM200 0h0'],
    ['sky', 'M0 0L200 0L200 100Z'],
    ['none', ''],
  ])
})
