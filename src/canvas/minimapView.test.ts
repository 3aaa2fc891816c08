import { describe, expect, it } from 'vitest'
import { centredOn, fitView, toScreen } from '#geometry/view.ts'
import { fromMinimap, inView, isZoomedIn, minimapSize } from './minimapView.ts'

const size = { width: 4000, height: 3000 }
const viewport = { width: 1000, height: 600 }

describe('the minimap', () => {
  it('keeps the shape of the picture, and something to see of a strip', () => {
    expect(minimapSize(size)).toEqual({ width: 168, height: 126 })
    expect(minimapSize({ width: 27_136, height: 100 })).toEqual({ width: 168, height: 12 })
    expect(minimapSize({ width: 1, height: 1 })).toEqual({ width: 168, height: 168 })
  })

  it('is wanted when the picture is larger than the surface, not when it is fitted', () => {
    const fitted = fitView(size, viewport)
    expect(isZoomedIn(fitted, size, viewport)).toBe(false)
    expect(isZoomedIn({ ...fitted, scale: 1 }, size, viewport)).toBe(true)
    expect(isZoomedIn(fitView(size, viewport, 24, { angle: 0.3 }), size, viewport)).toBe(false)
    expect(isZoomedIn(fitted, { width: 0, height: 0 }, viewport)).toBe(false)
  })

  it('shows the part in view, and a press on it leads there', () => {
    const view = centredOn({ scale: 1, x: 0, y: 0 }, [2000, 1500], viewport)
    const corners = inView(view, size, viewport)
    expect(corners.flat().map((px) => Math.round(10 * px) / 10)).toEqual([63, 50.4, 105, 50.4, 105, 75.6, 63, 75.6])
    expect(fromMinimap([84, 63], size)).toEqual([2000, 1500])
    expect(fromMinimap([-5, 500], size)).toEqual([0, 3000])
  })

  it('turns the part in view with the picture', () => {
    const view = centredOn({ scale: 1, x: 0, y: 0, angle: Math.PI / 2 }, [2000, 1500], viewport)
    const xs = inView(view, size, viewport).map(([x]) => x)
    const ys = inView(view, size, viewport).map(([, y]) => y)
    expect(Math.max(...xs) - Math.min(...xs)).toBeCloseTo(600 * 0.042)
    expect(Math.max(...ys) - Math.min(...ys)).toBeCloseTo(1000 * 0.042)
    expect(toScreen(view, [2000, 1500]).map(Math.round)).toEqual([500, 300])
  })
})
