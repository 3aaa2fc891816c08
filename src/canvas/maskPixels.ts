import { forEachSpan } from '#geometry/mask.ts'
import type { Size } from '#geometry/point.ts'
import type { Mask } from '#geometry/shape.ts'
import type { Frame } from './frame.ts'
import { type PixelRect, pixelsOf } from './paintBits.ts'

/** How a mask is painted pixel by pixel; lengths in frame px, colours 0xBBGGRR, opacities 0…1. */
export interface MaskInk {
  readonly rgb: number
  readonly fill: number
  /** of the outline, which lies inside */
  readonly outline: number
  readonly outlineOpacity: number
  /** an edge around it */
  readonly halo?: { readonly rgb: number; readonly opacity: number; readonly width: number } | undefined
  readonly dash?: readonly [on: number, off: number] | undefined
  /** lines from the upper right to the lower left */
  readonly hatch?: { readonly period: number; readonly width: number; readonly opacity: number } | undefined
}

/** Runs from which a mask's outline is slow to trace: a path of its 6,000 corners takes some 15 ms, a screen of pixels 5. */
const MANY_RUNS = 3000

export const isRagged = ({ runs }: Mask): boolean => runs.length > MANY_RUNS

interface Painted {
  /** at least of the rectangle's size */
  readonly canvas: OffscreenCanvas
  readonly rect: PixelRect
  readonly frame: Frame
  readonly ink: string
  /** when it was last shown */
  pass: number
}

/** Pixels kept, of all masks: some screens' worth. */
const KEPT_PIXELS = 12_000_000

/** Masks as pixels of a frame, kept while the frame and their look stay: what moves above them costs one blit. */
export class MaskPixels {
  /** in order of use, the latest last */
  readonly #painted = new Map<Mask, Painted>()
  #pixels = 0
  #pass = 0
  #spare: OffscreenCanvas | undefined

