import { HATCH } from './paint.ts'

/**
 * RGBA pixels that lines, spans and discs are written into. One rule replaces blending: of two colours for a pixel the
 * one with the greater alpha wins, the later at a tie. Places are device px; what lies outside is left out. Colours are
 * 0xBBGGRR with an alpha 0…255: V8 makes an object of every number handed on that is no small integer, and a picture of
 * 100,000 regions was 6 MB of them.
 */
export class Pixels {
  readonly width: number
  readonly height: number
  /** RGBA, not premultiplied: what ImageData takes. */
  bytes: Uint8ClampedArray<ArrayBuffer>
  #pixels: Uint32Array
  // 0 = solid lines
  #dashPeriod = 0
  #dashOn = 0

  /** `memory`: four bytes a pixel. */
  constructor(width: number, height: number, memory = new ArrayBuffer(4 * width * height)) {
    this.width = width
    this.height = height
    this.bytes = new Uint8ClampedArray(memory)
    this.#pixels = new Uint32Array(memory)
  }

  /** Goes on in other memory of the same size. */
  use(memory: ArrayBuffer): void {
    this.bytes = new Uint8ClampedArray(memory)
    this.#pixels = new Uint32Array(memory)
  }

  clear(): void {
    this.#pixels.fill(0)
  }

  /** How the lines from here on are dashed, beginning with a dash; a period of 0 makes them solid. */
  dash(on: number, period: number): void {
    this.#dashOn = on
    this.#dashPeriod = period
  }

  /** Pixels from … to of row y, both included. */
  row(from: number, to: number, y: number, rgb: number, alpha: number): void {
    if (y < 0 || y >= this.height) return
    const pixels = this.#pixels
    const color = (rgb | (alpha << 24)) >>> 0
    const beats = (color | 0xffffff) >>> 0
    const a = from < 0 ? 0 : from
    const z = to >= this.width ? this.width - 1 : to
    const period = this.#dashPeriod
    for (let x = a, p = y * this.width + a; x <= z; x++, p++) {
      if (period && (x - from) % period >= this.#dashOn) continue
      if (pixels[p]! <= beats) pixels[p] = color
    }
  }

  /** Pixels from … to of column x, both included. */
  column(x: number, from: number, to: number, rgb: number, alpha: number): void {
    if (x < 0 || x >= this.width) return
    const pixels = this.#pixels
    const color = (rgb | (alpha << 24)) >>> 0
    const beats = (color | 0xffffff) >>> 0
    const a = from < 0 ? 0 : from
    const z = to >= this.height ? this.height - 1 : to
    const period = this.#dashPeriod
    for (let y = a, p = a * this.width + x; y <= z; y++, p += this.width) {
      if (period && (y - from) % period >= this.#dashOn) continue
      if (pixels[p]! <= beats) pixels[p] = color
    }
  }

  /** Fills a rectangle, borders included, and hatches it every `hatch` px (0 = not), anchored at `anchor`. */
  fillRows(
    left: number,
    top: number,
    right: number,
    bottom: number,
    rgb: number,
    alpha: number,
    hatch: number,
    anchor: number,
  ): void {
    const a = left < 0 ? 0 : left
    const z = right >= this.width ? this.width - 1 : right
    const to = bottom >= this.height ? this.height - 1 : bottom
    for (let y = top < 0 ? 0 : top; y <= to; y++) this.span(a, z, y, rgb, alpha, hatch, anchor)
  }

  /** Fills pixels a…z of row y; both must be inside the image. */
  span(a: number, z: number, y: number, rgb: number, alpha: number, hatch: number, anchor: number): void {
    const pixels = this.#pixels
    const fill = (rgb | (alpha << 24)) >>> 0
    const beats = (fill | 0xffffff) >>> 0
    const row = y * this.width
    for (let p = row + a, end = row + z; p <= end; p++) if (pixels[p]! <= beats) pixels[p] = fill
    if (!hatch) return
    const line = ((Math.round(255 * HATCH.opacity) << 24) | rgb) >>> 0
    const stronger = (line | 0xffffff) >>> 0
    const first = (((anchor - a - y) % hatch) + hatch) % hatch
    for (let p = row + a + first, end = row + z; p <= end; p += hatch) if (pixels[p]! <= stronger) pixels[p] = line
  }

  /** A disc with a soft edge. */
  disc(cx: number, cy: number, radius: number, rgb: number, alpha: number): void {
    const pixels = this.#pixels
    const reach = Math.ceil(radius + 1)
    for (let y = Math.max(0, Math.floor(cy) - reach); y <= Math.min(this.height - 1, Math.floor(cy) + reach); y++) {
      for (let x = Math.max(0, Math.floor(cx) - reach); x <= Math.min(this.width - 1, Math.floor(cx) + reach); x++) {
        const cover = radius + 0.5 - Math.hypot(x + 0.5 - cx, y + 0.5 - cy)
        if (cover <= 0) continue
        const color = ((Math.round(alpha * Math.min(1, cover)) << 24) | rgb) >>> 0
        const p = y * this.width + x
        if (pixels[p]! <= (color | 0xffffff) >>> 0) pixels[p] = color
      }
    }
  }

  /**
   * An anti-aliased closed line through the first `floats` of `ring` (x, y, x, y …): at each step along the longer axis
   * of an edge the pixels across it, weighed by distance.
   */
  outline(ring: Float64Array, floats: number, rgb: number, alpha: number, width: number): void {
    const { width: columns, height: rows } = this
    const pixels = this.#pixels
    const period = this.#dashPeriod
    const on = this.#dashOn
    const reach = width / 2 + 0.5
    let along = 0
    for (let i = 0; i < floats; i += 2) {
      const j = i + 2 < floats ? i + 2 : 0
      const dx = ring[j]! - ring[i]!
      const dy = ring[j + 1]! - ring[i + 1]!
      const steep = Math.abs(dy) > Math.abs(dx)
      // u runs along the longer axis, v across it
      const u0 = steep ? ring[i + 1]! : ring[i]!
      const v0 = steep ? ring[i]! : ring[i + 1]!
      const du = steep ? dy : dx
      const length = Math.sqrt(dx * dx + dy * dy)
      const dashAt = along
      along += length
      if (Math.abs(du) < 1e-6) continue
      const slope = (steep ? dx : dy) / du
      const across = Math.abs(du) / length // px of distance for a px of v
      const half = Math.ceil(reach / across - 0.5)
      const uSide = steep ? rows : columns
      const vSide = steep ? columns : rows
      const uStride = steep ? columns : 1
      const vStride = steep ? 1 : columns
      const low = Math.max(0, Math.floor(Math.min(u0, u0 + du)))
      const high = Math.min(uSide - 1, Math.floor(Math.max(u0, u0 + du)))
      let v = v0 + (low + 0.5 - u0) * slope - 0.5 // a pixel's centre lies half a pixel in
      for (let u = low; u <= high; u++, v += slope) {
        if (period && (dashAt + Math.abs(u - u0) / across) % period >= on) continue
        const middle = Math.floor(v + 0.5)
        const from = middle - half < 0 ? 0 : middle - half
        const to = middle + half >= vSide ? vSide - 1 : middle + half
        for (let w = from, p = u * uStride + from * vStride; w <= to; w++, p += vStride) {
          const cover = reach - Math.abs(w - v) * across
          if (cover < 0.03) continue
          const color = (rgb | ((Math.min(1, cover) * alpha) << 24)) >>> 0
          if (pixels[p]! <= (color | 0xffffff) >>> 0) pixels[p] = color
        }
      }
    }
  }
}
