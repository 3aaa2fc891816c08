import { describe, expect, it } from 'vitest'
import { placeBeside } from './placeBeside.ts'

const surface = { width: 1000, height: 800 }
const size = { width: 200, height: 300 }

describe('placeBeside', () => {
  it.each([
    ['right of it', { x: 100, y: 100, w: 100, h: 50 }, [210, 100]],
    ['left of it, at the right edge', { x: 850, y: 100, w: 140, h: 50 }, [640, 100]],
    ['below it, when it is as wide as the surface', { x: 0, y: 0, w: 1000, h: 200 }, [4, 210]],
    ['above it', { x: 0, y: 500, w: 1000, h: 290 }, [4, 190]],
    ['in it, when it fills the surface', { x: 0, y: 0, w: 1000, h: 800 }, [790, 4]],
    ['never below the edge', { x: 100, y: 700, w: 100, h: 50 }, [210, 496]],
  ])('stands %s', (_, near, at) => {
    expect(placeBeside(near, size, surface)).toEqual(at)
  })
})
