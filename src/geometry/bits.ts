/** A rectangle of bits in 32-bit words, each row padded to whole words: what masks are computed in. */
export interface Bits {
  /** integer image pixels of the top left corner */
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  /** words per row: ⌈w / 32⌉ */
  readonly stride: number
  readonly words: Uint32Array
}

export function makeBits(x: number, y: number, w: number, h: number): Bits {
  const stride = (w + 31) >>> 5
  return { x, y, w, h, stride, words: new Uint32Array(stride * h) }
}

/** Whether the pixel (x, y) of the image is set; false outside. */
export function bitAt(bits: Bits, x: number, y: number): boolean {
  const i = x - bits.x
  const j = y - bits.y
  if (i < 0 || j < 0 || i >= bits.w || j >= bits.h) return false
  return ((bits.words[j * bits.stride + (i >>> 5)]! >>> (i & 31)) & 1) === 1
}

/** Sets or clears bits from ≤ i < to of one row that starts at word `start`. */
export function fillRun(words: Uint32Array, start: number, from: number, to: number, on: boolean): void {
  if (from >= to) return
  const first = start + (from >>> 5)
  const last = start + ((to - 1) >>> 5)
  const head = (0xffffffff << (from & 31)) >>> 0
  const tail = 0xffffffff >>> (31 - ((to - 1) & 31))
  if (first === last) {
    setWord(words, first, (head & tail) >>> 0, on)
    return
  }
  setWord(words, first, head, on)
  words.fill(on ? 0xffffffff : 0, first + 1, last)
  setWord(words, last, tail, on)
}

function setWord(words: Uint32Array, at: number, bits: number, on: boolean): void {
  words[at] = on ? words[at]! | bits : words[at]! & ~bits
}

/** The first i ≥ from whose bit equals `on` in a row of `width` bits, or `width`. */
export function nextBit(words: Uint32Array, start: number, width: number, from: number, on: boolean): number {
  let i = from
  while (i < width) {
    const word = on ? words[start + (i >>> 5)]! : ~words[start + (i >>> 5)]!
    const rest = (word >>> (i & 31)) >>> 0
    if (rest !== 0) return Math.min(width, i + 31 - Math.clz32(rest & -rest))
    i = ((i >>> 5) + 1) << 5
  }
  return width
}

export function countBits(words: Uint32Array): number {
  let count = 0
  for (let i = 0; i < words.length; i++) {
    let v = words[i]!
    if (v === 0) continue
    v -= (v >>> 1) & 0x55555555
    v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
    count += Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return count
}

/** Copies the part of `from` that lies inside `to`, by OR. Both may lie anywhere in the image. */
export function orInto(to: Bits, from: Bits): void {
  const top = Math.max(to.y, from.y)
  const bottom = Math.min(to.y + to.h, from.y + from.h)
  for (let y = top; y < bottom; y++) {
    const start = (y - from.y) * from.stride
    let i = nextBit(from.words, start, from.w, 0, true)
    while (i < from.w) {
      const end = nextBit(from.words, start, from.w, i, false)
      const left = Math.max(from.x + i, to.x) - to.x
      const right = Math.min(from.x + end, to.x + to.w) - to.x
      fillRun(to.words, (y - to.y) * to.stride, left, right, true)
      i = nextBit(from.words, start, from.w, end, true)
    }
  }
}
