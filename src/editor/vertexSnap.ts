import { clampPoint } from '#geometry/box.ts'
import type { Point } from '#geometry/point.ts'
import { contoursOf, lineLength, nearestOnRing, type OnRing, type Ring, waysBetween } from '#geometry/rings.ts'
import type { RegionKey } from '#model/region.ts'
import { isVisible } from './hit.ts'
import type { Scene } from './scene.ts'

/** Screen px within which a vertex snaps to a vertex of another shape, to an edge, to the border of the image. */
const vertexPx = 8
const edgePx = 6
const borderPx = 8
/** Vertices this near are one place, image px: what snapping made, rounding included. */
export const samePx = 0.01

/** A place on the contour of a shape. */
export interface OnShape {
  readonly key: RegionKey
  readonly ring: Ring
  readonly place: OnRing
}

export interface VertexSnap {
  readonly at: Point
  readonly to?: 'vertex' | 'edge' | 'border' | undefined
  /** the contour that was snapped to */
  readonly on?: OnShape | undefined
}

/**
 * Where a vertex put at `at` goes: onto a vertex, an edge or the border of the image, if one is near. Regions in
 * `except` do not attract. The result lies in the image.
 */
export function snapVertex(scene: Scene, at: Point, except: ReadonlySet<RegionKey> = new Set()): VertexSnap {
  const inside = clampPoint(at, scene.size)
  const { scale } = scene.view
  const reach = vertexPx / scale
  let vertex: VertexSnap | undefined
  let vertexDistance = reach
  let edge: VertexSnap | undefined
  let edgeDistance = edgePx / scale
  const around = { kind: 'box', x: inside[0] - reach, y: inside[1] - reach, w: 2 * reach, h: 2 * reach } as const
  for (const key of scene.index.search(around)) {
    const shape = scene.regions.get(key)?.shape
    if (!shape || except.has(key) || !isVisible(scene, key)) continue
    for (const ring of contoursOf(shape)) {
      const near = nearestVertex(ring, inside)
      if (near.distance <= vertexDistance && isInside(ring[near.vertex]!, scene)) {
        vertexDistance = near.distance
        const place = { edge: near.vertex, t: 0, at: ring[near.vertex]!, distance: near.distance }
        vertex = { at: place.at, to: 'vertex', on: { key, ring, place } }
      }
      const place = nearestOnRing(ring, inside)
      if (!place || place.distance > edgeDistance || !isInside(place.at, scene)) continue
      edgeDistance = place.distance
      edge = { at: place.at, to: 'edge', on: { key, ring, place } }
    }
  }
  return vertex ?? edge ?? snapBorder(scene, inside)
}

function nearestVertex(ring: Ring, at: Point): { readonly vertex: number; readonly distance: number } {
  let distance = Infinity
  let vertex = 0
  for (let i = 0; i < ring.length; i++) {
    const d = Math.hypot(ring[i]![0] - at[0], ring[i]![1] - at[1])
    if (d >= distance) continue
    distance = d
    vertex = i
  }
  return { vertex, distance }
}

const isInside = ([x, y]: Point, { size }: Scene) => x >= 0 && y >= 0 && x <= size.width && y <= size.height

/** Each axis by itself, so that corners attract as well. */
function snapBorder({ size, view }: Scene, at: Point): VertexSnap {
  const near = borderPx / view.scale
  const along = (value: number, limit: number) => (value <= near ? 0 : limit - value <= near ? limit : value)
  const snapped: Point = [along(at[0], size.width), along(at[1], size.height)]
  const same = snapped[0] === at[0] && snapped[1] === at[1]
  const onBorder = snapped[0] === 0 || snapped[1] === 0 || snapped[0] === size.width || snapped[1] === size.height
  return { at: same ? at : snapped, to: onBorder ? 'border' : undefined }
}

/**
 * The ways along contours from `from` to `to`, ends left out, best first: along the contours of visible shapes that hold
 * both places, before others those that hold `before`, too, since one came along them, then the shorter. Those of one
 * contour follow each other. None from a place to itself.
 */
export function waysAlong(scene: Scene, from: Point, to: Point, before?: Point): readonly (readonly Point[])[] {
  if (isSame(from, to)) return []
  const spot = { kind: 'box', x: to[0] - samePx, y: to[1] - samePx, w: 2 * samePx, h: 2 * samePx } as const
  const found: { readonly ways: readonly (readonly Point[])[]; readonly came: boolean; readonly length: number }[] = []
  for (const key of scene.index.search(spot)) {
    const shape = scene.regions.get(key)?.shape
    if (!shape || !isVisible(scene, key)) continue
    for (const ring of contoursOf(shape)) {
      const [start, end] = [placeOn(ring, from), placeOn(ring, to)]
      if (!start || !end) continue
      const ways = waysBetween(ring, start, end)
      const came = before !== undefined && placeOn(ring, before) !== undefined
      found.push({ ways, came, length: lineLength([from, ...ways[0], to]) })
    }
  }
  found.sort((a, b) => Number(b.came) - Number(a.came) || a.length - b.length)
  const apart = found.flatMap(({ ways }) =>
    ways.map((points) => points.filter((point) => !isSame(point, from) && !isSame(point, to))),
  )
  // a border that two shapes share is one way
  return apart.filter((way, i) => !apart.slice(0, i).some((other) => isSameLine(other, way)))
}

/** Where on the ring the point lies, if it does. */
function placeOn(ring: Ring, point: Point): OnRing | undefined {
  const place = nearestOnRing(ring, point)
  return place && place.distance <= samePx ? place : undefined
}

const isSameLine = (a: readonly Point[], b: readonly Point[]): boolean =>
  a.length === b.length && a.every((point, i) => isSame(point, b[i]!))

/** Whether two vertices are one place. */
export const isSame = (a: Point, b: Point): boolean =>
  Math.abs(a[0] - b[0]) <= samePx && Math.abs(a[1] - b[1]) <= samePx
