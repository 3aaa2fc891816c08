import type { Pointing, Scene } from '#editor/scene.ts'
import { isPolygon } from '#editor/sharedVertices.ts'
import { editedPolygon } from '#editor/vertexHit.ts'
import { clampPoint } from '#geometry/box.ts'
import type { Point } from '#geometry/point.ts'
import { ringContains } from '#geometry/polygon.ts'
import { intersectPolygons, subtractPolygons } from '#geometry/polygonBoolean.ts'
import {
  between,
  lineLength,
  nearestOnRing,
  type OnRing,
  polygonOf,
  type Ring,
  ringInside,
  ringsOf,
} from '#geometry/rings.ts'
import { area, type Polygon } from '#geometry/shape.ts'
import { simplifyLine } from '#geometry/simplify.ts'
import type { RegionKey } from '#model/region.ts'
import { sampled } from './polygonSketch.ts'
import { type Draft, type Effect, emptyDraft, type Mark, type Stroke, type ToolEvent } from './tool.ts'

/** Screen px from the contour within which the new section ends on it. */
const endPx = 10

/** A new section of a contour being drawn, from the contour back to it. */
export interface Redrawing {
  readonly at: 'redrawing'
  readonly key: RegionKey
  /** the polygon as it was when it began */
  readonly original: Polygon
  readonly ring: number
  readonly from: OnRing
  /** from the contour on; clicks and strokes */
  readonly parts: readonly (readonly Point[])[]
  /** the stroke under way */
  readonly samples?: readonly Point[]
  readonly pointer: Pointing
}

/** What becomes of the polygon one way round. */
interface Candidate {
  /** one, unless its holes part it */
  readonly pieces: readonly Polygon[]
  /** holes that would lie outside */
  readonly lost: number
}

/** The section is drawn: which part of the contour goes is to be chosen. */
export interface Choosing {
  readonly at: 'choosing'
  readonly key: RegionKey
  readonly original: Polygon
  readonly ring: number
  /** where the new section ends */
  readonly end: Point
  readonly candidates: readonly [Candidate, Candidate]
  readonly chosen: 0 | 1
}

export type RedrawState = Redrawing | Choosing

type Step = readonly [RedrawState | undefined, ...Effect[]]

/** Begins a new section at the place of the contour nearest to the press; `held` with the button down. */
export function startRedrawing(scene: Scene, down: Pointing, event: Pointing, held: boolean): Redrawing | undefined {
  const region = editedPolygon(scene)
  if (!region) return undefined
  let best: { readonly ring: number; readonly place: OnRing } | undefined
  for (const [ring, points] of ringsOf(region.shape).entries()) {
    const place = nearestOnRing(points, down.at)
    if (place && (!best || place.distance < best.place.distance)) best = { ring, place }
  }
  if (!best) return undefined
  const { ring, place } = best
  const start: Redrawing = {
    at: 'redrawing',
    key: region.key,
    original: region.shape,
    ring,
    from: place,
    parts: [[place.at]],
    pointer: event,
  }
  return held ? { ...start, samples: sampled([place.at], [event.at], scene) } : start
}

/** What happens while a section is drawn or chosen; undefined = it is over. */
export function stepRedraw(state: RedrawState, event: ToolEvent, scene: Scene): Step {
  const region = scene.regions.get(state.key)
  // changed or taken by somebody else meanwhile
  if (region?.shape !== state.original) return [undefined]
  if (event.type === 'cancel') return [undefined]
  return state.at === 'choosing' ? choose(state, event) : draw(state, event, scene)
}

function choose(state: Choosing, event: ToolEvent): Step {
  switch (event.type) {
    case 'flip':
      return [{ ...state, chosen: state.chosen === 0 ? 1 : 0 }]
    case 'finish':
    case 'click':
    case 'up':
      return [undefined, ...taken(state)]
    case 'menu':
    case 'back':
      return [undefined]
    default:
      return [state]
  }
}

function taken({ key, candidates, chosen }: Choosing): readonly Effect[] {
  const { pieces, lost } = candidates[chosen]
  const change: Effect =
    pieces.length === 1
      ? { do: 'reshape', shapes: new Map([[key, pieces[0]!]]) }
      : { do: 'replace', pieces: new Map([[key, pieces]]) }
  if (lost === 0) return [change]
  const text = `${lost === 1 ? 'A hole' : `${lost} holes`} outside the new outline went with it. Undo brings all back.`
  return [change, { do: 'notice', text }]
}

function draw(state: Redrawing, event: ToolEvent, scene: Scene): Step {
  switch (event.type) {
    case 'hover':
    case 'down':
      return [{ ...state, pointer: event }]
    case 'drag': {
      const samples = state.samples ?? [clampPoint(state.pointer.at, scene.size)]
      return [{ ...state, samples: sampled(samples, [...(event.path ?? []), event.at], scene), pointer: event }]
    }
    case 'up': {
      if (!state.samples) return [state]
      const part = simplifyLine([...state.samples, clampPoint(event.at, scene.size)], 1 / scene.view.scale)
      return [ended({ ...state, pointer: event }, part, event, scene)]
    }
    case 'click': {
      if (event.count === 2) return [state]
      return [ended({ ...state, pointer: event }, [clampPoint(event.at, scene.size)], event, scene)]
    }
    case 'abort': {
      const { samples: _gone, ...rest } = state
      return [rest]
    }
    case 'finish':
      return [closed(state)]
    case 'menu':
    case 'back': {
      const { samples, ...rest } = state
      if (samples) return [rest]
      return [state.parts.length > 1 ? { ...rest, parts: state.parts.slice(0, -1) } : undefined]
    }
    default:
      return [state]
  }
}

