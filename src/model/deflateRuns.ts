/**
 * A zlib stream of a byte sequence that is given by its runs: `runs[0]` zeros, then `runs[1]` bytes of 255, then zeros
 * again … Made from the runs without the bytes: cost follows the number of runs and bytes / 258, so that 12 MB take
 * about 1 ms. One block with a Huffman code of its own; every run is a byte and repeats of the byte before it.
 * Source: RFC 1950, RFC 1951.
 */
export function deflateRuns(runs: Uint32Array): Uint8Array<ArrayBuffer> {
  const counts = countSymbols(runs)
  const lengths = codeLengths(counts)
  const codes = codesOf(lengths)
  let bits = 3 + 14 + 3 * 19 + 4 * (lengths.length + 1) + 13 * runs.length
  for (let symbol = 0; symbol < counts.length; symbol++) bits += counts[symbol]! * (lengths[symbol]! + 6)
  const writer = new BitWriter(Math.ceil(bits / 8) + 16)
  writer.write(0x0178, 16)
  writeHead(writer, lengths)
  writer.runs(runs, codes, lengths)
  writer.write(codes[END]!, lengths[END]!)
  const check = adler32(runs)
  writer.align()
  for (let shift = 24; shift >= 0; shift -= 8) writer.write((check >>> shift) & 255, 8)
  return writer.bytes()
}

const SYMBOLS = 286
const END = 256
const LONGEST = 258

/** How many bytes a run needs besides its first: so many longest repeats, one shorter, or a few bytes. */
const lengthSymbols = new Uint16Array(LONGEST + 1)
const lengthExtra = new Uint8Array(LONGEST + 1)
const lengthExtraBits = new Uint8Array(LONGEST + 1)
{
  const bits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5]
  let length = 3
  for (let code = 0; code < bits.length; code++) {
    for (let extra = 0; extra < 1 << bits[code]! && length < LONGEST; extra++, length++) {
      lengthSymbols[length] = 257 + code
      lengthExtra[length] = extra
      lengthExtraBits[length] = bits[code]!
    }
  }
  lengthSymbols[LONGEST] = 285
}

function countSymbols(runs: Uint32Array): Float64Array {
  const counts = new Float64Array(SYMBOLS)
  let value = 0
  for (const run of runs) {
    if (run > 0) {
      const rest = (run - 1) % LONGEST
      counts[value]!++
      counts[285]! += (run - 1 - rest) / LONGEST
      if (rest >= 3) counts[lengthSymbols[rest]!]!++
      else counts[value]! += rest
    }
    value ^= 255
  }
  counts[END]!++
  return counts
}

/** Lengths of a Huffman code for the counts, 15 bits at most; a symbol that does not occur has none. */
function codeLengths(counts: Float64Array): Uint8Array {
  const lengths = new Uint8Array(SYMBOLS)
  let weights = [...counts.entries()].filter(([, count]) => count > 0)
  // a code of one symbol is none: give it company
  if (weights.length === 1) weights.push([0, 1])
  for (;;) {
    const depths = huffmanDepths(weights.map(([, count]) => count))
    if (Math.max(...depths) <= 15) {
      for (const [i, [symbol]] of weights.entries()) lengths[symbol] = depths[i]!
      return lengths
    }
    weights = weights.map(([symbol, count]) => [symbol, Math.ceil(count / 4)])
  }
}

/** At most some thirty symbols: a plain search for the two lightest each time. */
function huffmanDepths(weights: readonly number[]): number[] {
  const depths = weights.map(() => 0)
  let nodes = weights.map((weight, i) => ({ weight, leaves: [i] }))
  while (nodes.length > 1) {
    nodes.sort((a, b) => a.weight - b.weight)
    const [a, b] = [nodes[0]!, nodes[1]!]
    const leaves = [...a.leaves, ...b.leaves]
    for (const leaf of leaves) depths[leaf]!++
    nodes = [{ weight: a.weight + b.weight, leaves }, ...nodes.slice(2)]
  }
  return depths
}

