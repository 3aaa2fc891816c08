import type { Pointing, Scene } from '#editor/scene.ts'
import { isPolygon, linkedVertices, type PolygonRegion, sharing, staysAt } from '#editor/sharedVertices.ts'
import { editedPolygon, pickedVertices, type VertexHit } from '#editor/vertexHit.ts'
import { snapVertex, type VertexSnap } from '#editor/vertexSnap.ts'
import { clampMove } from '#geometry/box.ts'
import type { Point } from '#geometry/point.ts'
import { pointsBounds } from '#geometry/polygon.ts'
import {
  insertVertex,
  locate,
  moveVertices,
  polygonOf,
  removeVertices,
  ringsOf,
  vertexCount,
  verticesOf,
} from '#geometry/rings.ts'
import type { Box, Polygon, Shape } from '#geometry/shape.ts'
import type { RegionKey } from '#model/region.ts'
import { type Draft, type Effect, emptyDraft, type Mark, type VertexMarks } from './tool.ts'

/** Vertices being dragged. */
export interface Reshaping {
  readonly at: 'reshaping'
  readonly key: RegionKey
  /** the polygon as it was, with the vertex that the gesture has put in */
  readonly original: Polygon
  /** the one under the pointer */
  readonly held: number
  /** all that move, numbers in `original` */
  readonly moving: ReadonlySet<number>
  /** vertices of other regions that move along: by region, their numbers by those of `moving` */
  readonly shared: ReadonlyMap<RegionKey, ReadonlyMap<number, number>>
  /** a neighbour that may not be moved has a vertex there, too */
  readonly parts: boolean
  /** from the press to the held vertex, so that nothing jumps, image px */
  readonly grip: Point
  readonly pointer: Pointing
}

/**
 * The drag of a vertex, or of one that is put into the contour first. Picked vertices move with it if it is one of
 * them. Vertices shared with other polygons go along, unless Ctrl detaches. Undefined when the polygon is gone.
 */
export function startReshaping(scene: Scene, hit: VertexHit, down: Pointing, pointer: Pointing): Reshaping | undefined {
  const region = editedPolygon(scene)
  if (!region || region.key !== hit.key) return undefined
  const inserts = hit.kind === 'contour'
  const original = inserts ? insertVertex(region.shape, hit.edge, hit.at) : region.shape
  const held = inserts ? hit.edge + 1 : hit.vertex
  const picked = pickedVertices(scene)
  const moving = !inserts && picked.has(held) ? picked : new Set([held])
  const at = verticesOf(original)[held]
  if (!at) return undefined
  const shared = down.ctrl || inserts ? new Map() : sharedWith(scene, region, moving)
  const parts = !scene.apart && !down.ctrl && !inserts
  return {
    at: 'reshaping',
    key: region.key,
    original,
    held,
    moving,
    shared,
    parts: parts && [...moving].some((n) => staysAt(scene, verticesOf(original)[n]!, region.key)),
    grip: [at[0] - down.at[0], at[1] - down.at[1]],
    pointer,
  }
}

/** The picked vertices moved by image px, inside the image, and with them those that other polygons share. */
export function nudgedVertices(
  scene: Scene,
  dx: number,
  dy: number,
): {
  readonly key: RegionKey
  readonly vertices: ReadonlySet<number>
  readonly shapes: ReadonlyMap<RegionKey, Polygon>
} {
  const region = editedPolygon(scene)!
  const vertices = pickedVertices(scene)
  const points = verticesOf(region.shape)
  const [x, y] = clampMove(pointsBounds([...vertices].map((n) => points[n]!)), dx, dy, scene.size)
  const places = new Map([...vertices].map((n): [number, Point] => [n, [points[n]![0] + x, points[n]![1] + y]]))
  const shared = sharedWith(scene, region, vertices)
  return { key: region.key, vertices, shapes: movedShapes(scene, region.key, region.shape, places, shared) }
}

