import type { Frame } from './frame.ts'
import { isLong, LONG_APART } from './longOutline.ts'
import {
  cssColor,
  dashOf,
  fillOpacity,
  HATCH,
  HATCHED,
  haloOf,
  outlineOpacity,
  outlineWidth,
  POINT,
  POINT_RADIUS,
} from './paint.ts'
import type { RegionArrays } from './regionArrays.ts'
import type { RegionRenderer } from './regionRenderer.ts'

// quieter than that of what is selected
const RESTING_HALO = 0.6

// boxes and polygons smaller than this on screen look alike: drawn as a box
const TINY = 4

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** The exact renderer: true blending, in paint order. Quickest while few regions are in view, and the oracle of raster.ts. */
export class Canvas2dRenderer implements RegionRenderer {
  readonly #regions: RegionArrays
  readonly #hatches = new Map<string, CanvasPattern>()
  readonly #colors = new Map<string, { fill: string; stroke: string; halo: string }>()

  constructor(regions: RegionArrays) {
    this.#regions = regions
  }

  paint(context: Context, frame: Frame): boolean {
    const { bounds, hidden, count } = this.#regions
    const { k, x, y, width, height } = frame
    const margin = (POINT_RADIUS + 1) * frame.ratio
    context.clearRect(0, 0, width, height)
    context.lineJoin = 'round'
    for (let slot = 0, b = 0; slot < count; slot++, b += 4) {
      if (hidden[slot]) continue
      const x0 = bounds[b]! * k + x
      const y0 = bounds[b + 1]! * k + y
      const x1 = bounds[b + 2]! * k + x
      const y1 = bounds[b + 3]! * k + y
      if (x1 < -margin || y1 < -margin || x0 > width + margin || y0 > height + margin) continue
      this.#region(context, frame, slot, x0, y0, x1, y1)
    }
    context.setLineDash([])
    return true
  }

  #region(context: Context, frame: Frame, slot: number, x0: number, y0: number, x1: number, y1: number): void {
    const style = this.#regions.style[slot]!
    const { fill, stroke, halo } = this.#colorsOf(this.#regions.rgb[slot]!, style, frame)
    context.fillStyle = fill
    context.strokeStyle = stroke
    if (style & POINT) {
      context.beginPath()
      context.arc((x0 + x1) / 2, (y0 + y1) / 2, POINT_RADIUS * frame.ratio, 0, 2 * Math.PI)
      context.fillStyle = stroke
      context.fill()
      return
    }
    const width = outlineWidth(style, frame.strength) * frame.ratio
    const edge = frame.strength?.halo ? halo : undefined
    const dash = dashOf(style)
    context.setLineDash(dash ? [dash[0] * frame.ratio, dash[1] * frame.ratio] : [])
    if (this.#regions.length[slot] === 0 || (x1 - x0 < TINY && y1 - y0 < TINY)) {
      this.#box(context, frame, slot, Math.round(x0), Math.round(y0), Math.round(x1), Math.round(y1), width, edge)
    } else {
      context.lineWidth = x1 - x0 < 10 ? Math.min(width, frame.ratio) : width
      tracePolygon(context, this.#regions.pointsOf(slot), frame)
      if (x1 - x0 > 5 && y1 - y0 > 5) {
        context.fill('evenodd')
        if (style & HATCHED) {
          context.fillStyle = this.#hatch(context, frame, this.#regions.rgb[slot]!)
          context.fill('evenodd')
        }
        if (edge) haloed(context, edge, frame.ratio)
      }
      context.stroke()
    }
  }

  /** A box with its line inside, on whole pixels: crisp at every ratio. */
  #box(
    context: Context,
    frame: Frame,
    slot: number,
    left: number,
    top: number,
    right: number,
    bottom: number,
    outline: number,
    edge: string | undefined,
  ): void {
    const w = Math.max(1, right - left)
    const h = Math.max(1, bottom - top)
    if (w <= 3 || h <= 3) {
      context.fillStyle = context.strokeStyle
      if (w <= 2 || h <= 2) {
        context.fillRect(left, top, w, h)
        return
      }
    }
    const line = w > 6 && h > 6 ? outline : Math.min(1, outline)
    if (w > 3 && h > 3) {
      context.fillRect(left, top, w, h)
      if (this.#regions.style[slot]! & HATCHED) {
        context.fillStyle = this.#hatch(context, frame, this.#regions.rgb[slot]!)
        context.fillRect(left, top, w, h)
      }
    }
    context.lineWidth = line
    context.beginPath()
    context.rect(left + line / 2, top + line / 2, w - line, h - line)
    if (edge && w > 6 && h > 6) haloed(context, edge, frame.ratio)
    context.stroke()
  }

  #colorsOf(rgb: number, style: number, { strength }: Frame): { fill: string; stroke: string; halo: string } {
    const name = `${rgb}/${style}/${strength?.fill ?? 1}`
    let colors = this.#colors.get(name)
    if (!colors) {
      colors = {
        fill: cssColor(rgb, fillOpacity(style, strength)),
        stroke: cssColor(rgb, outlineOpacity(style)),
        halo: haloOf(rgb),
      }
      this.#colors.set(name, colors)
    }
    return colors
  }

  /** Diagonal lines, anchored to the image so that they do not swim while panning. */
  #hatch(context: Context, frame: Frame, rgb: number): CanvasPattern {
    const period = Math.round(HATCH.period * frame.ratio)
    const name = `${rgb}/${period}`
    let pattern = this.#hatches.get(name)
    if (!pattern) {
      const tile = new OffscreenCanvas(period, period)
      const on = tile.getContext('2d')!
      on.fillStyle = cssColor(rgb, HATCH.opacity)
      for (let i = 0; i < period; i++) on.fillRect(i, (period - i) % period, 1, 1)
      pattern = context.createPattern(tile, 'repeat')!
      this.#hatches.set(name, pattern)
    }
    pattern.setTransform(new DOMMatrix([1, 0, 0, 1, frame.x % period, frame.y % period]))
    return pattern
  }

  close(): void {
    this.#hatches.clear()
    this.#colors.clear()
  }
}

/**
 * Strokes the path a little wider in the halo's colour, under the line itself; the line's own settings stay. Its dashes
 * are the line's: what is pending or only suggested would look like a whole line on a whole halo.
 */
const haloed = (context: Context, halo: string, ratio: number): void => {
  const { strokeStyle, lineWidth } = context
  context.strokeStyle = halo
  context.lineWidth = lineWidth + 2 * ratio
  context.globalAlpha = RESTING_HALO
  context.stroke()
  context.globalAlpha = 1
  context.strokeStyle = strokeStyle
  context.lineWidth = lineWidth
}

/** Makes the path of a polygon: `points` in image px, rings parted by a NaN pair. */
export const tracePolygon = (context: Context, points: Float32Array, frame: Frame): void => {
  const { k, x, y } = frame
  const apart = isLong(points) ? LONG_APART : 0.5
  context.beginPath()
  let pen = false
  let lastX = 0
  let lastY = 0
  for (let i = 0; i < points.length; i += 2) {
    const px = points[i]! * k + x
    const py = points[i + 1]! * k + y
    if (Number.isNaN(px)) {
      context.closePath()
      pen = false
      continue
    }
    if (!pen) context.moveTo(px, py)
    else if ((px - lastX) ** 2 + (py - lastY) ** 2 < apart) continue
    else context.lineTo(px, py)
    pen = true
    lastX = px
    lastY = py
  }
  context.closePath()
}
