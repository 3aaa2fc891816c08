import { expect, it } from 'vitest'
import type { Frame } from './frame.ts'
import { isLong, strokeLong } from './longOutline.ts'

const frame: Frame = { k: 2, x: 10, y: 20, width: 1000, height: 1000, ratio: 1 }

/** Notes what is stroked: the lines of each path, and its dash offset. */
const recorder = (dash: number[] = []) => {
  const strokes: { points: [number, number][]; offset: number }[] = []
  let points: [number, number][] = []
  const context = {
    lineJoin: 'round',
    lineWidth: 0,
    lineDashOffset: 0,
    getLineDash: () => dash,
    beginPath: () => {
      points = []
    },
    moveTo: (x: number, y: number) => points.push([x, y]),
    lineTo: (x: number, y: number) => points.push([x, y]),
    stroke: () => strokes.push({ points: [...points], offset: context.lineDashOffset }),
  }
  return { strokes, context: context as unknown as CanvasRenderingContext2D }
}

const ring = (corners: number, radius: number): number[] =>
  Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners
    return [100 + radius * Math.cos(angle), 100 + radius * Math.sin(angle)]
  }).flat()

it('strokes every ring as one closed chain of pieces', () => {
  const outer = ring(300, 90)
  const hole = ring(150, 60)
  const points = Float32Array.from([...outer, Number.NaN, Number.NaN, ...hole])
  expect(isLong(points)).toBe(true)
  const { strokes, context } = recorder()
  strokeLong(context, points, frame)
  const starts = strokes.filter(({ points: p }, i) => i === 0 || String(p[0]) !== String(strokes[i - 1]!.points.at(-1)))
  expect(starts).toHaveLength(2)
  const placed = (x: number, y: number) => [Math.fround(x) * 2 + 10, Math.fround(y) * 2 + 20]
  expect(strokes[0]!.points[0]).toEqual(placed(outer[0]!, outer[1]!))
  expect(starts[1]!.points[0]).toEqual(placed(hole[0]!, hole[1]!))
  expect(strokes.at(-1)!.points.at(-1)).toEqual(placed(hole[0]!, hole[1]!))
  for (const { points: p } of strokes) expect(p.length).toBeLessThanOrEqual(65)
  expect(context.lineJoin).toBe('round')
})

it('goes on with the dashes where the piece before ended', () => {
  const { strokes, context } = recorder([6, 4])
  strokeLong(context, Float32Array.from(ring(500, 90)), frame)
  const lengthOf = (points: readonly [number, number][]) =>
    points.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - points[i]![0], y - points[i]![1]), 0)
  expect(strokes[1]!.offset).toBeCloseTo(lengthOf(strokes[0]!.points), 6)
  expect(strokes[2]!.offset).toBeCloseTo(lengthOf([...strokes[0]!.points, ...strokes[1]!.points.slice(1)]), 6)
})

it('paints within a rectangle what it paints there without', () => {
  const points = Float32Array.from(ring(500, 90))
  const whole = recorder([6, 4])
  strokeLong(whole.context, points, frame)
  const part = recorder([6, 4])
  const within = { left: 200, top: 0, right: 300, bottom: 100 }
  strokeLong(part.context, points, frame, within)
  const lines = ({ strokes }: typeof whole) =>
    strokes.flatMap(({ points: p }) => p.slice(1).map((to, i) => [...p[i]!, ...to]))
  const inside = lines(whole).filter(
    ([ax, ay, bx, by]) => Math.max(ax!, bx!) >= 200 && Math.min(ax!, bx!) <= 300 && Math.min(ay!, by!) <= 100,
  )
  expect(inside.length).toBeGreaterThan(20)
  expect(lines(part)).toEqual(inside)
})
