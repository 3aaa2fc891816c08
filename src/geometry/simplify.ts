import type { Point } from './point.ts'

const distanceToSegment = (p: Point, a: Point, b: Point): number => {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length))
  return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy)
}

/**
 * A line with fewer points that stays within `tolerance` image pixels of every point it leaves out (Douglas–Peucker,
 * without recursion). The ends stay.
 */
export function simplifyLine(points: readonly Point[], tolerance: number): Point[] {
  if (points.length <= 2) return [...points]
  const keep = new Uint8Array(points.length)
  keep[0] = keep[points.length - 1] = 1
  const open: [number, number][] = [[0, points.length - 1]]
  for (let range = open.pop(); range; range = open.pop()) {
    const [from, to] = range
    let [worst, at] = [tolerance, -1]
    for (let i = from + 1; i < to; i++) {
      const distance = distanceToSegment(points[i]!, points[from]!, points[to]!)
      if (distance > worst) [worst, at] = [distance, i]
    }
    if (at === -1) continue
    keep[at] = 1
    open.push([from, at], [at, to])
  }
  return points.filter((_, i) => keep[i] === 1)
}

/** The same for a closed ring (first point not repeated); at least three points stay, or the ring comes back as it is. */
export function simplifyRing(ring: readonly Point[], tolerance: number): Point[] {
  if (ring.length <= 3) return [...ring]
  const far = farthestFrom(ring, 0)
  const first = simplifyLine(ring.slice(0, far + 1), tolerance)
  const second = simplifyLine([...ring.slice(far), ring[0]!], tolerance)
  const simple = [...first.slice(0, -1), ...second.slice(0, -1)]
  return simple.length < 3 ? [...ring] : simple
}

function farthestFrom(ring: readonly Point[], index: number): number {
  const [x, y] = ring[index]!
  let [best, at] = [-1, index]
  for (const [i, point] of ring.entries()) {
    const distance = (point[0] - x) ** 2 + (point[1] - y) ** 2
    if (distance > best) [best, at] = [distance, i]
  }
  return at
}

/** The greatest distance of a point of `ring` from the outline of `simple`, in image pixels. */
export function deviation(ring: readonly Point[], simple: readonly Point[]): number {
  let worst = 0
  for (const point of ring) {
    let nearest = Number.POSITIVE_INFINITY
    for (let i = 0; i < simple.length; i++)
      nearest = Math.min(nearest, distanceToSegment(point, simple[i]!, simple[(i + 1) % simple.length]!))
    worst = Math.max(worst, nearest)
  }
  return worst
}
