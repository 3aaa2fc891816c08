import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Shape } from '#geometry/shape.ts'
import { aBox, anEditor, aPolygon, aRegion } from '#testing/builders.ts'
import { hitAt, stackAt } from './hit.ts'

const place = fc.integer({ min: 0, max: 200 })
const side = fc.integer({ min: 0, max: 60 })
const shape: fc.Arbitrary<Shape> = fc.oneof(
  fc.tuple(place, place, side, side).map((numbers) => aBox(...numbers)),
  fc.array(fc.tuple(place, place), { minLength: 3, maxLength: 6 }).map((points) => aPolygon(...points)),
  fc.tuple(place, place).map(([x, y]): Shape => ({ kind: 'point', x, y })),
)

it('what a press takes is the first of what lies under it, however many lie there', () => {
  fc.assert(
    fc.property(
      fc.array(shape, { maxLength: 25 }),
      fc.tuple(place, place),
      fc.integer({ min: 0, max: 14 }),
      (all, at, near) => {
        const regions = all.map((each, i) => ({ ...aRegion(`r${i}`, each), z: i % 3 }))
        const editor = anEditor({ regions })
        const [first] = stackAt(editor.state, at, near)
        expect(hitAt(editor.state, at, near)?.key).toBe(first)
      },
    ),
  )
})
