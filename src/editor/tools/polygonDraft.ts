import type { Pointing, Scene } from '#editor/scene.ts'
import { clampPoint } from '#geometry/box.ts'
import type { Point } from '#geometry/point.ts'
import { drawnRegion } from './drawn.ts'
import {
  crossings,
  lastTraced,
  type Outline,
  outlineOf,
  type Part,
  type Target,
  targetOf,
  traces,
} from './polygonSketch.ts'
import { type Draft, emptyDraft, type Mark, type Stroke } from './tool.ts'

/** An outline of more points than this shows the ends of its parts only. */
const mostMarks = 300

/** An unfinished outline with the line to the pointer. */
export function outlineDraft(outline: Outline, pointer: Pointing | undefined, turns: number, scene: Scene): Draft {
  const { points } = outlineOf(outline)
  const target = pointer && targetOf(outline, pointer, turns, scene)
  const marks: Mark[] = [...vertexMarks(outline), ...signsOf(target)]
  if (points.length === 0) return { ...emptyDraft, marks, cursor: 'crosshair' }
  const last = points.at(-1)!
  const rubber = target?.kind === 'vertex' ? [last, ...target.trace, target.at] : []
  const strokes: Stroke[] = [{ points, look: 'edge', ...(target?.kind === 'close' && { closed: true }) }]
  if (target?.kind === 'vertex') {
    const other = target.others?.[0]
    if (other) strokes.push({ points: [last, ...other, target.at], look: 'other' })
    strokes.push({ points: rubber, look: 'rubber' })
  }
  for (const segment of crossings(outline, rubber)) strokes.push({ points: segment, look: 'crossing' })
  const fill = [...points, ...rubber.slice(1)]
  const region = drawnRegion({ kind: 'polygon', points }, scene)
  return {
    ...emptyDraft,
    sketch: { region, strokes, fill: fill.length > 2 ? fill : undefined },
    marks,
    readout: target && traceReadout(target, outline),
    cursor: target?.kind === 'close' ? 'pointer' : 'crosshair',
  }
}

/** A freehand stroke under way. */
export function strokeDraft(outline: Outline, samples: readonly Point[], pointer: Pointing, scene: Scene): Draft {
  const { points } = outlineOf(outline)
  const drawn = [...points, ...samples, clampPoint(pointer.at, scene.size)]
  const target = targetOf({ ...outline, parts: [...outline.parts, { points: samples }] }, pointer, 0, scene)
  const strokes: Stroke[] = [{ points: drawn, look: 'edge' }]
  for (const segment of crossings(outline, [])) strokes.push({ points: segment, look: 'crossing' })
  // a stroke that has only just begun is near its own start
  const closes = target.kind === 'close' && drawn.length > 8
  const first: Mark = { at: drawn[0]!, look: closes ? 'close' : 'first' }
  return {
    ...emptyDraft,
    sketch: { region: drawnRegion({ kind: 'polygon', points: drawn }, scene), strokes, fill: drawn },
    marks: [...vertexMarks(outline).slice(1), first],
    cursor: 'crosshair',
    autoPan: true,
  }
}

/** Of the way that a click would take; before the next one, of that which the last click took. */
function traceReadout(target: Target, outline: Outline): Draft['readout'] {
  const traced = lastTraced(outline)
  if (traces(target)) return wayReadout(target.trace.length + 1, target.at)
  return traced && traced.points.length > 1 ? wayReadout(traced.points.length, traced.points.at(-1)!) : undefined
}

const wayReadout = (count: number, at: Point) => ({
  text: `${count} ${count === 1 ? 'point' : 'points'} · Tab: other way`,
  at,
})

const known = new WeakMap<readonly Part[], readonly Mark[]>()

/** A sign a vertex, the first one its own; remembered for the list of parts. */
function vertexMarks(outline: Outline): readonly Mark[] {
  let marks = known.get(outline.parts)
  if (!marks) {
    const { points } = outlineOf(outline)
    const shown = points.length <= mostMarks ? points : outline.parts.map((part) => part.points.at(-1)!)
    marks = [points[0]!, ...shown.slice(points.length <= mostMarks ? 1 : 0)].map(
      (at, i): Mark => ({ at, look: i === 0 ? 'first' : 'vertex' }),
    )
    if (points.length === 0) marks = []
    known.set(outline.parts, marks)
  }
  return marks
}

/** What the pointer would take. */
function signsOf(target: Target | undefined): readonly Mark[] {
  if (!target) return []
  if (target.kind === 'close') return [{ at: target.at, look: 'close' }]
  switch (target.snap.to) {
    case 'vertex':
      return [{ at: target.at, look: 'onVertex' }]
    case 'edge':
      return [{ at: target.at, look: 'onEdge' }]
    case 'border':
      return [{ at: target.at, look: 'onBorder' }]
    default:
      return []
  }
}
