import type { Draft } from '#editor/tools/tool.ts'
import type { Point } from '#geometry/point.ts'
import { ringsOf, vertexCount } from '#geometry/rings.ts'
import type { Polygon } from '#geometry/shape.ts'
import type { Region } from '#model/region.ts'
import type { Frame } from './frame.ts'
import { LONG_APART } from './longOutline.ts'
import type { Rect } from './marks.ts'
import { sameDraft } from './sameDraft.ts'

/** From so many vertices on a polygon is painted anew only where it has changed: 10,000 take longer than a frame. */
const MANY = 1000
/** More than are moved by hand. */
const MOST_MOVED = 8
/** How far an outline, its halo and the mark of a vertex reach, CSS px. */
const REACH = 20
/** Vertices that an outline of many leaves out, since they are near to the last one; more are never looked at. */
const MOST_LEFT_OUT = 64

/**
 * Where the overlay changes when of `before` only some vertices of one polygon move, device px of `frame`; undefined
 * where anything else differs. What is left out of a long outline outside of it may differ by LONG_APART from what would
 * be painted now.
 */
export const damageOf = (before: Draft, after: Draft, frame: Frame): Rect | undefined => {
  const [was] = before.shapes
  const [is] = after.shapes
  if (!was || !is || before.shapes.length !== 1 || !isReshaped(was, is)) return undefined
  if (!isLongPolygon(was.shape) || !isLongPolygon(is.shape)) return undefined
  const { vertices: old, ...rest } = before
  const { vertices, ...others } = after
  if (!sameDraft({ ...rest, shapes: [] }, { ...others, shapes: [] })) return undefined
  if (old?.polygon !== (old && was.shape) || vertices?.polygon !== (vertices && is.shape)) return undefined
  if (old?.active !== vertices?.active || !sameSet(old?.picked, vertices?.picked)) return undefined
  if (!sameSet(old?.linked, vertices?.linked)) return undefined
  return movedIn(ringsOf(was.shape), ringsOf(is.shape), frame)
}

const isReshaped = (was: Region, is: Region): boolean =>
  (Object.keys({ ...was, ...is }) as (keyof Region)[]).every((name) => name === 'shape' || was[name] === is[name])

const isLongPolygon = (shape: Region['shape']): shape is Polygon =>
  shape.kind === 'polygon' && vertexCount(shape) >= MANY

const sameSet = (a: ReadonlySet<number> | undefined, b: ReadonlySet<number> | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.size === b.size && a.isSubsetOf(b))

type Rings = readonly (readonly Point[])[]

const movedIn = (was: Rings, is: Rings, { k, x, y, ratio, width, height }: Frame): Rect | undefined => {
  if (was.length !== is.length) return undefined
  const apart = (2 * LONG_APART) / k
  let moved = 0
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  const include = ([px, py]: Point) => {
    left = Math.min(left, px)
    top = Math.min(top, py)
    right = Math.max(right, px)
    bottom = Math.max(bottom, py)
  }
  for (let r = 0; r < is.length; r++) {
    const [old, now] = [was[r]!, is[r]!]
    const n = now.length
    if (old.length !== n) return undefined
    for (let i = 0; i < n; i++) {
      const [p, q] = [old[i]!, now[i]!]
      if (p === q || (p[0] === q[0] && p[1] === q[1])) continue
      if (++moved > MOST_MOVED) return undefined
      include(p)
      include(q)
      for (const step of [1, -1]) {
        // as far as the line may have left out what is near to the vertex, and then to where it goes
        for (let s = 1, far = 0; far < 2; s++) {
          if (s > MOST_LEFT_OUT) return undefined
          const next = now[(((i + s * step) % n) + n) % n]!
          include(next)
          if (near(next, p, apart) || near(next, q, apart)) far = 0
          else far++
        }
      }
    }
  }
  const reach = REACH * ratio
  return {
    left: Math.max(0, Math.floor(left * k + x - reach)),
    top: Math.max(0, Math.floor(top * k + y - reach)),
    right: Math.min(width, Math.ceil(right * k + x + reach)),
    bottom: Math.min(height, Math.ceil(bottom * k + y + reach)),
  }
}

const near = (a: Point, b: Point, apart: number): boolean => Math.hypot(a[0] - b[0], a[1] - b[1]) < apart
