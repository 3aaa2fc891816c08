/** A region as the renderers need it, before it is copied into {@link RegionArrays}. Image pixels. */
export interface FlatRegion {
  /** 0xBBGGRR: the byte order of canvas pixels on little-endian machines. */
  readonly rgb: number
  /** Bits of paint.ts: DASHED, HATCHED, … */
  readonly style: number
  /** left, top, right, bottom */
  readonly bounds: readonly [number, number, number, number]
  /** x, y, x, y …; rings parted by a NaN pair. Missing for a box. */
  readonly points?: ArrayLike<number> | undefined
}

/** Why a region is not drawn by the region layer: bits of `hidden`. */
export const HIDDEN_BY_PERSON = 1
/** It is drawn on the overlay instead: selected, or under the pointer of a running gesture. */
export const LIFTED = 2
/** Deleted; its slot is reused at the next rebuild. */
export const GONE = 4

/** 64 kB: where masks come one by one, growing from nothing took as long as tracing them. */
const LEAST_FLOATS = 1 << 14

const grow = <A extends Uint8Array | Uint32Array | Float32Array>(old: A, length: number): A => {
  const bigger = new (old.constructor as new (length: number) => A)(length)
  bigger.set(old)
  return bigger
}

/**
 * Regions as flat typed arrays, a slot each, slots in paint order: what every renderer reads, 100,000 in about 8 MB.
 * The same class serves the page and the raster worker. float32 keeps 1/256 px at 65,535 px: enough to draw, while
 * the exact numbers stay in the editor.
 */
export class RegionArrays {
  count = 0
  rgb = new Uint32Array(0)
  style = new Uint8Array(0)
  hidden = new Uint8Array(0)
  /** 4 a slot: left, top, right, bottom. */
  bounds = new Float32Array(0)
  /** Where in `points` a slot begins, and how many floats it has; 0 floats = a box. */
  start = new Uint32Array(0)
  length = new Uint32Array(0)
  points = new Float32Array(0)
  /** Floats of `points` in use, and of those the ones no slot points at any more. */
  used = 0
  wasted = 0

  reserve(slots: number, floats = 0): void {
    if (slots > this.rgb.length) {
      const room = Math.max(slots, Math.ceil(this.rgb.length * 1.5))
      this.rgb = grow(this.rgb, room)
      this.style = grow(this.style, room)
      this.hidden = grow(this.hidden, room)
      this.bounds = grow(this.bounds, 4 * room)
      this.start = grow(this.start, room)
      this.length = grow(this.length, room)
    }
    if (this.used + floats > this.points.length) {
      this.points = grow(this.points, Math.max(this.used + floats, 2 * this.points.length, LEAST_FLOATS))
    }
  }

  /** Writes a slot; `slot === count` appends. Points that no longer fit where they were move to the end of the pool. */
  set(slot: number, region: FlatRegion): void {
    const floats = region.points?.length ?? 0
    const fits = slot < this.count && floats <= this.length[slot]!
    this.reserve(Math.max(this.count, slot + 1), fits ? 0 : floats)
    if (slot < this.count) this.wasted += this.length[slot]! - (fits ? floats : 0)
    else {
      this.hidden[slot] = 0
      this.count = slot + 1
    }
    if (!fits) {
      this.start[slot] = this.used
      this.used += floats
    }
    this.length[slot] = floats
    // a loop: 40 ns for a few corners, where TypedArray.set costs 200
    for (let i = 0, at = this.start[slot]!; i < floats; i++) this.points[at + i] = region.points![i]!
    this.rgb[slot] = region.rgb
    this.style[slot] = region.style
    const { bounds } = region
    for (let i = 0; i < 4; i++) this.bounds[4 * slot + i] = bounds[i]!
  }

  /** Forgets all slots and keeps the memory. */
  clear(): void {
    this.count = 0
    this.used = 0
    this.wasted = 0
  }

  pointsOf(slot: number): Float32Array {
    return this.points.subarray(this.start[slot]!, this.start[slot]! + this.length[slot]!)
  }

  /** A copy without spare room, to be sent to a worker. */
  snapshot(): RegionSnapshot {
    const n = this.count
    return {
      count: n,
      rgb: this.rgb.slice(0, n),
      style: this.style.slice(0, n),
      hidden: this.hidden.slice(0, n),
      bounds: this.bounds.slice(0, 4 * n),
      start: this.start.slice(0, n),
      length: this.length.slice(0, n),
      points: this.points.slice(0, this.used),
    }
  }

  /** Takes over a snapshot's arrays. */
  adopt(snapshot: RegionSnapshot): void {
    Object.assign(this, snapshot)
    this.used = snapshot.points.length
    this.wasted = 0
  }
}

export interface RegionSnapshot {
  readonly count: number
  readonly rgb: Uint32Array<ArrayBuffer>
  readonly style: Uint8Array<ArrayBuffer>
  readonly hidden: Uint8Array<ArrayBuffer>
  readonly bounds: Float32Array<ArrayBuffer>
  readonly start: Uint32Array<ArrayBuffer>
  readonly length: Uint32Array<ArrayBuffer>
  readonly points: Float32Array<ArrayBuffer>
}
