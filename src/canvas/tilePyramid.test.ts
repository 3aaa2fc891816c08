import { describe, expect, it } from 'vitest'
import type { Frame } from './frame.ts'
import { levelAt, tilesInView } from './tilePyramid.ts'

const photograph = { width: 20_000, height: 20_000, side: 512, levels: 7 }
const frame = (k: number, x = 0, y = 0): Frame => ({ k, x, y, width: 1200, height: 800, ratio: 1 })

describe('the tiles of a large picture', () => {
  it('come from the level that has a pixel for each on the screen', () => {
    expect(levelAt(1, 7)).toBe(0)
    expect(levelAt(40, 7)).toBe(0)
    expect(levelAt(0.5, 7)).toBe(1)
    expect(levelAt(0.3, 7)).toBe(1)
    expect(levelAt(0.04, 7)).toBe(4)
    expect(levelAt(0.0001, 7)).toBe(6)
  })

  it('are few at every zoom: those in view, the middle first', () => {
    for (let k = 0.03; k < 64; k *= 1.15) {
      const tiles = tilesInView(photograph, levelAt(k, 7), frame(k, 600 - 10_000 * k, 400 - 10_000 * k))
      expect(tiles.length).toBeGreaterThan(0)
      expect(tiles.length).toBeLessThanOrEqual(35)
    }
    const tiles = tilesInView(photograph, 0, frame(1, -5000, -5000))
    expect(tiles[0]).toEqual({ level: 0, x: 10, y: 10 })
    expect(tiles).toHaveLength(12)
  })

  it('end where the picture ends, and there are none out of view', () => {
    expect(tilesInView(photograph, 6, frame(0.01))).toEqual([{ level: 6, x: 0, y: 0 }])
    expect(Math.max(...tilesInView(photograph, 0, frame(1, -19_800, -19_800)).map(({ x }) => x))).toBe(39)
    expect(tilesInView(photograph, 0, frame(1, 5000, 0))).toEqual([])
  })
})
