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
    const style = regions.style[slot]!
    const rgb = regions.rgb[slot]!
    const opacity = outlineOpacity(style)
    const dash = dashOf(style)
    if (dash) this.#pixels.dash(dash[0] * ratio, (dash[0] + dash[1]) * ratio)
    else this.#pixels.dash(0, 0)
    const fill = ((Math.round(255 * fillOpacity(style, frame.strength)) << 24) | rgb) >>> 0
    const outline = outlineWidth(style, frame.strength) * ratio
    // hatching is anchored to the image, so that it does not swim while panning
    const hatch = style & HATCHED ? Math.round(HATCH.period * ratio) : 0
    const anchor = hatch ? (((x + y) % hatch) + hatch) % hatch : 0
    const b = 4 * slot
    const x0 = bounds[b]! * k + x
    const y0 = bounds[b + 1]! * k + y
    const x1 = bounds[b + 2]! * k + x
    const y1 = bounds[b + 3]! * k + y
    if (style & POINT) this.#pixels.disc((x0 + x1) / 2, (y0 + y1) / 2, POINT_RADIUS * ratio, rgb, opacity)
    else if (regions.length[slot] === 0 || (x1 - x0 < TINY && y1 - y0 < TINY)) {
      this.#box(x0, y0, x1, y1, rgb, opacity, outline, fill, hatch, anchor)
    } else {
      const filled = x1 - x0 > 5 && y1 - y0 > 5
      const width = x1 - x0 < 10 ? Math.min(ratio, outline) : outline
      this.#polygon(regions, slot, frame, rgb, opacity, width, filled)
      if (filled) this.#crossings.fill(this.#pixels, fill, hatch, anchor)
    }
  }

  #box(
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    rgb: number,
    opacity: number,
    width: number,
    fill: number,
    hatch: number,
    anchor: number,
  ): void {
    // snapped, and the line inside the box: crisp sides, the same as canvas2d.ts draws
    const left = Math.round(x0)
    const top = Math.round(y0)
    const right = Math.max(left, Math.round(x1) - 1)
    const bottom = Math.max(top, Math.round(y1) - 1)
    const w = right - left
    const h = bottom - top
    if (w > 2 && h > 2) this.#pixels.fillRows(left + 1, top + 1, right - 1, bottom - 1, fill, hatch, anchor)
    // whole pixels from the edge inward, then a fainter one for the rest of the width
    const roomy = w > 5 && h > 5
    const whole = roomy ? Math.max(1, Math.floor(width)) : 1
    const rest = roomy ? Math.min(1, Math.max(0, width - whole)) : 0
    for (let i = 0; i < whole; i++) this.#frameOf(left + i, top + i, right - i, bottom - i, rgb, opacity)
    if (rest > 0.05) this.#frameOf(left + whole, top + whole, right - whole, bottom - whole, rgb, opacity * rest)
  }

  /** A rectangle's outline of one pixel. */
  #frameOf(left: number, top: number, right: number, bottom: number, rgb: number, opacity: number): void {
    const color = ((Math.round(255 * opacity) << 24) | rgb) >>> 0
    this.#pixels.row(left, right, top, color)
    if (bottom > top) this.#pixels.row(left, right, bottom, color)
    this.#pixels.column(left, top + 1, bottom - 1, color)
    if (right > left) this.#pixels.column(right, top + 1, bottom - 1, color)
  }

  /** Outlines every ring; with `filled` it also records the rows' crossings. */
  #polygon(
    regions: RegionArrays,
    slot: number,
    frame: Frame,
    rgb: number,
    opacity: number,
    width: number,
    filled: boolean,
  ): void {
    const { points } = regions
    const { k, x, y } = frame
    const end = regions.start[slot]! + regions.length[slot]!
    let i = regions.start[slot]!
    while (i < end) {
      const firstX = points[i]! * k + x
      const firstY = points[i + 1]! * k + y
      let fromX = firstX
      let fromY = firstY
      for (i += 2; i < end; i += 2) {
        const toX = points[i]! * k + x
        const toY = points[i + 1]! * k + y
        if (Number.isNaN(toX)) break
        const dx = toX - fromX
        const dy = toY - fromY
        if (dx * dx + dy * dy < 1.44) continue // level of detail: corners nearer than 1.2 px to the last one
        this.#pixels.line(fromX, fromY, toX, toY, rgb, opacity, width)
        if (filled) this.#crossings.edge(fromX, fromY, toX, toY)
        fromX = toX
        fromY = toY
      }
      this.#pixels.line(fromX, fromY, firstX, firstY, rgb, opacity, width)
      if (filled) this.#crossings.edge(fromX, fromY, firstX, firstY)
      i += 2
    }
  }
}