function movedShapes(
  scene: Scene,
  key: RegionKey,
  original: Polygon,
  places: ReadonlyMap<number, Point>,
  shared: Reshaping['shared'],
): ReadonlyMap<RegionKey, Polygon> {
  const shapes = new Map<RegionKey, Polygon>([[key, moveVertices(original, places)]])
  for (const [other, vertices] of shared) {
    const region = scene.regions.get(other)
    if (!isPolygon(region)) continue
    shapes.set(other, moveVertices(region.shape, new Map([...vertices].map(([n, theirs]) => [theirs, places.get(n)!]))))
  }
  return shapes
}

function sharedWith(
  scene: Scene,
  region: PolygonRegion,
  moving: ReadonlySet<number>,
): ReadonlyMap<RegionKey, ReadonlyMap<number, number>> {
  const shared = new Map<RegionKey, Map<number, number>>()
  const linked = linkedVertices(scene, region)
  const points = verticesOf(region.shape)
  for (const n of moving) {
    if (!linked.has(n)) continue
    for (const [key, other] of sharing(scene, points[n]!, region.key)) {
      const vertices = shared.get(key)
      if (vertices) vertices.set(n, other)
      else shared.set(key, new Map([[n, other]]))
    }
  }
  return shared
}

/** Every shape as it is now; Shift keeps to one of eight directions, Ctrl does not snap. */
export function reshaped(
  state: Reshaping,
  scene: Scene,
): { readonly shapes: ReadonlyMap<RegionKey, Polygon>; readonly snap: VertexSnap } {
  const { original, held, moving, pointer, grip } = state
  const points = verticesOf(original)
  const from = points[held]!
  const raw: Point = [pointer.at[0] + grip[0], pointer.at[1] + grip[1]]
  const snap = snapHeld(state, scene, pointer.shift ? straight(from, raw) : raw)
  const around: Box = pointsBounds([...moving].map((n) => points[n]!))
  const wanted: Point = [snap.at[0] - from[0], snap.at[1] - from[1]]
  const [dx, dy] = clampMove(around, ...wanted, scene.size)
  const free = dx === wanted[0] && dy === wanted[1]
  const place = (n: number): Point => {
    // exactly where it was snapped to, without rounding, so that it is the same place
    if (n === held && free) return snap.at
    const [x, y] = points[n]!
    return [x + dx, y + dy]
  }
  const places = new Map([...moving].map((n) => [n, place(n)] as const))
  return { shapes: movedShapes(scene, state.key, original, places, state.shared), snap }
}

function snapHeld(state: Reshaping, scene: Scene, at: Point): VertexSnap {
  const { size } = scene
  const inside: Point = [Math.min(size.width, Math.max(0, at[0])), Math.min(size.height, Math.max(0, at[1]))]
  if (state.pointer.ctrl || state.pointer.shift) return { at: inside }
  return snapVertex(scene, inside, new Set([state.key, ...state.shared.keys()]))
}

function straight(from: Point, to: Point): Point {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const turn = Math.round(Math.atan2(dy, dx) / (Math.PI / 4)) * (Math.PI / 4)
  const length = dx * Math.cos(turn) + dy * Math.sin(turn)
  return [from[0] + length * Math.cos(turn), from[1] + length * Math.sin(turn)]
}

/** The drag is over: all shapes in one step, and the vertices stay picked. */
export function reshapedEffects(state: Reshaping, scene: Scene): readonly Effect[] {
  const { shapes } = reshaped(state, scene)
  const shape = shapes.get(state.key)!
  const effects: Effect[] = [{ do: 'reshape', shapes }]
  if (state.moving.size > 1) effects.push({ do: 'pick', picked: { key: state.key, shape, vertices: state.moving } })
  if (state.parts)
    effects.push({
      do: 'notice',
      text: 'A neighbour here is locked or not yours: it stays, and the border is apart now.',
    })
  return effects
}

export function reshapingDraft(state: Reshaping, scene: Scene): Draft {
  const { shapes, snap } = reshaped(state, scene)
  const changed = [...shapes].flatMap(([key, shape]) => {
    const region = scene.regions.get(key)
    return region ? [{ ...region, shape }] : []
  })
  const sign = { vertex: 'onVertex', edge: 'onEdge', border: 'onBorder' } as const
  const marks: Mark[] = snap.to ? [{ at: snap.at, look: sign[snap.to] }] : []
  const linked = new Set([...state.shared.values()].flatMap((vertices) => [...vertices.keys()]))
  return {
    ...emptyDraft,
    shapes: changed,
    marks,
    vertices: { polygon: shapes.get(state.key)!, picked: state.moving, linked, active: state.held },
    cursor: 'crosshair',
    autoPan: true,
  }
}

