import type { Bits } from './bits.ts'
import { type Footprint, snapCentre, strokeSpans } from './brush.ts'
import { forEachSpan } from './mask.ts'
import { type Area, areaOf, clippedArea, emptyArea, isEmptyArea, joined, setSpan, spansInRow } from './maskRaster.ts'
import type { Point } from './point.ts'
import type { Mask } from './shape.ts'

/** Where the brush was, and how wide (pressure changes it), image px. */
export interface Sample {
  readonly at: Point
  readonly size: number
}

export interface StrokeOptions {
  /** the whole image; changed as the stroke goes on */
  readonly bits: Bits
  readonly shape: Footprint['shape']
  /** adds pixels, or takes them away */
  readonly on: boolean
  /** what must not be painted over, as far as it lies in `area` */
  readonly spared?: ((area: Area) => Bits) | undefined
  /** gets every pixel that the brush passed, painted already or not */
  readonly trace?: Bits | undefined
}

/**
 * One stroke of the brush on the bits of a mask: a smooth line (centripetal Catmull–Rom) through the samples, swept by
 * the footprint. The curve into a sample is known only with the next one: until then it is painted for the eye, and
 * taken back. The brush moves from grid point to grid point, and where a slow diagonal would go round a corner it cuts
 * it: no stairs.
 */
export class BrushStroke {
  readonly #options: StrokeOptions
  #area: Area = emptyArea
  #dirty: Area = emptyArea
  /** the last samples, at most three */
  #samples: readonly Sample[] = []
  /** how far it is painted for good */
  #last: Sample | undefined
  /** one grid step on from there, which the next step may cut off */
  #corner: Sample | undefined
  /** what lay under the part that is painted for the eye */
  #under: { readonly area: Area; readonly words: Uint32Array } | undefined

  constructor(options: StrokeOptions) {
    this.#options = options
  }

  /** Everything it changed, and perhaps a little more; inside the image. */
  get area(): Area {
    return this.#area
  }

  /** Every pixel that the brush passed, where that was asked for. */
  get trace(): Bits | undefined {
    return this.#options.trace
  }

  /** What has changed since this was asked last. */
  takeDirty(): Area {
    const dirty = this.#dirty
    this.#dirty = emptyArea
    return dirty
  }

  add(sample: Sample): void {
    const [a, b, c] = this.#samples
    const latest = c ?? b ?? a
    if (!latest) {
      this.#samples = [sample]
      this.#last = snapped(sample)
      this.#sweep(this.#last, this.#last, true)
      return
    }
    if (near(latest, sample)) return
    this.#takeBack()
    if (a && b && c) for (const at of curve(a, b, c, sample)) this.#to(at)
    else if (a && b) for (const at of curve(a, a, b, sample)) this.#to(at)
    this.#samples = c && b ? [b, c, sample] : [...this.#samples, sample]
    this.#show(this.#tail())
  }

