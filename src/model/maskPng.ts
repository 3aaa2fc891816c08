import { clipMask, forEachSpan } from '#geometry/mask.ts'
import type { Size } from '#geometry/point.ts'
import type { Mask } from '#geometry/shape.ts'
import { crc32 } from './crc32.ts'
import { deflateRuns } from './deflateRuns.ts'
import { inflate, inflateRuns } from './inflate.ts'
import { type PngHead, pngParts } from './pngParts.ts'
import { scaledSpans } from './scaledSpans.ts'
import { unfilter } from './unfilter.ts'

/** A mask has no more pixels than this (docs/decisions.md, 31). */
export const MOST_MASK_PIXELS = 500_000_000

/**
 * The mask a PNG stands for: a pixel is inside when it is not zero (its colour, looked up in the palette, is not black,
 * and it is not fully transparent). A mask of another size than the image is scaled to it, nearest pixel
 * (docs/decisions.md, 21). Undefined when no pixel is inside. For 12 MP of 8-bit grey some 5 ms, and 1 for those that
 * {@link maskToPng} made.
 *
 * @throws RangeError if the bytes are no PNG that can be read; its message says why, for people
 */
export function maskFromPng(png: Uint8Array, size: Size): Mask | undefined {
  const head = pngParts(png)
  if (head.width * head.height > MOST_MASK_PIXELS)
    throw new RangeError(`the mask has ${head.width} × ${head.height} pixels, more than can be read`)
  const quick = head.isPlain && !head.interlaced ? maskFromRuns(head, size) : undefined
  if (quick) return quick.mask
  const passes = head.interlaced ? adam7(head) : [{ width: head.width, height: head.height }]
  const bytes = passes.reduce((sum, pass) => sum + pass.height * (1 + rowBytes(head, pass.width)), 0)
  const data = scratch(bytes)
  if (inflate(head.compressed, data) < bytes) throw new RangeError('the mask is cut off: pixels are missing')
  const spans = scaledSpans(head, size)
  if (head.interlaced) readInterlaced(head, data, spans.row)
  else readRows(head, data, head, 0, spans.row)
  return spans.toMask()
}

/**
 * An 8-bit grey PNG of the image's size: 255 inside, 0 outside; what lies outside the image is left out. Made from the
 * runs, never from pixels: about 2 ms for 12 MP, so that nothing waits for it.
 */
export function maskToPng(mask: Mask | undefined, size: Size): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(13)
  const view = new DataView(head.buffer)
  view.setUint32(0, size.width)
  view.setUint32(4, size.height)
  head[8] = 8
  const body = deflateRuns(byteRuns(mask && clipMask(mask, size), size))
  const png = new Uint8Array(SIGNATURE.length + 12 + head.length + 12 + body.length + 12)
  png.set(SIGNATURE)
  let at = SIGNATURE.length
  for (const [type, content] of [
    ['IHDR', head],
    ['IDAT', body],
    ['IEND', new Uint8Array()],
  ] as const) {
    const chunk = new DataView(png.buffer, at)
    chunk.setUint32(0, content.length)
    for (let i = 0; i < 4; i++) png[at + 4 + i] = type.charCodeAt(i)
    png.set(content, at + 8)
    chunk.setUint32(8 + content.length, crc32(png.subarray(at + 4, at + 8 + content.length)))
    at += 12 + content.length
  }
  return png
}

