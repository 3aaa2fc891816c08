import type { Frame } from './frame.ts'
import { dashOf, fillOpacity, HATCH, HATCHED, outlineOpacity, outlineWidth, POINT, POINT_RADIUS } from './paint.ts'
import type { RegionArrays } from './regionArrays.ts'

// room for the crossings of one pixel row to begin with; a row that has more gets room of its own
const CROSSINGS = 32

// the most crossings sorted by insertion: they come nearly in order for what is drawn by hand
const FEW = 24

// boxes and polygons smaller than this on screen look alike: drawn as a box
const TINY = 4

/** Sorts the first n values in place, ascending. */
const sortFirst = (xs: Float32Array, n: number): void => {
  if (n > FEW) {
    xs.subarray(0, n).sort()
    return
  }
  for (let i = 1; i < n; i++) {
    const value = xs[i]!
    let j = i - 1
    for (; j >= 0 && xs[j]! > value; j--) xs[j + 1] = xs[j]!
    xs[j + 1] = value
  }
}

/**
 * A software rasteriser: anti-aliased outlines and translucent fills straight into RGBA pixels, from typed arrays.
 * One rule replaces blending: of two colours for a pixel the one with the greater alpha wins, the later at a tie. So
 * nothing is read, mixed and written back, order hardly matters, and overlapping fills do not darken. A pixel costs
 * 1–4 ns where a Canvas 2D call costs 1 µs. Its oracle is canvas2d.ts.
 */
export class Raster {
  readonly width: number
  readonly height: number
  /** RGBA, not premultiplied: what ImageData takes. */
  readonly bytes: Uint8ClampedArray<ArrayBuffer>
  readonly #pixels: Uint32Array
  // by row: where its edges cross the row's centre, and how many of them count
  readonly #crossings: Float32Array<ArrayBuffer>[]
  readonly #crossed: Int32Array
  #top = 0
  #bottom = -1
  // dash of the region being drawn, in device px; #dashPeriod 0 = solid
  #dashOn = 0
  #dashPeriod = 0
  #dashAt = 0

