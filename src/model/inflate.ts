/**
 * Unpacks a zlib stream into `out` and returns how many bytes it wrote: what would not fit is not unpacked, so a bomb
 * costs no more than `out`. Masks are long runs of one byte, which this fills by the run: 12 MB in 3 ms, where a
 * DecompressionStream takes 70 and cannot be waited for. The check sum at the end is not looked at.
 * Source: RFC 1950, RFC 1951.
 *
 * @throws RangeError if the stream is damaged or ends too early
 */
export function inflate(zlib: Uint8Array, out: Uint8Array): number {
  checkHead(zlib)
  return new Inflater(zlib, 2, out).run()
}

/**
 * The first `bytes` of a zlib stream as runs, where it says nothing but "so many more of the last byte": so many zeros,
 * so many bytes that are not, zeros again …, without unpacking them: 0.5 ms for a mask of 12 MP (what deflateRuns made).
 * Undefined where it repeats from further back or ends too early, as {@link inflate} can tell.
 * @throws RangeError if the stream is damaged
 */
export function inflateRuns(zlib: Uint8Array, bytes: number): Uint32Array | undefined {
  checkHead(zlib)
  const inflater = new Inflater(zlib, 2, new Uint8Array(0))
  return inflater.runs(bytes)
}

function checkHead(zlib: Uint8Array): void {
  const method = zlib[0] ?? 0
  const flags = zlib[1] ?? 0
  if ((method & 15) !== 8 || ((method << 8) | flags) % 31 !== 0 || flags & 32) throw damaged()
}

const damaged = () => new RangeError('the compressed data is damaged or cut off')

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
]
const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13]
const LENGTHS_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** By the next `bits` bits of the stream: symbol << 4 | its length in bits; 0 = no code begins so. */
interface Code {
  readonly bits: number
  readonly table: Uint16Array
}

function codeOf(lengths: Uint8Array): Code {
  const bits = Math.max(1, ...lengths)
  const counts = new Uint16Array(16)
  for (const length of lengths) if (length > 0) counts[length]!++
  const next = new Uint16Array(16)
  let code = 0
  for (let length = 1; length <= 15; length++) {
    next[length] = code
    code = (code + counts[length]!) << 1
    if (next[length]! + counts[length]! > 1 << length) throw damaged()
  }
  const table = new Uint16Array(1 << bits)
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!
    if (length === 0) continue
    let reversed = 0
    for (let i = 0, c = next[length]!++; i < length; i++, c >>= 1) reversed = (reversed << 1) | (c & 1)
    for (let i = reversed; i < table.length; i += 1 << length) table[i] = (symbol << 4) | length
  }
  return { bits, table }
}

/**
 * As many longest repeats of the last byte, one after the other, as 24 bits hold: what masks mostly consist of. `bytes`
 * is 0 where the codes have none, or no two fit.
 */
function longRepeats(
  symbols: Code,
  distances: Code,
): { readonly code: number; readonly bits: number; readonly bytes: number } {
  // where a table says a symbol first is its code
  const symbol = symbols.table.findIndex((entry) => entry >> 4 === 285)
  const distance = distances.table.findIndex((entry) => entry > 0 && entry >> 4 === 0)
  const width = symbols.table[symbol]! & 15
  const each = width + (distances.table[distance]! & 15)
  const count = symbol < 0 || distance < 0 ? 0 : Math.floor(24 / each)
  if (count < 2) return { code: 0, bits: 0, bytes: 0 }
  let code = 0
  for (let i = 0; i < count; i++) code |= (symbol | (distance << width)) << (i * each)
  return { code, bits: count * each, bytes: count * 258 }
}

const lengthsOf = (...runs: readonly (readonly [length: number, count: number])[]): Uint8Array =>
  Uint8Array.from(runs.flatMap(([length, count]) => Array.from({ length: count }, () => length)))

const FIXED_SYMBOLS = codeOf(lengthsOf([8, 144], [9, 112], [7, 24], [8, 8]))
const FIXED_DISTANCES = codeOf(lengthsOf([5, 30]))