/** Straight from its last point to the nearest of the contour. */
function closed(state: Redrawing): RedrawState {
  if (!canClose(state)) return state
  const line = state.parts.flat()
  const place = nearestOnRing(ringsOf(state.original)[state.ring]!, line.at(-1)!)
  return place ? choosing(state, [...line, place.at], place) : state
}

/** Something is drawn that Enter can end. */
export const canClose = (state: RedrawState): boolean =>
  state.at === 'choosing' || (state.parts.length > 1 && state.samples === undefined)

/** With the part added: on the contour again it is drawn, elsewhere it goes on. */
function ended(state: Redrawing, part: readonly Point[], event: Pointing, scene: Scene): RedrawState {
  const { samples: _done, ...rest } = state
  const next: Redrawing = { ...rest, parts: [...state.parts, part] }
  const place = nearestOnRing(ringsOf(state.original)[state.ring]!, event.at)
  const line = next.parts.flat()
  if (!place || place.distance * scene.view.scale > endPx) return next
  // back where it began, nothing is drawn yet
  if (Math.hypot(place.at[0] - state.from.at[0], place.at[1] - state.from.at[1]) * scene.view.scale < 1) return next
  return choosing(state, [...line.slice(0, -1), place.at], place)
}

/** Of the two ways round, the one that keeps more of what the ring held is chosen first: a body is not for its bulge. */
function choosing(state: Redrawing, line: readonly Point[], to: OnRing): Choosing {
  const rings = ringsOf(state.original)
  const ring = rings[state.ring]!
  const { from } = state
  const kept = [between(ring, to, from, false), between(ring, to, from, true)] as const
  const drawn = kept.map((points) => distinct([...line, ...points]))
  const whole = drawn.map((points) => sharedArea(points, ring))
  const gone = kept.map((_, i) => lineLength([from.at, ...between(ring, from, to, i === 1), to.at]))
  // as much of it either way, but for what rounding makes: the smaller change
  const even = Math.abs(whole[0]! - whole[1]!) <= 1e-6 * Math.max(...whole)
  const chosen = (even ? gone[0]! <= gone[1]! : whole[0]! > whole[1]!) ? 0 : 1
  const [one, other] = drawn.map((points) => fitted(rings.with(state.ring, points)))
  return {
    at: 'choosing',
    key: state.key,
    original: state.original,
    ring: state.ring,
    end: to.at,
    candidates: [one!, other!],
    chosen,
  }
}

/** Square px that two rings have in common. */
const sharedArea = (a: Ring, b: Ring): number =>
  intersectPolygons([polygonOf([a]), polygonOf([b])]).reduce((sum, piece) => sum + area(piece), 0)

/** Holes beside the outline are none and go; where one crosses it, or another hole, they are cut out together. */
function fitted([outer, ...holes]: readonly Ring[]): Candidate {
  const held = holes.filter((hole) => sharedArea(outer!, hole) > 0)
  const lost = holes.length - held.length
  const clear = held.every(
    (hole, i) =>
      ringInside(outer!, hole) &&
      !outer!.some((point) => ringContains(hole, point)) &&
      held.every((other, j) => j <= i || sharedArea(hole, other) === 0),
  )
  const whole = polygonOf([outer!, ...held])
  if (clear) return { pieces: [whole], lost }
  const pieces = subtractPolygons(
    polygonOf([outer!]),
    held.map((hole) => polygonOf([hole])),
  )
  return { pieces: pieces.length > 0 ? pieces : [polygonOf([outer!])], lost: pieces.length > 0 ? lost : holes.length }
}

/** Without points that repeat the one before, round the ring. */
const distinct = (ring: readonly Point[]): readonly Point[] =>
  ring.filter((point, i) => {
    const next = ring[(i + 1) % ring.length]!
    return Math.hypot(point[0] - next[0], point[1] - next[1]) > 1e-6
  })

export function redrawDraft(state: RedrawState, scene: Scene): Draft {
  const region = scene.regions.get(state.key)
  if (!isPolygon(region)) return emptyDraft
  if (state.at === 'choosing') {
    const other = state.candidates[state.chosen === 0 ? 1 : 0]
    const strokes = other.pieces.flatMap(ringsOf).map((points): Stroke => ({ points, closed: true, look: 'other' }))
    const [first, ...more] = state.candidates[state.chosen].pieces
    const parts = more.flatMap(ringsOf).map((points): Stroke => ({ points, closed: true, look: 'edge' }))
    return {
      ...emptyDraft,
      shapes: [{ ...region, shape: first! }],
      sketch: { region, strokes: [...strokes, ...parts] },
      readout: { text: 'Click or Enter: take it · Tab: the other part', at: state.end },
      cursor: 'pointer',
    }
  }
  const line = [...state.parts.flat(), ...(state.samples ?? [])]
  const end = clampPoint(state.pointer.at, scene.size)
  const place = nearestOnRing(ringsOf(state.original)[state.ring]!, state.pointer.at)
  const ends = place && line.length > 1 && place.distance * scene.view.scale <= endPx
  const strokes: Stroke[] = [
    { points: line, look: 'edge' },
    { points: [line.at(-1)!, ends ? place.at : end], look: 'rubber' },
  ]
  const marks: Mark[] = [{ at: state.from.at, look: 'onEdge' }]
  const waits = canClose(state) && !ends
  if (ends) marks.push({ at: place.at, look: 'close' })
  return {
    ...emptyDraft,
    sketch: { region, strokes },
    marks,
    readout: waits ? { text: 'Go on to the outline · Enter: straight to it', at: line.at(-1)! } : undefined,
    cursor: 'crosshair',
    autoPan: state.samples !== undefined,
  }
}