/** The canonical code of the lengths, each code's bits in the order they are written. */
function codesOf(lengths: Uint8Array): Uint16Array {
  const codes = new Uint16Array(lengths.length)
  let code = 0
  for (let length = 1; length <= 15; length++) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue
      for (let i = 0, c = code; i < length; i++, c >>= 1) codes[symbol] = (codes[symbol]! << 1) | (c & 1)
      code++
    }
    code <<= 1
  }
  return codes
}

/** The lengths themselves are written with a code in which every length has 4 bits. */
function writeHead(writer: BitWriter, lengths: Uint8Array): void {
  writer.write(1, 1)
  writer.write(2, 2)
  writer.write(SYMBOLS - 257, 5)
  writer.write(0, 5)
  writer.write(15, 4)
  for (let i = 0; i < 19; i++) writer.write(i < 3 ? 0 : 4, 3)
  const reversed = (length: number) =>
    ((length & 1) << 3) | ((length & 2) << 1) | ((length & 4) >> 1) | ((length & 8) >> 3)
  for (const length of lengths) writer.write(reversed(length), 4)
  writer.write(reversed(1), 4)
}

const ADLER = 65_521

/** Of the bytes, summed up by the run: n bytes v after sums (a, b) are (a + n·v, b + n·a + v·n(n+1)/2). */
function adler32(runs: Uint32Array): number {
  let a = 1
  let b = 0
  let value = 0
  for (const run of runs) {
    const triangle =
      run % 2 === 0 ? ((run / 2) % ADLER) * ((run + 1) % ADLER) : (run % ADLER) * (((run + 1) / 2) % ADLER)
    b = (b + (run % ADLER) * a + value * (triangle % ADLER)) % ADLER
    a = (a + (run % ADLER) * value) % ADLER
    value ^= 255
  }
  return b * 65_536 + a
}

/** Bits from the lowest of each byte up. */
class BitWriter {
  #bytes: Uint8Array<ArrayBuffer>
  #at = 0
  #held = 0
  #bits = 0

  constructor(room: number) {
    this.#bytes = new Uint8Array(room)
  }

  /** `bits` ≤ 24 */
  write(value: number, bits: number): void {
    this.#held |= value << this.#bits
    this.#bits += bits
    while (this.#bits >= 8) {
      this.#bytes[this.#at++] = this.#held & 255
      this.#held >>>= 8
      this.#bits -= 8
    }
  }

  /** The runs' symbols. Locals, and several repeats at a time: this is where the time goes. */
  runs(runs: Uint32Array, codes: Uint16Array, lengths: Uint8Array): void {
    const bytes = this.#bytes
    let [at, held, bits] = [this.#at, this.#held, this.#bits]
    const put = (code: number, count: number): void => {
      held |= code << bits
      bits += count
      while (bits >= 8) {
        bytes[at++] = held & 255
        held >>>= 8
        bits -= 8
      }
    }
    // the distance, 1, is the only one there is: a single 0 bit, above the code of the length
    const [longest, longestBits] = [codes[285]!, lengths[285]! + 1]
    const together = Math.max(1, Math.floor(20 / longestBits))
    let many = 0
    for (let i = 0; i < together; i++) many |= longest << (i * longestBits)
    let value = 0
    for (let i = 0; i < runs.length; i++) {
      const run = runs[i]!
      if (run > 0) {
        const [literal, literalBits] = [codes[value]!, lengths[value]!]
        put(literal, literalBits)
        const rest = (run - 1) % LONGEST
        let left = (run - 1 - rest) / LONGEST
        for (; left >= together; left -= together) put(many, together * longestBits)
        for (; left > 0; left--) put(longest, longestBits)
        if (rest >= 3) {
          const symbol = lengthSymbols[rest]!
          put(codes[symbol]!, lengths[symbol]!)
          put(lengthExtra[rest]!, lengthExtraBits[rest]! + 1)
        } else for (let j = 0; j < rest; j++) put(literal, literalBits)
      }
      value ^= 255
    }
    this.#at = at
    this.#held = held
    this.#bits = bits
  }

  align(): void {
    if (this.#bits > 0) this.write(0, 8 - this.#bits)
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at)
  }
}
