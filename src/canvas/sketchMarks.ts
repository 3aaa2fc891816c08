import type { Mark, Sketch, Stroke, VertexMarks } from '#editor/tools/tool.ts'
import type { Point } from '#geometry/point.ts'
import { ringsOf, vertexCount } from '#geometry/rings.ts'
import type { Frame } from './frame.ts'
import { cssColor, lightness, rgbOf } from './paint.ts'

/** Unfinished outlines and the vertices of the polygon that is edited. Places are image px, sizes CSS px. */

const VERTEX = 8
const ACTIVE_VERTEX = 12
/** Vertices nearer to the last one painted are left out, so that a dense outline stays an outline. */
const VERTEX_APART = 11
/** Polygons of more vertices show one a place. */
const MANY_VERTICES = 500
const DARK = 'rgba(16,18,24,0.9)'
const CROSSING = '#ff3b30'
const SNAP = '#ff2d9b'

/** An outline being drawn: filled lightly, solid where it is set, dashed to the pointer, red where it crosses itself. */
export const paintSketch = (context: CanvasRenderingContext2D, frame: Frame, sketch: Sketch, color: string): void => {
  const rgb = rgbOf(color)
  const halo = lightness(rgb) > 0.5 ? 'rgba(0,0,0,0.6)' : 'rgba(255,255,255,0.8)'
  if (sketch.fill) {
    traceLine(context, frame, sketch.fill, true)
    context.fillStyle = cssColor(rgb, 0.15)
    context.fill('evenodd')
  }
  context.lineJoin = 'round'
  context.lineCap = 'round'
  for (const stroke of sketch.strokes) {
    traceLine(context, frame, stroke.points, stroke.closed === true)
    paintLine(context, frame.ratio, stroke.look, cssColor(rgb, 1), halo)
  }
  context.setLineDash([])
  context.lineCap = 'butt'
}

const paintLine = (
  context: CanvasRenderingContext2D,
  ratio: number,
  look: Stroke['look'],
  color: string,
  halo: string,
): void => {
  const stroke = (style: string, width: number, dash: readonly number[] = []) => {
    context.setLineDash(dash.map((length) => length * ratio))
    context.strokeStyle = style
    context.lineWidth = width * ratio
    context.stroke()
  }
  switch (look) {
    case 'edge':
      stroke(halo, 4)
      stroke(color, 2)
      break
    case 'rubber':
      stroke(halo, 3)
      stroke(color, 1.5, [6, 5])
      break
    case 'other':
      stroke('rgba(0,0,0,0.55)', 2.5)
      stroke('#fff', 1.25, [2, 5])
      break
    case 'crossing':
      stroke('#fff', 5)
      stroke(CROSSING, 3)
      break
    case 'knife':
      stroke('rgba(0,0,0,0.7)', 3.5)
      stroke('#fff', 1.5, [8, 4])
      break
  }
}

const traceLine = (
  context: CanvasRenderingContext2D,
  { k, x, y }: Frame,
  points: readonly Point[],
  closed: boolean,
): void => {
  context.beginPath()
  for (const [i, point] of points.entries()) {
    if (i === 0) context.moveTo(point[0] * k + x, point[1] * k + y)
    else context.lineTo(point[0] * k + x, point[1] * k + y)
  }
  if (closed) context.closePath()
}

/** White squares on the corners, filled ones for those picked, a dot in those shared with other shapes. */
export const paintVertices = (
  context: CanvasRenderingContext2D,
  frame: Frame,
  { polygon, picked, linked, active }: VertexMarks,
  color: string,
): void => {
  const { k, ratio, width, height } = frame
  const margin = ACTIVE_VERTEX * ratio
  const apart = VERTEX_APART * ratio
  const strong: [x: number, y: number, n: number][] = []
  // of many vertices one a place is enough to see where they are: 10,000 squares take 70 ms
  const taken = vertexCount(polygon) > MANY_VERTICES ? new Set<number>() : undefined
  let n = -1
  for (const ring of ringsOf(polygon)) {
    let lastX = Number.NEGATIVE_INFINITY
    let lastY = Number.NEGATIVE_INFINITY
    for (const point of ring) {
      n++
      const x = point[0] * k + frame.x
      const y = point[1] * k + frame.y
      if (x < -margin || y < -margin || x > width + margin || y > height + margin) continue
      if (n === active || picked.has(n)) {
        strong.push([x, y, n])
        continue
      }
      if (Math.abs(x - lastX) < apart && Math.abs(y - lastY) < apart) continue
      lastX = x
      lastY = y
      if (taken) {
        const place = Math.floor(x / apart) * 65_536 + Math.floor(y / apart)
        if (taken.has(place)) continue
        taken.add(place)
      }
      paintVertex(context, ratio, x, y, { size: VERTEX, fill: '#fff' })
      if (linked.has(n)) paintLink(context, ratio, x, y)
    }
  }
  for (const [x, y, vertex] of strong) {
    const fill = picked.has(vertex) ? color : '#fff'
    paintVertex(context, ratio, x, y, {
      size: vertex === active ? ACTIVE_VERTEX : VERTEX + 2,
      fill,
      ringed: picked.has(vertex),
    })
    if (linked.has(vertex)) paintLink(context, ratio, x, y)
  }
}