  /** Straight to there; the curve begins anew. */
  lineTo(sample: Sample): void {
    this.#settle()
    if (this.#samples.length === 0) this.add(sample)
    else {
      this.#to(snapped(sample))
      this.#settle()
      this.#samples = [sample]
    }
  }

  /** All pixels of a mask. */
  fill(mask: Mask): void {
    this.#touch(areaOf(mask))
    const spared = this.#spared(areaOf(mask))
    forEachSpan(mask, (y, from, to) => this.#span(y, from, to, spared, true))
  }

  /** Nothing more comes. */
  end(): void {
    this.#settle()
  }

  /** Paints the rest for good. */
  #settle(): void {
    const tail = this.#tail()
    this.#takeBack()
    for (const at of tail) this.#to(at)
    if (this.#corner) this.#forward(this.#corner)
    this.#samples = this.#samples.slice(-1)
  }

  /** The curve into the last sample, as if the line went on as it came. */
  #tail(): readonly Sample[] {
    const [a, b, c] = this.#samples
    if (a && b && c) return curve(a, b, c, c)
    return a && b ? [b] : []
  }

  #to(sample: Sample): void {
    const next = snapped(sample)
    const last = this.#last!
    if (this.#corner) {
      if (same(this.#corner, next)) return
      const [dx, dy] = steps(last, next)
      if (next.size === last.size && dx === 1 && dy === 1) {
        this.#corner = undefined
        this.#forward(next)
        return
      }
      this.#forward(this.#corner)
    }
    if (same(this.#last!, next)) return
    const [dx, dy] = steps(this.#last!, next)
    if (next.size === this.#last!.size && dx + dy === 1) this.#corner = next
    else this.#forward(next)
  }

  #forward(next: Sample): void {
    this.#sweep(this.#last!, next, true)
    this.#last = next
    this.#corner = undefined
  }

  /** Paints a way that is not final yet. */
  #show(way: readonly Sample[]): void {
    const points = [this.#last!, ...(this.#corner ? [this.#corner] : []), ...way.map(snapped)]
    const widest = points.reduce((most, point) => Math.max(most, point.size), 1)
    const area = points.reduce((all, { at }) => joined(all, reach(at, widest)), emptyArea)
    this.#save(clippedArea(area, this.#size))
    for (let i = 1; i < points.length; i++) this.#sweep(points[i - 1]!, points[i]!, false)
  }

  #sweep(from: Sample, to: Sample, final: boolean): void {
    const brush = { shape: this.#options.shape, size: Math.max(1, Math.round((from.size + to.size) / 2)) }
    const area = joined(reach(from.at, brush.size), reach(to.at, brush.size))
    this.#touch(area)
    const spared = this.#spared(area)
    strokeSpans(from.at, to.at, brush, (y, left, right) => this.#span(y, left, right, spared, final))
  }

  #span(y: number, from: number, to: number, spared: Bits | undefined, final: boolean): void {
    const { bits, on, trace } = this.#options
    if (spared)
      spansInRow(
        spared,
        y,
        from,
        Math.min(to, bits.w),
        (row, left, right) => setSpan(bits, row, left, right, on),
        false,
      )
    else setSpan(bits, y, from, to, on)
    if (final && trace) setSpan(trace, y, from, to, true)
  }

  #spared(area: Area): Bits | undefined {
    const inside = clippedArea(area, this.#size)
    return this.#options.on && !isEmptyArea(inside) ? this.#options.spared?.(inside) : undefined
  }

  get #size() {
    const { w, h } = this.#options.bits
    return { width: w, height: h }
  }

  #touch(area: Area): void {
    const inside = clippedArea(area, this.#size)
    if (isEmptyArea(inside)) return
    this.#area = joined(this.#area, inside)
    this.#dirty = joined(this.#dirty, inside)
  }

  #save(area: Area): void {
    if (isEmptyArea(area)) return
    const { first, width, at } = this.#wordsOf(area)
    const words = new Uint32Array(width * (area.bottom - area.top))
    for (let y = area.top; y < area.bottom; y++) {
      const start = at(y) + first
      words.set(this.#options.bits.words.subarray(start, start + width), (y - area.top) * width)
    }
    this.#under = { area, words }
  }

  #takeBack(): void {
    const under = this.#under
    this.#under = undefined
    if (!under) return
    const { area, words } = under
    const { first, width, at } = this.#wordsOf(area)
    for (let y = area.top; y < area.bottom; y++) {
      const row = (y - area.top) * width
      this.#options.bits.words.set(words.subarray(row, row + width), at(y) + first)
    }
    this.#touch(area)
  }

  #wordsOf({ left, right }: Area) {
    const { stride } = this.#options.bits
    const first = left >>> 5
    return { first, width: ((right + 31) >>> 5) - first, at: (y: number) => y * stride }
  }
}

const snapped = ({ at, size }: Sample): Sample => ({ at: snapCentre(at, size), size })

const near = (a: Sample, b: Sample): boolean => distance(a.at, b.at) < 1e-6

const same = (a: Sample, b: Sample): boolean => a.size === b.size && a.at[0] === b.at[0] && a.at[1] === b.at[1]

const steps = (a: Sample, b: Sample): Point => [Math.abs(a.at[0] - b.at[0]), Math.abs(a.at[1] - b.at[1])]

const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1])

/** Everything a footprint there can touch, whatever it is snapped to. */
function reach(at: Point, size: number): Area {
  const r = size / 2 + 1
  return {
    left: Math.floor(at[0] - r),
    top: Math.floor(at[1] - r),
    right: Math.ceil(at[0] + r),
    bottom: Math.ceil(at[1] + r),
  }
}

/** How far a polyline may stay from the curve, image px. */
const flatness = 0.2

/** Points of the centripetal Catmull–Rom curve from b to c, that of c included; a and d are its neighbours. */
function curve(a: Sample, b: Sample, c: Sample, d: Sample): Sample[] {
  const [before, span, after] = [distance(a.at, b.at), distance(b.at, c.at), distance(c.at, d.at)]
  const p = handle(a.at, b.at, c.at, before, span)
  const q = handle(d.at, c.at, b.at, after, span)
  const bend = Math.max(aside(p, b.at, c.at), aside(q, b.at, c.at))
  const parts = Math.min(
    64,
    Math.max(1, Math.ceil(Math.sqrt(bend / flatness)), Math.ceil(Math.abs(c.size - b.size) / 2)),
  )
  const points: Sample[] = []
  for (let i = 1; i < parts; i++) {
    const t = i / parts
    points.push({ at: bezier(b.at, p, q, c.at, t), size: Math.round(b.size + (c.size - b.size) * t) })
  }
  points.push(c)
  return points
}

/** The Bézier handle at b of the curve from b to c that comes from a; lengths are those of a–b and b–c. */
function handle(a: Point, b: Point, c: Point, before: number, span: number): Point {
  if (before < 1e-6) return b
  const [d1, d2] = [Math.sqrt(before), Math.sqrt(span)]
  const scale = 1 / (3 * d1 * (d1 + d2))
  const own = 2 * before + 3 * d1 * d2 + span
  return [(before * c[0] - span * a[0] + own * b[0]) * scale, (before * c[1] - span * a[1] + own * b[1]) * scale]
}

/** How far p lies from the line through a and b. */
function aside(p: Point, a: Point, b: Point): number {
  const length = distance(a, b)
  if (length === 0) return 0
  return Math.abs((p[0] - a[0]) * (b[1] - a[1]) - (p[1] - a[1]) * (b[0] - a[0])) / length
}

function bezier(a: Point, p: Point, q: Point, b: Point, t: number): Point {
  const u = 1 - t
  const [k0, k1, k2, k3] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t]
  return [k0 * a[0] + k1 * p[0] + k2 * q[0] + k3 * b[0], k0 * a[1] + k1 * p[1] + k2 * q[1] + k3 * b[1]]
}