  /** Takes the memory for a mask of a whole surface before there is one. */
  warm(surface: Size): void {
    if (this.#spare || this.#painted.size > 0) return
    this.#spare = new OffscreenCanvas(surface.width, surface.height)
    this.#spare.getContext('2d')!.putImageData(sheetOf(surface, surface), 0, 0)
    clearCover(surface.width * surface.height)
  }

  /** A layer begins to be painted. */
  begin(): void {
    this.#pass++
  }

  paint(context: CanvasRenderingContext2D, mask: Mask, frame: Frame, ink: MaskInk): void {
    const painted = this.#get(mask, frame, ink)
    if (!painted) return
    const { left, top, right, bottom } = painted.rect
    context.drawImage(painted.canvas, 0, 0, right - left, bottom - top, left, top, right - left, bottom - top)
  }

  #get(mask: Mask, frame: Frame, ink: MaskInk): Painted | undefined {
    const before = this.#painted.get(mask)
    this.#forget(mask)
    const look = JSON.stringify(ink)
    const margin = Math.ceil(ink.halo?.width ?? 0)
    const rect = pixelsOf({ ...mask, kind: 'box' }, frame, margin)
    if (!rect) return undefined
    const isSame = before?.ink === look && samePlace(before.frame, frame)
    const canvas = isSame ? before.canvas : canvasOf(mask, frame, rect, ink, before?.canvas ?? this.#unused())
    const painted = { canvas, rect, frame, ink: look, pass: this.#pass }
    this.#painted.set(mask, painted)
    this.#pixels += pixelCount(painted)
    for (const oldest of this.#painted.keys()) {
      if (this.#pixels <= KEPT_PIXELS || oldest === mask) break
      this.#forget(oldest)
    }
    return painted
  }

  /** The canvas of a mask that is shown no more, as when a stroke has made another of it. */
  #unused(): OffscreenCanvas | undefined {
    const spare = this.#spare
    this.#spare = undefined
    if (spare) return spare
    const [oldest] = this.#painted
    if (!oldest || oldest[1].pass === this.#pass) return undefined
    this.#forget(oldest[0])
    return oldest[1].canvas
  }

  #forget(mask: Mask): void {
    const painted = this.#painted.get(mask)
    if (!painted) return
    this.#painted.delete(mask)
    this.#pixels -= pixelCount(painted)
  }
}

/** A piece of a screen with spans in it, for {@link warmInk}. */
const SAMPLE = { left: 0, top: 0, right: 160, bottom: 100 }

/**
 * Paints a small mask in vain, some 2 ms of it: before its code is compiled, the first stroke's mask takes several times as
 * long as any other. To be called a few times, when nothing else is to be done.
 */
export const warmInk = (): void => {
  const { right, bottom } = SAMPLE
  const frame: Frame = { k: 0.5, x: 0, y: 0, width: right, height: bottom, ratio: 1 }
  const runs = new Uint32Array(8 * bottom).fill(70)
  const mask: Mask = { kind: 'mask', x: 0, y: 0, w: 2 * right, h: (4 * bottom * 70) / right, runs }
  const ink: MaskInk = { rgb: 0, fill: 0.3, outline: 2, outlineOpacity: 1, halo: { rgb: 0, opacity: 0.5, width: 1 } }
  for (const hatch of [undefined, { period: 7, width: 1, opacity: 0.5 }])
    inkMask(new Uint32Array(right * bottom), mask, frame, SAMPLE, { ...ink, hatch })
}

const samePlace = (a: Frame, b: Frame): boolean =>
  a.k === b.k && a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height

const pixelCount = ({ canvas: { width, height } }: Painted): number => width * height

/** A mask of a quarter of the surface gets a canvas of all of it. */
const LARGE = 4

/** Painted on `kept` where that is large enough: fresh memory for a screen of pixels takes 20 ms. */
const canvasOf = (
  mask: Mask,
  frame: Frame,
  rect: PixelRect,
  ink: MaskInk,
  kept: OffscreenCanvas | undefined,
): OffscreenCanvas => {
  const size = { width: rect.right - rect.left, height: rect.bottom - rect.top }
  const fits = kept && kept.width >= size.width && kept.height >= size.height
  // one that grows from stroke to stroke does not outgrow its canvas
  const room = LARGE * size.width * size.height > frame.width * frame.height ? frame : size
  const canvas = fits ? kept : new OffscreenCanvas(Math.max(size.width, room.width), Math.max(size.height, room.height))
  const pixels = sheetOf(size, frame)
  inkMask(new Uint32Array(pixels.data.buffer), mask, frame, rect, ink)
  canvas.getContext('2d')!.putImageData(pixels, 0, 0)
  return canvas
}

let sheet = new Uint8ClampedArray(0)

/** Clear pixels, in the same memory each time: fresh memory for a screen of them takes 15 ms. */
const sheetOf = ({ width, height }: Size, frame: Size): ImageData => {
  const length = 4 * width * height
  if (sheet.length < length) sheet = new Uint8ClampedArray(Math.max(length, 4 * frame.width * frame.height))
  else sheet.fill(0, 0, length)
  return new ImageData(sheet.subarray(0, length), width, height)
}

/** By the pixel, whether the mask covers it; the same memory as words of four. */
let cover = new Uint8Array(0)
let words = new Uint32Array(0)

const ALL = 0x01010101

/**
 * Writes the RGBA pixels of `rect`: each image pixel is the square it is, and one that is smaller than a pixel of the
 * frame still shows, as while it is being painted (paintBits.ts). Cost follows the rectangle and the mask's runs; four
 * pixels at a time are looked at where nothing of the outline is near.
 */
export const inkMask = (pixels: Uint32Array, mask: Mask, frame: Frame, rect: PixelRect, ink: MaskInk): void => {
  const far = Math.max(1, Math.round(ink.outline))
  const haloWidth = Math.round(ink.halo?.width ?? 0)
  // whole words around the rectangle, so that rows begin on one
  const reach = 4 * Math.ceil(Math.max(far, haloWidth) / 4)
  const width = rect.right - rect.left
  const height = rect.bottom - rect.top
  const stride = 4 * Math.ceil((width + 2 * reach) / 4)
  const rows = height + 2 * reach
  clearCover(stride * rows)
  coverSpans(mask, frame, rect.left - reach, rect.top - reach, stride, rows)
  const { fill, edge, halo, hatch } = coloursOf(ink)
  const [on, period] = ink.dash ? [ink.dash[0], ink.dash[0] + ink.dash[1]] : [1, 1]
  const hatchPeriod = Math.round(ink.hatch?.period ?? 0)
  const hatchWidth = ink.hatch?.width ?? 0
  const pixel = (at: number, to: number, along: number): void => {
    if (cover[at] === 0) {
      if (haloWidth > 0 && anyAround(at, haloWidth, stride)) pixels[to] = halo
    } else if (allAround(at, far, stride))
      pixels[to] = hatchPeriod > 0 && phase(along, hatchPeriod) < hatchWidth ? hatch : fill
    else pixels[to] = period === 1 || phase(along, period) < on ? edge : fill
  }
  const sideWords = Math.ceil(reach / 4)
  const rowWords = stride >> 2
  for (let y = 0; y < height; y++) {
    const row = (y + reach) * stride + reach
    // counted from the picture, so that patterns do not swim while panning
    const along = y + rect.top - frame.y + rect.left - frame.x
    for (let x = 0; x < width; x += 4) {
      const same = sameNearby((row + x) >> 2, sideWords, rowWords, Math.max(far, haloWidth))
      const to = y * width + x
      const end = Math.min(4, width - x)
      if (same === 0) continue
      if (same !== ALL) for (let i = 0; i < end; i++) pixel(row + x + i, to + i, along + x + i)
      else if (hatchPeriod === 0) for (let i = 0; i < end; i++) pixels[to + i] = fill
      else {
        let at = phase(along + x, hatchPeriod)
        for (let i = 0; i < end; i++) {
          pixels[to + i] = at < hatchWidth ? hatch : fill
          at = at + 1 < hatchPeriod ? at + 1 : 0
        }
      }
    }
  }
}

/** 0 or {@link ALL} when the word, those beside it and those `far` and one row above and below are; else −1. */
const sameNearby = (at: number, side: number, rowWords: number, far: number): number => {
  const word = words[at]!
  if (word !== 0 && word !== ALL) return -1
  const up = far * rowWords
  return words[at - side] === word &&
    words[at + side] === word &&
    words[at - 1] === word &&
    words[at + 1] === word &&
    words[at - rowWords] === word &&
    words[at + rowWords] === word &&
    words[at - up] === word &&
    words[at + up] === word
    ? word
    : -1
}

const clearCover = (length: number): void => {
  if (cover.length < length) {
    cover = new Uint8Array(4 * Math.ceil(length / 4))
    words = new Uint32Array(cover.buffer)
  } else cover.fill(0, 0, length)
}

const anyAround = (at: number, far: number, stride: number): boolean =>
  (cover[at - 1]! |
    cover[at + 1]! |
    cover[at - stride]! |
    cover[at + stride]! |
    cover[at - far]! |
    cover[at + far]! |
    cover[at - far * stride]! |
    cover[at + far * stride]!) !==
  0

const allAround = (at: number, far: number, stride: number): boolean =>
  (cover[at - 1]! &
    cover[at + 1]! &
    cover[at - stride]! &
    cover[at + stride]! &
    cover[at - far]! &
    cover[at + far]! &
    cover[at - far * stride]! &
    cover[at + far * stride]!) !==
  0

const phase = (value: number, period: number): number => ((value % period) + period) % period

const coloursOf = ({ rgb, fill, outlineOpacity, halo, hatch }: MaskInk) => ({
  fill: colour(rgb, fill),
  edge: colour(rgb, outlineOpacity),
  halo: halo ? colour(halo.rgb, halo.opacity) : 0,
  hatch: hatch ? colour(rgb, hatch.opacity) : 0,
})

const colour = (rgb: number, opacity: number): number => ((Math.round(255 * opacity) << 24) | rgb) >>> 0

/** Sets the pixels, of `rows` rows of `stride` from (left, top) of the frame, that the mask covers. */
const coverSpans = (mask: Mask, frame: Frame, left: number, top: number, stride: number, rows: number): void => {
  const { k } = frame
  const fx = frame.x - left
  const fy = frame.y - top
  // enlarged: the pixels whose centre lies in it; reduced: all that it touches
  const start = (at: number) => (k >= 1 ? Math.ceil(at - 0.5) : Math.floor(at))
  const end = (at: number) => (k >= 1 ? Math.ceil(at - 0.5) : Math.ceil(at - 1e-9))
  let row = Number.NaN
  let first = 0
  let last = 0
  forEachSpan(mask, (y, from, to) => {
    if (y !== row) {
      row = y
      first = Math.max(0, start(y * k + fy))
      last = Math.min(rows, end((y + 1) * k + fy))
    }
    if (first >= last) return
    const x0 = Math.max(0, start(from * k + fx))
    const x1 = Math.min(stride, end(to * k + fx))
    if (x0 >= x1) return
    for (let r = first; r < last; r++) cover.fill(1, r * stride + x0, r * stride + x1)
  })
}
