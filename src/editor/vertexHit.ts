import { isAnyBox } from '#geometry/boxFrame.ts'
import type { Point } from '#geometry/point.ts'
import { nearestOnRing, ringsOf, verticesOf } from '#geometry/rings.ts'
import { bounds } from '#geometry/shape.ts'
import type { RegionKey } from '#model/region.ts'
import { isVisible } from './hit.ts'
import type { Scene } from './scene.ts'
import { isPolygon, type PolygonRegion } from './sharedVertices.ts'

/** Something of the polygon that is being edited. */
export type VertexHit =
  | { readonly kind: 'vertex'; readonly key: RegionKey; readonly vertex: number }
  /** the edge after vertex `edge` of the same ring; `at` is the place on it */
  | { readonly kind: 'contour'; readonly key: RegionKey; readonly edge: number; readonly at: Point }

/** The one polygon whose vertices are shown: selected alone, visible, no rotated box, and it may be changed. */
export function editedPolygon(scene: Scene): PolygonRegion | undefined {
  if (scene.selected.size !== 1) return undefined
  const [key] = scene.selected
  const region = scene.regions.get(key!)
  if (
    !isPolygon(region) ||
    isAnyBox(region.shape) ||
    !isVisible(scene, region.key) ||
    scene.whyNot(region) !== undefined
  )
    return undefined
  return region
}

/** The picked vertices, if what they were picked of is still there and selected. */
export function pickedVertices(scene: Scene): ReadonlySet<number> {
  const { picked } = scene
  const region = picked && editedPolygon(scene)
  return region && region.key === picked.key && region.shape === picked.shape ? picked.vertices : none
}

const none: ReadonlySet<number> = new Set()

/** A vertex of the edited polygon within `tolerance` screen px, else its contour within three quarters of that. */
export function vertexHit(scene: Scene, at: Point, tolerance: number): VertexHit | undefined {
  const region = editedPolygon(scene)
  if (!region) return undefined
  const { key, shape } = region
  const b = bounds(shape)
  const far = tolerance / scene.view.scale
  if (at[0] < b.x - far || at[1] < b.y - far || at[0] > b.x + b.w + far || at[1] > b.y + b.h + far) return undefined
  // inside a small polygon vertices reach less, so that it can still be moved
  const reach = Math.min(far, Math.max(3 / scene.view.scale, Math.min(b.w, b.h) / 4))
  let best = reach
  let vertex = -1
  const points = verticesOf(shape)
  for (let i = 0; i < points.length; i++) {
    const distance = Math.hypot(points[i]![0] - at[0], points[i]![1] - at[1])
    if (distance > best) continue
    best = distance
    vertex = i
  }
  if (vertex >= 0) return { kind: 'vertex', key, vertex }
  let first = 0
  let near = reach * 0.75
  let found: VertexHit | undefined
  for (const ring of ringsOf(shape)) {
    const place = nearestOnRing(ring, at)
    if (place && place.distance <= near) {
      near = place.distance
      found = { kind: 'contour', key, edge: first + place.edge, at: place.at }
    }
    first += ring.length
  }
  return found
}
