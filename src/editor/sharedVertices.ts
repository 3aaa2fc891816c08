import type { Point } from '#geometry/point.ts'
import { verticesOf } from '#geometry/rings.ts'
import { bounds, type Polygon } from '#geometry/shape.ts'
import type { Region, RegionKey } from '#model/region.ts'
import { isVisible } from './hit.ts'
import type { Scene } from './scene.ts'
import { isSame, samePx } from './vertexSnap.ts'

export type PolygonRegion = Region & { readonly shape: Polygon }

export const isPolygon = (region: Region | undefined): region is PolygonRegion => region?.shape.kind === 'polygon'

/** Vertices of other regions that lie on the given place and may be moved: by region, by number. */
export function sharing(scene: Scene, at: Point, except: RegionKey): ReadonlyMap<RegionKey, number> {
  const movable = verticesAt(scene, at, except).filter(({ region }) => scene.whyNot(region) === undefined)
  return new Map(movable.map(({ region, vertex }) => [region.key, vertex]))
}

/** Whether a vertex of another region lies there that may not be moved. */
export const staysAt = (scene: Scene, at: Point, except: RegionKey): boolean =>
  verticesAt(scene, at, except).some(({ region }) => scene.whyNot(region) !== undefined)

function verticesAt(scene: Scene, at: Point, except: RegionKey) {
  const spot = { kind: 'box', x: at[0] - samePx, y: at[1] - samePx, w: 2 * samePx, h: 2 * samePx } as const
  return scene.index.search(spot).flatMap((key) => {
    const region = scene.regions.get(key)
    if (key === except || !isPolygon(region) || !isVisible(scene, key)) return []
    const vertex = verticesOf(region.shape).findIndex((point) => isSame(point, at))
    return vertex < 0 ? [] : [{ region, vertex }]
  })
}

interface Known {
  readonly regions: Scene['regions']
  readonly hidden: Scene['hidden']
  readonly locked: Scene['locked']
  readonly linked: ReadonlySet<number>
}

const known = new WeakMap<Polygon, Known>()

const none: ReadonlySet<number> = new Set()

/**
 * Numbers of the vertices that the polygon shares with other visible polygons that may be moved; remembered while nothing
 * changes. None where vertices at the same place are to move each by itself.
 */
export function linkedVertices(scene: Scene, { key, shape }: PolygonRegion): ReadonlySet<number> {
  if (scene.apart) return none
  const before = known.get(shape)
  const { regions, hidden, locked } = scene
  if (before && before.regions === regions && before.hidden === hidden && before.locked === locked) return before.linked
  const linked = findLinked(scene, key, shape)
  known.set(shape, { regions, hidden, locked, linked })
  return linked
}

function findLinked(scene: Scene, key: RegionKey, shape: Polygon): ReadonlySet<number> {
  const cells = new Map<string, Point[]>()
  for (const other of scene.index.search(bounds(shape))) {
    const region = scene.regions.get(other)
    if (other === key || !isPolygon(region) || !isVisible(scene, other) || scene.whyNot(region) !== undefined) continue
    for (const point of verticesOf(region.shape)) {
      const name = cellOf(point, 0, 0)
      const cell = cells.get(name)
      if (cell) cell.push(point)
      else cells.set(name, [point])
    }
  }
  const linked = new Set<number>()
  if (cells.size === 0) return linked
  for (const [n, point] of verticesOf(shape).entries()) if (isNear(cells, point)) linked.add(n)
  return linked
}

const cellOf = ([x, y]: Point, dx: number, dy: number): string =>
  `${Math.round(x / samePx) + dx} ${Math.round(y / samePx) + dy}`

function isNear(cells: ReadonlyMap<string, readonly Point[]>, point: Point): boolean {
  for (const dx of [0, -1, 1])
    for (const dy of [0, -1, 1])
      if (cells.get(cellOf(point, dx, dy))?.some((other) => isSame(other, point))) return true
  return false
}
