import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellAfterKey } from './gridKeys.ts'

// 0 1 2 3
// 4 5 6 7
// 8 9
const grid = { total: 10, columns: 4, rowsInView: 2 }

describe('cellAfterKey', () => {
  it.each([
    ['ArrowRight', 3, 4],
    ['ArrowRight', 9, 9],
    ['ArrowLeft', 4, 3],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 1, 5],
    ['ArrowDown', 7, 9],
    ['ArrowDown', 8, 8],
    ['ArrowUp', 5, 1],
    ['ArrowUp', 2, 2],
    ['PageDown', 0, 8],
    ['PageDown', 5, 9],
    ['PageUp', 9, 1],
    ['Home', 6, 4],
    ['End', 5, 7],
    ['End', 8, 9],
  ])('%s from %i leads to %i', (key, from, to) => {
    expect(cellAfterKey(key, from, false, grid)).toBe(to)
  })
  it('goes to the very ends with Ctrl', () => {
    expect(cellAfterKey('Home', 6, true, grid)).toBe(0)
    expect(cellAfterKey('End', 6, true, grid)).toBe(9)
  })
  it('leaves other keys and empty grids alone', () => {
    expect(cellAfterKey('a', 0, false, grid)).toBeUndefined()
    expect(cellAfterKey('ArrowDown', 0, false, { ...grid, total: 0 })).toBeUndefined()
  })
  it('never leaves the grid', () => {
    const keys = fc.constantFrom('ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End')
    const shape = fc.record({
      total: fc.integer({ min: 1, max: 500 }),
      columns: fc.integer({ min: 1, max: 12 }),
      rowsInView: fc.integer({ min: 0, max: 9 }),
    })
    fc.assert(
      fc.property(shape, fc.nat(), keys, fc.boolean(), (shape, from, key, ctrl) => {
        const to = cellAfterKey(key, from % shape.total, ctrl, shape)
        return to !== undefined && to >= 0 && to < shape.total
      }),
    )
  })
})
