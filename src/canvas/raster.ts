import { Crossings } from './crossings.ts'
import type { Frame } from './frame.ts'
import { dashOf, fillOpacity, HATCH, HATCHED, outlineOpacity, outlineWidth, POINT, POINT_RADIUS } from './paint.ts'
import { Pixels } from './pixels.ts'
import type { RegionArrays } from './regionArrays.ts'

// boxes and polygons smaller than this on screen look alike: drawn as a box
const TINY = 4

/**
 * A software rasteriser: anti-aliased outlines and translucent fills straight into RGBA pixels, from typed arrays.
 * One rule replaces blending: of two colours for a pixel the one with the greater alpha wins, the later at a tie. So
 * nothing is read, mixed and written back, order hardly matters, and overlapping fills do not darken. A pixel costs
 * 1–4 ns where a Canvas 2D call costs 1 µs. Its oracle is canvas2d.ts.
 */
export class Raster {
  readonly #pixels: Pixels
  readonly #crossings: Crossings
  #ink: Ink | undefined
  /** the ring that is being drawn, device px */
  #ring = new Float64Array(256)

  /** Sizes in device px; `memory`: four bytes a pixel. */
  constructor(width: number, height: number, memory?: ArrayBuffer) {
    this.#pixels = new Pixels(width, height, memory)
    this.#crossings = new Crossings(height)
  }

  get width(): number {
    return this.#pixels.width
  }

  get height(): number {
    return this.#pixels.height
  }

  /** RGBA, not premultiplied: what ImageData takes. */
  get bytes(): Uint8ClampedArray<ArrayBuffer> {
    return this.#pixels.bytes
  }

  /** Goes on in other memory of the same size. */
  use(memory: ArrayBuffer): void {
    this.#pixels.use(memory)
  }

  /** Draws all regions in view over a cleared image. Returns how many there were. */
  draw(regions: RegionArrays, frame: Frame): number {
    this.#pixels.clear()
    const { bounds, hidden, count } = regions
    const { k, x, y } = frame
    const margin = (POINT_RADIUS + 1) * frame.ratio
    const left = (-margin - x) / k
    const top = (-margin - y) / k
    const right = (this.width + margin - x) / k
    const bottom = (this.height + margin - y) / k
    let drawn = 0
    for (let slot = 0, b = 0; slot < count; slot++, b += 4) {
      if (bounds[b]! > right || bounds[b + 2]! < left || bounds[b + 1]! > bottom || bounds[b + 3]! < top) continue
      if (hidden[slot]) continue
      drawn++
      this.#region(regions, slot, frame)
    }
    return drawn
  }