const paintVertex = (
  context: CanvasRenderingContext2D,
  ratio: number,
  x: number,
  y: number,
  look: { readonly size: number; readonly fill: string; readonly ringed?: boolean },
): void => {
  const edge = Math.max(1, Math.round(ratio))
  const size = Math.round(look.size * ratio)
  const left = Math.round(x - size / 2)
  const top = Math.round(y - size / 2)
  const square = (grow: number, style: string) => {
    context.fillStyle = style
    context.fillRect(left - grow, top - grow, size + 2 * grow, size + 2 * grow)
  }
  square(look.ringed ? 2 * edge : edge, DARK)
  if (look.ringed) square(edge, '#fff')
  square(0, look.fill)
}

/** Two links of a chain, above the vertex to the right: it is shared. */
const paintLink = (context: CanvasRenderingContext2D, ratio: number, x: number, y: number): void => {
  const [cx, cy] = [x + 10 * ratio, y - 10 * ratio]
  context.beginPath()
  context.arc(cx, cy, 6.5 * ratio, 0, 2 * Math.PI)
  context.fillStyle = DARK
  context.fill()
  context.strokeStyle = '#fff'
  context.lineWidth = 1.3 * ratio
  context.beginPath()
  context.ellipse(cx - 1.7 * ratio, cy + 1.2 * ratio, 2.6 * ratio, 1.7 * ratio, -Math.PI / 4, 0, 2 * Math.PI)
  context.stroke()
  context.beginPath()
  context.ellipse(cx + 1.7 * ratio, cy - 1.2 * ratio, 2.6 * ratio, 1.7 * ratio, -Math.PI / 4, 0, 2 * Math.PI)
  context.stroke()
}

/** Small signs: set vertices, the one that closes, what was snapped to, the vertex that a press would make. */
export const paintMarks = (
  context: CanvasRenderingContext2D,
  frame: Frame,
  marks: readonly Mark[],
  color: string,
): void => {
  const { k, ratio } = frame
  for (const { at, look } of marks) {
    const x = at[0] * k + frame.x
    const y = at[1] * k + frame.y
    switch (look) {
      case 'vertex':
        paintVertex(context, ratio, x, y, { size: 6, fill: '#fff' })
        break
      case 'first':
        paintVertex(context, ratio, x, y, { size: 9, fill: color, ringed: true })
        break
      case 'close':
        paintRing(context, ratio, x, y, 9, color)
        break
      case 'ghost':
        paintDisc(context, ratio, x, y, 4.5, 'rgba(255,255,255,0.85)')
        break
      case 'onVertex':
        paintRing(context, ratio, x, y, 8, SNAP)
        break
      case 'onEdge':
      case 'onBorder':
        paintDisc(context, ratio, x, y, 4.5, SNAP)
        break
    }
  }
}

const paintRing = (
  context: CanvasRenderingContext2D,
  ratio: number,
  x: number,
  y: number,
  radius: number,
  color: string,
): void => {
  context.beginPath()
  context.arc(x, y, radius * ratio, 0, 2 * Math.PI)
  context.strokeStyle = DARK
  context.lineWidth = 5 * ratio
  context.stroke()
  context.strokeStyle = '#fff'
  context.lineWidth = 3.6 * ratio
  context.stroke()
  context.strokeStyle = color
  context.lineWidth = 2.2 * ratio
  context.stroke()
}

const paintDisc = (
  context: CanvasRenderingContext2D,
  ratio: number,
  x: number,
  y: number,
  radius: number,
  color: string,
): void => {
  context.beginPath()
  context.arc(x, y, (radius + 1.2) * ratio, 0, 2 * Math.PI)
  context.fillStyle = DARK
  context.fill()
  context.beginPath()
  context.arc(x, y, radius * ratio, 0, 2 * Math.PI)
  context.fillStyle = color
  context.fill()
}