/** Read without unpacking a byte, where the stream is nothing but runs and no row is filtered; else undefined. */
function maskFromRuns(head: PngHead, size: Size): { readonly mask: Mask | undefined } | undefined {
  const { width, height } = head
  const stride = width + 1
  const runs = inflateRuns(head.compressed, stride * height)
  if (!runs) return undefined
  const spans = scaledSpans(head, size)
  let changes: number[] = []
  let row = 0
  let at = 0
  for (let i = 0; i < runs.length; at += runs[i++]!) {
    const length = runs[i]!
    if (i % 2 === 0 || length === 0) continue
    const y = Math.floor(at / stride)
    // after the byte that says how the row is filtered, which is 0: not at all
    const from = at - y * stride - 1
    if (from < 0 || from + length > width) return undefined
    for (; row < y; row++) {
      spans.row(row, changes)
      changes = changes.length > 0 ? [] : changes
    }
    changes.push(from, from + length)
  }
  for (; row < height; row++) {
    spans.row(row, changes)
    changes = changes.length > 0 ? [] : changes
  }
  return { mask: spans.toMask() }
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** The bytes of all rows, each with its filter type 0 before it, as runs: zeros, 255s, zeros … */
function byteRuns(mask: Mask | undefined, { width, height }: Size): Uint32Array {
  const stride = width + 1
  let runs = new Uint32Array((mask?.runs.length ?? 0) + 2)
  let count = 0
  let end = 0
  const push = (length: number): void => {
    if (count === runs.length) {
      const grown = new Uint32Array(2 * runs.length)
      grown.set(runs)
      runs = grown
    }
    runs[count++] = length
  }
  if (mask)
    forEachSpan(mask, (y, from, to) => {
      const start = y * stride + 1 + from
      push(start - end)
      push(to - from)
      end = start + to - from
    })
  push(stride * height - end)
  return runs.subarray(0, count)
}

// one buffer for one mask after the other: fresh pages of 12 MB cost as much as the unpacking
let kept = new Uint8Array(new ArrayBuffer(0))
const KEEP_BYTES = 64 * 2 ** 20

/** What is in it is written over; its start lies on whole words. */
function scratch(length: number): Uint8Array<ArrayBuffer> {
  if (length > KEEP_BYTES) return new Uint8Array(length)
  if (kept.length < length) kept = new Uint8Array(length)
  return kept.subarray(0, length)
}

const rowBytes = ({ bits }: PngHead, width: number): number => Math.ceil((width * bits) / 8)

type RowReader = (y: number, changes: readonly number[]) => void

/** Tells `row` where each row's pixels begin and cease to be inside: from, to, from, to … */
function readRows(
  head: PngHead,
  data: Uint8Array<ArrayBuffer>,
  { width, height }: Size,
  start: number,
  row: RowReader,
) {
  const bytes = rowBytes(head, width)
  const read = head.isPlain ? plainRow : sampledRow(head)
  let changes: number[] = []
  let before = -1
  for (let y = 0; y < height; y++) {
    const at = start + y * (bytes + 1)
    const same = unfilter(data, at, bytes, before, head.bytesPerPixel) === 'same'
    // an empty difference to the row above: that one goes on standing for both
    if (!same) {
      before = at + 1
      changes = read(data, before, width)
    }
    row(y, changes)
  }
}

const words = new WeakMap<ArrayBuffer, Uint32Array>()

function wordsOf(buffer: ArrayBuffer): Uint32Array {
  const known = words.get(buffer)
  if (known) return known
  const made = new Uint32Array(buffer, 0, buffer.byteLength >>> 2)
  words.set(buffer, made)
  return made
}

/** A byte a pixel, inside unless it is 0: looks at four at a time while nothing changes. */
function plainRow(data: Uint8Array<ArrayBuffer>, start: number, width: number): number[] {
  const four = wordsOf(data.buffer)
  const changes: number[] = []
  const end = start + width
  let inside = false
  for (let i = start; i < end; ) {
    if ((i & 3) === 0) {
      const same = inside ? 0xffffffff : 0
      let word = i >>> 2
      const last = end >>> 2
      while (word < last && four[word] === same) word++
      i = word << 2
      if (i >= end) break
    }
    if ((data[i] !== 0) !== inside) {
      changes.push(i - start)
      inside = !inside
    }
    i++
  }
  if (inside) changes.push(width)
  return changes
}

function sampledRow(head: PngHead): (data: Uint8Array, start: number, width: number) => number[] {
  return (data, start, width) => {
    const changes: number[] = []
    let inside = false
    for (let x = 0; x < width; x++) {
      if (head.inside(data, start, x) !== inside) {
        changes.push(x)
        inside = !inside
      }
    }
    if (inside) changes.push(width)
    return changes
  }
}

interface Pass extends Size {
  readonly x: number
  readonly y: number
  readonly dx: number
  readonly dy: number
}

/** The seven passes; those without pixels are left out. Source: PNG specification, §8.2. */
const adam7 = ({ width, height }: Size): Pass[] =>
  [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ]
    .map(([x, y, dx, dy]) => ({
      x: x!,
      y: y!,
      dx: dx!,
      dy: dy!,
      width: Math.ceil((width - x!) / dx!),
      height: Math.ceil((height - y!) / dy!),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0)

function readInterlaced(head: PngHead, data: Uint8Array<ArrayBuffer>, row: RowReader): void {
  const inside = new Uint8Array(head.width * head.height)
  let start = 0
  for (const pass of adam7(head)) {
    readRows(head, data, pass, start, (j, changes) => {
      const line = (pass.y + j * pass.dy) * head.width + pass.x
      for (let i = 0; i < changes.length; i += 2)
        for (let x = changes[i]!; x < changes[i + 1]!; x++) inside[line + x * pass.dx] = 1
    })
    start += pass.height * (1 + rowBytes(head, pass.width))
  }
  const whole = { ...head, bits: 8, isPlain: true }
  for (let y = 0; y < whole.height; y++) row(y, plainRow(inside, y * whole.width, whole.width))
}