  /** Sizes in device px. */
  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.bytes = new Uint8ClampedArray(4 * width * height)
    this.#pixels = new Uint32Array(this.bytes.buffer)
    this.#crossed = new Int32Array(height)
    const room = new Float32Array(height * CROSSINGS)
    this.#crossings = Array.from({ length: height }, (_, row) => room.subarray(row * CROSSINGS, (row + 1) * CROSSINGS))
  }

  /** Draws all regions in view over a cleared image. Returns how many there were. */
  draw(regions: RegionArrays, frame: Frame): number {
    this.#pixels.fill(0)
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
    this.#dashPeriod = dash ? (dash[0] + dash[1]) * ratio : 0
    this.#dashOn = dash ? dash[0] * ratio : 0
    this.#dashAt = 0
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
    if (style & POINT) this.#disc((x0 + x1) / 2, (y0 + y1) / 2, POINT_RADIUS * ratio, rgb, opacity)
    else if (regions.length[slot] === 0 || (x1 - x0 < TINY && y1 - y0 < TINY)) {
      this.#box(x0, y0, x1, y1, rgb, opacity, outline, fill, hatch, anchor)
    } else {
      const filled = x1 - x0 > 5 && y1 - y0 > 5
      const width = x1 - x0 < 10 ? Math.min(ratio, outline) : outline
      this.#polygon(regions, slot, frame, rgb, opacity, width, filled)
      if (filled) this.#fillCrossed(fill, hatch, anchor)
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
    if (w > 2 && h > 2) this.#fillRows(left + 1, top + 1, right - 1, bottom - 1, fill, hatch, anchor)
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
    this.#row(left, right, top, color)
    if (bottom > top) this.#row(left, right, bottom, color)
    this.#column(left, top + 1, bottom - 1, color)
    if (right > left) this.#column(right, top + 1, bottom - 1, color)
  }

  #row(from: number, to: number, y: number, color: number): void {
    if (y < 0 || y >= this.height) return
    const pixels = this.#pixels
    const beats = (color | 0xffffff) >>> 0
    const a = from < 0 ? 0 : from
    const z = to >= this.width ? this.width - 1 : to
    const period = this.#dashPeriod
    for (let x = a, p = y * this.width + a; x <= z; x++, p++) {
      if (period && (x - from) % period >= this.#dashOn) continue
      if (pixels[p]! <= beats) pixels[p] = color
    }
  }

  #column(x: number, from: number, to: number, color: number): void {
    if (x < 0 || x >= this.width) return
    const pixels = this.#pixels
    const beats = (color | 0xffffff) >>> 0
    const a = from < 0 ? 0 : from
    const z = to >= this.height ? this.height - 1 : to
    const period = this.#dashPeriod
    for (let y = a, p = a * this.width + x; y <= z; y++, p += this.width) {
      if (period && (y - from) % period >= this.#dashOn) continue
      if (pixels[p]! <= beats) pixels[p] = color
    }
  }

  #fillRows(
    left: number,
    top: number,
    right: number,
    bottom: number,
    fill: number,
    hatch: number,
    anchor: number,
  ): void {
    const a = left < 0 ? 0 : left
    const z = right >= this.width ? this.width - 1 : right
    const to = bottom >= this.height ? this.height - 1 : bottom
    for (let y = top < 0 ? 0 : top; y <= to; y++) this.#span(a, z, y, fill, hatch, anchor)
  }

  /** Fills pixels a…z of row y; both must be inside the image. */
  #span(a: number, z: number, y: number, fill: number, hatch: number, anchor: number): void {
    const pixels = this.#pixels
    const beats = (fill | 0xffffff) >>> 0
    const row = y * this.width
    for (let p = row + a, end = row + z; p <= end; p++) if (pixels[p]! <= beats) pixels[p] = fill
    if (!hatch) return
    const line = ((Math.round(255 * HATCH.opacity) << 24) | (fill & 0xffffff)) >>> 0
    const stronger = (line | 0xffffff) >>> 0
    const first = (((anchor - a - y) % hatch) + hatch) % hatch
    for (let p = row + a + first, end = row + z; p <= end; p += hatch) if (pixels[p]! <= stronger) pixels[p] = line
  }

  #disc(cx: number, cy: number, radius: number, rgb: number, opacity: number): void {
    const pixels = this.#pixels
    const reach = Math.ceil(radius + 1)
    for (let y = Math.max(0, Math.floor(cy) - reach); y <= Math.min(this.height - 1, Math.floor(cy) + reach); y++) {
      for (let x = Math.max(0, Math.floor(cx) - reach); x <= Math.min(this.width - 1, Math.floor(cx) + reach); x++) {
        const cover = radius + 0.5 - Math.hypot(x + 0.5 - cx, y + 0.5 - cy)
        if (cover <= 0) continue
        const color = ((Math.round(255 * opacity * Math.min(1, cover)) << 24) | rgb) >>> 0
        const p = y * this.width + x
        if (pixels[p]! <= (color | 0xffffff) >>> 0) pixels[p] = color
      }
    }
  }

  /** Outlines every ring; with `filled` it also records the rows' crossings for {@link Raster.#fillCrossed}. */
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
    if (filled) {
      this.#top = this.height
      this.#bottom = -1
    }
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
        this.#line(fromX, fromY, toX, toY, rgb, opacity, width)
        if (filled) this.#edge(fromX, fromY, toX, toY)
        fromX = toX
        fromY = toY
      }
      this.#line(fromX, fromY, firstX, firstY, rgb, opacity, width)
      if (filled) this.#edge(fromX, fromY, firstX, firstY)
      i += 2
    }
  }

  /** Notes where an edge crosses the centres of the pixel rows. */
  #edge(ax: number, ay: number, bx: number, by: number): void {
    const down = ay <= by
    const x0 = down ? ax : bx
    const y0 = down ? ay : by
    const x1 = down ? bx : ax
    const y1 = down ? by : ay
    const from = Math.max(0, Math.ceil(y0 - 0.5))
    const to = Math.min(this.height - 1, Math.ceil(y1 - 0.5) - 1)
    if (from > to) return
    if (from < this.#top) this.#top = from
    if (to > this.#bottom) this.#bottom = to
    const slope = (x1 - x0) / (y1 - y0)
    let x = x0 + (from + 0.5 - y0) * slope
    const crossed = this.#crossed
    for (let row = from; row <= to; row++, x += slope) {
      const n = crossed[row]!
      let xs = this.#crossings[row]!
      if (n === xs.length) {
        const more = new Float32Array(2 * n)
        more.set(xs)
        this.#crossings[row] = more
        xs = more
      }
      xs[n] = x
      crossed[row] = n + 1
    }
  }

  /** Fills between the noted crossings, even-odd, and forgets them. */
  #fillCrossed(fill: number, hatch: number, anchor: number): void {
    for (let row = this.#top; row <= this.#bottom; row++) {
      const n = this.#crossed[row]!
      this.#crossed[row] = 0
      if (n < 2) continue
      const xs = this.#crossings[row]!
      sortFirst(xs, n)
      for (let i = 0; i + 1 < n; i += 2) {
        const a = Math.max(0, Math.ceil(xs[i]! - 0.5))
        const z = Math.min(this.width - 1, Math.ceil(xs[i + 1]! - 0.5) - 1)
        this.#span(a, z, row, fill, hatch, anchor)
      }
    }
  }

  /** An anti-aliased line: at each step along its longer axis the pixels across it, weighed by distance. */
  #line(ax: number, ay: number, bx: number, by: number, rgb: number, opacity: number, width: number): void {
    const steep = Math.abs(by - ay) > Math.abs(bx - ax)
    // u runs along the longer axis, v across it
    const u0 = steep ? ay : ax
    const v0 = steep ? ax : ay
    const u1 = steep ? by : bx
    const v1 = steep ? bx : by
    const du = u1 - u0
    const length = Math.hypot(du, v1 - v0)
    const dashAt = this.#dashAt
    this.#dashAt += length
    if (Math.abs(du) < 1e-6) return
    const slope = (v1 - v0) / du
    const across = Math.abs(du) / length // px of distance for a px of v
    const reach = width / 2 + 0.5
    const half = Math.ceil(reach / across - 0.5)
    const uSide = steep ? this.height : this.width
    const vSide = steep ? this.width : this.height
    const uStride = steep ? this.width : 1
    const vStride = steep ? 1 : this.width
    const low = Math.max(0, Math.floor(Math.min(u0, u1)))
    const high = Math.min(uSide - 1, Math.floor(Math.max(u0, u1)))
    const pixels = this.#pixels
    const full = 255 * opacity
    const period = this.#dashPeriod
    let v = v0 + (low + 0.5 - u0) * slope - 0.5 // a pixel's centre lies half a pixel in
    for (let u = low; u <= high; u++, v += slope) {
      if (period && (dashAt + Math.abs(u - u0) / across) % period >= this.#dashOn) continue
      const middle = Math.round(v)
      const from = middle - half < 0 ? 0 : middle - half
      const to = middle + half >= vSide ? vSide - 1 : middle + half
      for (let w = from, p = u * uStride + from * vStride; w <= to; w++, p += vStride) {
        const cover = reach - Math.abs(w - v) * across
        if (cover < 0.03) continue
        const color = (rgb | ((cover >= 1 ? full : cover * full) << 24)) >>> 0
        if (pixels[p]! <= (color | 0xffffff) >>> 0) pixels[p] = color
      }
    }
  }
}
