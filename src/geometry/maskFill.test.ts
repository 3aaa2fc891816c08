import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Bitmap } from './bitmap.ts'
import { componentsOf, holesOf } from './components.ts'
import { maskArea, maskContains, unionMasks } from './mask.ts'
import { grown, holeAt, insideLine, pieceAt } from './maskFill.ts'
import type { Mask } from './shape.ts'

const size = { width: 60, height: 40 }

function picture(rows: string[], x = 10, y = 10): Mask {
  const bitmap = new Bitmap(size.width, size.height)
  for (const [j, row] of rows.entries())
    for (const [i, pixel] of [...row].entries()) if (pixel === '#') bitmap.fillSpan(y + j, x + i, x + i + 1, true)
  return bitmap.toMask()!
}

describe('the bucket', () => {
  const ring = picture(['#####', '#...#', '#.#.#', '#...#', '#####'])

  it('fills what is enclosed, and not what is outside or set', () => {
    expect(maskArea(holeAt(ring, [11.5, 11.5], size)!)).toBe(8)
    expect(holeAt(ring, [2, 2], size)).toBeUndefined()
    expect(holeAt(ring, [10.5, 10.5], size)).toBeUndefined()
    expect(holeAt(ring, [55, 35], size)).toBeUndefined()
  })

  it('does not pass over a corner', () => {
    expect(maskArea(holeAt(picture(['.#.', '#.#', '.#.']), [11.5, 11.5], size)!)).toBe(1)
  })

  it('takes the border of the image for a wall where the mask reaches it', () => {
    const arc = picture(['###', '..#', '..#', '###'], 0, 5)
    expect(maskArea(holeAt(arc, [0.5, 6.5], size)!)).toBe(4)
    expect(holeAt(arc, [5, 6.5], size)).toBeUndefined()
  })

  it('fills every hole that there is', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(399), { minLength: 60, maxLength: 300 }), (places) => {
        const bitmap = new Bitmap(size.width, size.height)
        for (const place of places)
          bitmap.fillSpan(10 + Math.floor(place / 20), 20 + (place % 20), 21 + (place % 20), true)
        const mask = bitmap.toMask()!
        for (const hole of holesOf(mask)) {
          let at: [number, number] = [0, 0]
          for (let x = hole.x; x < hole.x + hole.w; x++) if (maskContains(hole, x, hole.y)) at = [x + 0.5, hole.y + 0.5]
          expect(holeAt(mask, at, size)).toEqual(hole)
        }
      }),
      { numRuns: 60 },
    )
  })

  const open = picture([
    '##########',
    '#........#',
    '#.........',
    '#.........',
    '#.........',
    '#........#',
    '#........#',
    '##########',
  ])

  it('passes over gaps up to the width it is given, and over no wider ones', () => {
    expect(holeAt(open, [14, 14], size)).toBeUndefined()
    expect(holeAt(open, [14, 14], size, 2)).toBeUndefined()
    const filled = holeAt(open, [14, 14], size, 4)!
    expect(maskArea(filled)).toBeGreaterThanOrEqual(48)
    expect(maskArea(filled)).toBeLessThanOrEqual(52)
    expect(holesOf(unionMasks(open, filled)!)).toEqual([])
  })

  it('finds its way from a place near the wall', () => {
    expect(maskArea(holeAt(open, [11.5, 11.5], size, 4)!)).toBeGreaterThanOrEqual(48)
  })

  it('fills to the wall and leaves nothing outside of it painted', () => {
    const filled = holeAt(open, [14, 14], size, 4)!
    for (let y = 9; y < 19; y++) for (const x of [9, 21]) expect(maskContains(filled, x, y)).toBe(false)
    for (let x = 9; x < 21; x++) for (const y of [9, 18]) expect(maskContains(filled, x, y)).toBe(false)
  })
})

it('finds the piece under a point', () => {
  const mask = picture(['##..#', '#..##', '..#..'])
  expect(componentsOf(mask)).toHaveLength(2)
  expect(maskArea(pieceAt(mask, [10.5, 10.5])!)).toBe(3)
  expect(maskArea(pieceAt(mask, [14.5, 10.5])!)).toBe(4)
  expect(pieceAt(mask, [12.5, 10.5])).toBeUndefined()
})

it('grows by a disc', () => {
  const dot = picture(['#'])
  expect(maskArea(grown(dot, 1, size)!)).toBe(5)
  expect(maskArea(grown(dot, 2, size)!)).toBe(13)
})

it('fills a line that crosses itself without leaving holes', () => {
  // a pentagram: even-odd would leave its middle empty
  const star = [0, 2, 4, 1, 3].map((i): [number, number] => [
    30 + 15 * Math.sin((i * 2 * Math.PI) / 5),
    20 - 15 * Math.cos((i * 2 * Math.PI) / 5),
  ])
  const mask = insideLine(star, size)!
  expect(maskContains(mask, 30.5, 20.5)).toBe(true)
  expect(holesOf(mask)).toEqual([])
})