class Inflater {
  readonly #data: Uint8Array
  readonly #out: Uint8Array
  #at: number
  #held = 0
  #bits = 0
  #written = 0

  constructor(data: Uint8Array, at: number, out: Uint8Array) {
    this.#data = data
    this.#at = at
    this.#out = out
  }

  run(): number {
    for (let last = 0; !last && this.#written < this.#out.length; ) {
      last = this.#read(1)
      const type = this.#read(2)
      if (type === 0) this.#stored()
      else if (type === 1) this.#block(FIXED_SYMBOLS, FIXED_DISTANCES)
      else if (type === 2) this.#block(...this.#codes())
      else throw damaged()
    }
    return this.#written
  }

  /** See {@link inflateRuns}. */
  runs(bytes: number): Uint32Array | undefined {
    const runs = new Runs(bytes)
    for (let last = 0; !last && runs.total < bytes; ) {
      last = this.#read(1)
      const type = this.#read(2)
      const codes = type === 1 ? ([FIXED_SYMBOLS, FIXED_DISTANCES] as const) : type === 2 ? this.#codes() : undefined
      if (!codes || !this.#runBlock(...codes, runs)) return undefined
    }
    return runs.total < bytes ? undefined : runs.all()
  }

  /** False when it cannot be told in runs. Locals: this is where the time goes. */
  #runBlock(symbols: Code, distances: Code, runs: Runs): boolean {
    const data = this.#data
    const [symbolTable, distanceTable] = [symbols.table, distances.table]
    const [symbolMask, distanceMask] = [symbolTable.length - 1, distanceTable.length - 1]
    const long = longRepeats(symbols, distances)
    const longMask = (1 << long.bits) - 1
    let [at, held, bits] = [this.#at, this.#held, this.#bits]
    for (;;) {
      while (bits < 24 && at < data.length) {
        held |= data[at++]! << bits
        bits += 8
      }
      if ((held & longMask) === long.code && bits >= long.bits && long.bytes > 0 && runs.total > 0) {
        held >>>= long.bits
        bits -= long.bits
        if (runs.repeat(long.bytes)) return true
        continue
      }
      const entry = symbolTable[held & symbolMask]!
      const width = entry & 15
      if (width === 0 || width > bits) throw damaged()
      held >>>= width
      bits -= width
      const symbol = entry >> 4
      if (symbol < 256) {
        runs.add(symbol !== 0)
        continue
      }
      if (symbol === 256) break
      const extra = LENGTH_BITS[symbol - 257]
      if (extra === undefined || runs.total === 0) throw damaged()
      const length = LENGTH_BASE[symbol - 257]! + (held & ((1 << extra) - 1))
      held >>>= extra
      bits -= extra
      while (bits < 15 && at < data.length) {
        held |= data[at++]! << bits
        bits += 8
      }
      const distance = distanceTable[held & distanceMask]!
      const distanceWidth = distance & 15
      if (bits < 0 || distanceWidth === 0 || distanceWidth > bits) throw damaged()
      // any other than the first, which has no further bits, is further back than one byte
      if (distance >> 4 !== 0) return false
      held >>>= distanceWidth
      bits -= distanceWidth
      if (runs.repeat(length)) return true
    }
    this.#at = at
    this.#held = held
    this.#bits = bits
    return true
  }

  #read(count: number): number {
    while (this.#bits < count) {
      if (this.#at >= this.#data.length) throw damaged()
      this.#held |= this.#data[this.#at++]! << this.#bits
      this.#bits += 8
    }
    const value = this.#held & ((1 << count) - 1)
    this.#held >>>= count
    this.#bits -= count
    return value
  }

  #stored(): void {
    // what is held of whole bytes goes back
    this.#at -= this.#bits >> 3
    this.#held = 0
    this.#bits = 0
    const length = this.#read(16)
    if ((this.#read(16) ^ length) !== 0xffff || this.#at + length > this.#data.length) throw damaged()
    const room = Math.min(length, this.#out.length - this.#written)
    this.#out.set(this.#data.subarray(this.#at, this.#at + room), this.#written)
    this.#at += length
    this.#written += room
  }

  #codes(): readonly [symbols: Code, distances: Code] {
    const symbols = this.#read(5) + 257
    const distances = this.#read(5) + 1
    const count = this.#read(4) + 4
    const own = new Uint8Array(19)
    for (let i = 0; i < count; i++) own[LENGTHS_ORDER[i]!] = this.#read(3)
    const code = codeOf(own)
    const lengths = new Uint8Array(symbols + distances)
    for (let i = 0; i < lengths.length; ) {
      const symbol = this.#symbol(code)
      if (symbol < 16) {
        lengths[i++] = symbol
        continue
      }
      if (symbol === 16 && i === 0) throw damaged()
      const value = symbol === 16 ? lengths[i - 1]! : 0
      const times = symbol === 16 ? 3 + this.#read(2) : symbol === 17 ? 3 + this.#read(3) : 11 + this.#read(7)
      if (i + times > lengths.length) throw damaged()
      lengths.fill(value, i, i + times)
      i += times
    }
    return [codeOf(lengths.subarray(0, symbols)), codeOf(lengths.subarray(symbols))]
  }

  #symbol({ bits, table }: Code): number {
    while (this.#bits < bits && this.#at < this.#data.length) {
      this.#held |= this.#data[this.#at++]! << this.#bits
      this.#bits += 8
    }
    const entry = table[this.#held & (table.length - 1)]!
    const length = entry & 15
    if (length === 0 || length > this.#bits) throw damaged()
    this.#held >>>= length
    this.#bits -= length
    return entry >> 4
  }

  #block(symbols: Code, distances: Code): void {
    const out = this.#out
    const room = out.length
    let at = this.#written
    // bytes that are there: a run of one byte is filled in when it ends, since 12 MB of it are 46,000 pieces
    let filled = at
    while (at < room) {
      const symbol = this.#symbol(symbols)
      if (symbol === 256) break
      if (symbol > 285) throw damaged()
      const isLiteral = symbol < 256
      const length = isLiteral ? 1 : LENGTH_BASE[symbol - 257]! + this.#read(LENGTH_BITS[symbol - 257]!)
      const distance = isLiteral ? 0 : this.#distance(distances)
      if (distance > at) throw damaged()
      const end = Math.min(room, at + length)
      if (distance !== 1) {
        if (filled < at) out.fill(out[filled - 1]!, filled, at)
        if (isLiteral) out[at] = symbol
        else if (distance >= length && length > 24) out.copyWithin(at, at - distance, end - distance)
        else for (let i = at; i < end; i++) out[i] = out[i - distance]!
        filled = end
      }
      at = end
    }
    if (filled < at) out.fill(out[filled - 1]!, filled, at)
    this.#written = at
  }

  #distance(distances: Code): number {
    const code = this.#symbol(distances)
    if (code > 29) throw damaged()
    return DISTANCE_BASE[code]! + this.#read(DISTANCE_BITS[code]!)
  }
}

/** Runs of bytes that are 0 and that are not, in turns, as far as `bytes`. */
class Runs {
  total = 0
  readonly #bytes: number
  #runs = new Uint32Array(1024)
  #count = 0
  #inside = false
  #length = 0

  constructor(bytes: number) {
    this.#bytes = bytes
  }

  add(inside: boolean): void {
    if (inside !== this.#inside) {
      this.#push()
      this.#inside = inside
    }
    if (this.total < this.#bytes) {
      this.#length++
      this.total++
    }
  }

  /** True when all that is wanted is there. */
  repeat(length: number): boolean {
    const wanted = Math.min(length, this.#bytes - this.total)
    this.#length += wanted
    this.total += wanted
    return this.total === this.#bytes
  }

  all(): Uint32Array {
    this.#push()
    return this.#runs.subarray(0, this.#count)
  }

  #push(): void {
    if (this.#count === this.#runs.length) {
      const grown = new Uint32Array(2 * this.#runs.length)
      grown.set(this.#runs)
      this.#runs = grown
    }
    this.#runs[this.#count++] = this.#length
    this.#length = 0
  }
}