/** What a click on a vertex or on the contour does. */
export function clickVertex(scene: Scene, hit: VertexHit, event: Pointing, twice: boolean): readonly Effect[] {
  const region = editedPolygon(scene)
  if (!region || region.key !== hit.key) return []
  const { key, shape } = region
  if (hit.kind === 'contour') {
    if (event.alt) return []
    const next = insertVertex(shape, hit.edge, hit.at)
    return [
      { do: 'reshape', shapes: new Map<RegionKey, Shape>([[key, next]]) },
      { do: 'pick', picked: { key, shape: next, vertices: new Set([hit.edge + 1]) } },
    ]
  }
  if (event.alt || (twice && event.kind === 'touch')) return deleteAt(region, hit.vertex)
  const picked = pickedVertices(scene)
  if (!event.shift) return [{ do: 'pick', picked: { key, shape, vertices: new Set([hit.vertex]) } }]
  return [{ do: 'pick', picked: { key, shape, vertices: picked.symmetricDifference(new Set([hit.vertex])) } }]
}

/** Alt+click: a vertex of the outer ring goes, or the whole hole. */
function deleteAt({ key, shape }: PolygonRegion, vertex: number): readonly Effect[] {
  const { ring } = locate(shape, vertex)
  if (ring > 0) {
    const rings = ringsOf(shape)
    return [{ do: 'reshape', shapes: new Map([[key, polygonOf(rings.toSpliced(ring, 1))]]) }]
  }
  const next = removeVertices(shape, new Set([vertex]))
  if (!next) return [{ do: 'notice', text: 'A polygon keeps three points. Delete removes the whole polygon.' }]
  return [{ do: 'reshape', shapes: new Map([[key, next]]) }]
}

/** Numbers of the edited polygon's vertices in `band`. */
export function verticesIn(scene: Scene, band: Box): ReadonlySet<number> {
  const region = editedPolygon(scene)
  const found = new Set<number>()
  if (!region) return found
  const [right, bottom] = [band.x + band.w, band.y + band.h]
  for (const [n, [x, y]] of verticesOf(region.shape).entries()) {
    if (x >= band.x && y >= band.y && x <= right && y <= bottom) found.add(n)
  }
  return found
}

/** Half an edge must be longer than this to show its middle, screen px; and no more edges than that are shown. */
const middlePx = 12
const mostMiddles = 200

/** Fingers do not hover: they see a ghost in the middle of every edge that is long enough. */
function middles(scene: Scene, polygon: Polygon): readonly Mark[] {
  if (vertexCount(polygon) > mostMiddles) return []
  const least = (2 * middlePx) / scene.view.scale
  return ringsOf(polygon).flatMap((ring) =>
    ring.flatMap(([x, y], i): Mark[] => {
      const [nx, ny] = ring[(i + 1) % ring.length]!
      const long = Math.hypot(nx - x, ny - y) > least
      return long ? [{ at: [(x + nx) / 2, (y + ny) / 2], look: 'ghost' }] : []
    }),
  )
}

/** The vertices of the edited polygon, and the place where a press would put a new one. */
export function vertexMarks(
  scene: Scene,
  hit: VertexHit | undefined,
  touch: boolean,
): { readonly vertices?: VertexMarks; readonly marks?: readonly Mark[] } {
  const region = editedPolygon(scene)
  if (!region) return {}
  const active = hit?.kind === 'vertex' ? hit.vertex : undefined
  const vertices: VertexMarks = {
    polygon: region.shape,
    picked: pickedVertices(scene),
    linked: linkedVertices(scene, region),
    active,
  }
  if (touch) return { vertices, marks: middles(scene, region.shape) }
  return hit?.kind === 'contour' ? { vertices, marks: [{ at: hit.at, look: 'ghost' }] } : { vertices }
}