  #region(regions: RegionArrays, slot: number, frame: Frame): void {
    const { bounds } = regions
    const { k, x, y, ratio } = frame
    const ink = this.#inkOf(regions.style[slot]!, frame)
    const rgb = regions.rgb[slot]!
    const b = 4 * slot
    const x0 = bounds[b]! * k + x
    const y0 = bounds[b + 1]! * k + y
    const x1 = bounds[b + 2]! * k + x
    const y1 = bounds[b + 3]! * k + y
    if (ink.isPoint) this.#pixels.disc((x0 + x1) / 2, (y0 + y1) / 2, POINT_RADIUS * ratio, rgb, ink.line)
    else if (regions.length[slot] === 0 || (x1 - x0 < TINY && y1 - y0 < TINY)) {
      // snapped, and the line inside the box: crisp sides, the same as canvas2d.ts draws
      const left = Math.round(x0)
      const top = Math.round(y0)
      const right = Math.max(left, Math.round(x1) - 1)
      const bottom = Math.max(top, Math.round(y1) - 1)
      this.#box(left, top, right, bottom, rgb, ink)
    } else {
      const filled = x1 - x0 > 5 && y1 - y0 > 5
      const width = x1 - x0 < 10 ? Math.min(ratio, ink.width) : ink.width
      this.#polygon(regions, slot, frame, ink.line, width, filled)
      if (filled) this.#crossings.fill(this.#pixels, rgb, ink.fill, ink.hatch, ink.anchor)
    }
  }

  /** How regions of a style are drawn, and the pixels' dashes set to it. Most regions have the style of the last one. */
  #inkOf(style: number, frame: Frame): Ink {
    const last = this.#ink
    if (last?.style === style && last.frame === frame) return last
    const { ratio, strength, x, y } = frame
    const dash = dashOf(style)
    if (dash) this.#pixels.dash(dash[0] * ratio, (dash[0] + dash[1]) * ratio)
    else this.#pixels.dash(0, 0)
    // hatching is anchored to the image, so that it does not swim while panning
    const hatch = style & HATCHED ? Math.round(HATCH.period * ratio) : 0
    const width = outlineWidth(style, strength) * ratio
    const line = Math.round(255 * outlineOpacity(style))
    const whole = Math.max(1, Math.floor(width))
    const rest = Math.min(1, Math.max(0, width - whole))
    this.#ink = {
      style,
      frame,
      isPoint: (style & POINT) !== 0,
      line,
      width,
      whole,
      rest: rest > 0.05 ? Math.round(line * rest) : 0,
      fill: Math.round(255 * fillOpacity(style, strength)),
      hatch,
      anchor: hatch ? (((x + y) % hatch) + hatch) % hatch : 0,
    }
    return this.#ink
  }

  /** Whole device px, the last ones included. */
  #box(left: number, top: number, right: number, bottom: number, rgb: number, ink: Ink): void {
    const w = right - left
    const h = bottom - top
    if (w > 2 && h > 2)
      this.#pixels.fillRows(left + 1, top + 1, right - 1, bottom - 1, rgb, ink.fill, ink.hatch, ink.anchor)
    const { line, whole, rest } = ink
    if (w <= 5 || h <= 5) {
      this.#frameOf(left, top, right, bottom, rgb, line)
      return
    }
    for (let i = 0; i < whole; i++) this.#frameOf(left + i, top + i, right - i, bottom - i, rgb, line)
    if (rest) this.#frameOf(left + whole, top + whole, right - whole, bottom - whole, rgb, rest)
  }

  /** A rectangle's outline of one pixel. */
  #frameOf(left: number, top: number, right: number, bottom: number, rgb: number, alpha: number): void {
    this.#pixels.row(left, right, top, rgb, alpha)
    if (bottom > top) this.#pixels.row(left, right, bottom, rgb, alpha)
    this.#pixels.column(left, top + 1, bottom - 1, rgb, alpha)
    if (right > left) this.#pixels.column(right, top + 1, bottom - 1, rgb, alpha)
  }

  /** Outlines every ring; with `filled` it also records the rows' crossings. */
  #polygon(regions: RegionArrays, slot: number, frame: Frame, alpha: number, width: number, filled: boolean): void {
    const { points } = regions
    const { k, x, y } = frame
    const rgb = regions.rgb[slot]!
    const start = regions.start[slot]!
    const end = start + regions.length[slot]!
    if (this.#ring.length < end - start) this.#ring = new Float64Array(2 * (end - start))
    const ring = this.#ring
    let floats = 0
    for (let i = start; i <= end; i += 2) {
      const px = i < end ? points[i]! * k + x : Number.NaN
      if (Number.isNaN(px)) {
        this.#pixels.outline(ring, floats, rgb, alpha, width)
        if (filled) this.#crossings.ring(ring, floats)
        floats = 0
        continue
      }
      const py = points[i + 1]! * k + y
      if (floats > 0) {
        const dx = px - ring[floats - 2]!
        const dy = py - ring[floats - 1]!
        if (dx * dx + dy * dy < 1.44) continue // level of detail: corners nearer than 1.2 px to the last one
      }
      ring[floats++] = px
      ring[floats++] = py
    }
  }
}

/** How regions of one style are drawn in one frame: device px, and alphas 0…255. */
interface Ink {
  readonly style: number
  readonly frame: Frame
  readonly isPoint: boolean
  readonly line: number
  readonly width: number
  /** of a box: whole pixels from the edge inward, then a fainter one for the rest of the width */
  readonly whole: number
  readonly rest: number
  readonly fill: number
  readonly hatch: number
  readonly anchor: number
}
