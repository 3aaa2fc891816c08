// FIPS 180-4. The platform's own digest is asynchronous and needs a secure context; ids are wanted at once, anywhere.

const primes = [...firstPrimes(64)]
const fraction = (value: number) => ((value - Math.floor(value)) * 0x1_0000_0000) | 0
const roundConstants = Int32Array.from(primes, (p) => fraction(Math.cbrt(p)))
const start = Int32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p)))

/** SHA-256 of the text as UTF-8, 64 lower-case hex digits. */
export function sha256Hex(text: string): string {
  const hash = start.slice()
  const padded = pad(new TextEncoder().encode(text))
  for (let offset = 0; offset < padded.byteLength; offset += 64) addBlock(hash, padded, offset)
  return [...hash].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

function pad(message: Uint8Array): DataView {
  const length = (((message.length + 8) >> 6) + 1) << 6
  const bytes = new Uint8Array(length)
  bytes.set(message)
  bytes[message.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(length - 8, Math.floor(message.length / 0x2000_0000))
  view.setUint32(length - 4, message.length << 3)
  return view
}

const rotate = (word: number, by: number) => (word >>> by) | (word << (32 - by))

function addBlock(hash: Int32Array, message: DataView, offset: number): void {
  const w = new Int32Array(64)
  for (let i = 0; i < 16; i++) w[i] = message.getInt32(offset + 4 * i)
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15]!
    const b = w[i - 2]!
    const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)
    const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10)
    w[i] = w[i - 16]! + s0 + w[i - 7]! + s1
  }
  let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + roundConstants[i]! + w[i]!) | 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) hash[i] = hash[i]! + word
}

function* firstPrimes(count: number): Iterable<number> {
  const found: number[] = []
  for (let n = 2; found.length < count; n++) {
    if (found.some((p) => n % p === 0)) continue
    found.push(n)
    yield n
  }
}
