import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'

/**
 * How many parts a body may have: messages, fields and items of lists. Of two million empty messages, 4 MB on the wire,
 * protobuf-es makes 300 MB of objects, and a body of the greatest size allowed would take all memory there is; so what a
 * body would become is counted while it arrives, before anything is decoded. Two million are 660,000 points of polygons.
 */
export const mostElements = 2_000_000

/** Counts the parts of one body as its bytes come. */
export interface ElementCount {
  /** @throws ApiError CONN_EXCEEDS_LIMITS */
  push(chunk: Uint8Array): void
}

const tooMany = (most: number): ApiError =>
  new ApiError(StatusCode.CONN_EXCEEDS_LIMITS, `the body has more than ${most} fields`)

const QUOTE = 0x22
const BACKSLASH = 0x5c
/** `{`, `[` and `,` */
const begins: ReadonlySet<number> = new Set([0x7b, 0x5b, 0x2c])

/** Of JSON: objects, lists, and what commas set apart, but inside strings. */
export class JsonElements implements ElementCount {
  readonly #most: number
  #count = 0
  #inString = false
  /** The last byte was a backslash that itself was not escaped. */
  #escaped = false

  constructor(most = mostElements) {
    this.#most = most
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) at = this.#inString ? this.#string(chunk, at) : this.#plain(chunk, at)
  }

  #plain(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (byte === QUOTE) {
        this.#inString = true
        return at + 1
      }
      if (begins.has(byte) && ++this.#count > this.#most) throw tooMany(this.#most)
    }
    return chunk.length
  }

  /** To behind the next quote that is not escaped; found natively, for base64 is long. */
  #string(chunk: Uint8Array, from: number): number {
    const quote = chunk.indexOf(QUOTE, from)
    const end = quote < 0 ? chunk.length : quote
    let slashes = 0
    while (end - slashes > from && chunk[end - slashes - 1] === BACKSLASH) slashes++
    if (slashes === end - from && this.#escaped) slashes++
    this.#escaped = quote < 0 && slashes % 2 === 1
    if (quote < 0) return chunk.length
    this.#inString = slashes % 2 === 1
    return quote + 1
  }
}

/** What a field's bytes are: messages to look into, numbers one after the other, or no matter what. */
interface Kind {
  readonly inside: Kinds | undefined
  readonly isPacked: boolean
}
type Kinds = (field: number) => Kind | undefined

const kindsByDesc = new WeakMap<DescMessage, ReadonlyMap<number, DescField>>()

const kindsOf = (desc: DescMessage): Kinds => {
  const fields = kindsByDesc.get(desc) ?? new Map(desc.fields.map((field) => [field.number, field]))
  kindsByDesc.set(desc, fields)
  return (number) => {
    const field = fields.get(number)
    return field && kindOf(field)
  }
}

const kindOf = (field: DescField): Kind | undefined => {
  if (field.fieldKind === 'map') {
    const value = field.mapKind === 'message' ? { inside: kindsOf(field.message), isPacked: false } : undefined
    return { inside: (number) => (number === 2 ? value : undefined), isPacked: false }
  }
  if (field.message) return { inside: kindsOf(field.message), isPacked: false }
  if (field.fieldKind !== 'list') return undefined
  const isText =
    field.listKind === 'scalar' && (field.scalar === ScalarType.STRING || field.scalar === ScalarType.BYTES)
  return { inside: undefined, isPacked: !isText }
}

/** Bytes of packed numbers that count as one element. */
const packedBytes = 8

/**
 * Of protobuf: the fields of all messages, as the descriptors nest them. What is malformed or compressed is not counted.
 * Source: protobuf.dev/programming-guides/encoding.
 */
export class WireElements implements ElementCount {
  readonly #root: Kinds
  readonly #isEnveloped: boolean
  readonly #most: number
  #count = 0
  /** Bytes seen before the chunk. */
  #before = 0
  /** Where messages that are open end, and what is in them; the outermost first. */
  readonly #open: { readonly end: number; readonly kinds: Kinds | undefined }[] = []
  #state: 'head' | 'tag' | 'varint' | 'length' | 'skip' | 'lost'
  #number = 0
  #scale = 1
  #field: Kind | undefined
  #skipTo = 0
  #head: number[] = []

  /** @param isEnveloped messages come one after the other, each behind flags and a length (gRPC and its kin) */
  constructor(desc: DescMessage, isEnveloped: boolean, most = mostElements) {
    this.#root = kindsOf(desc)
    this.#isEnveloped = isEnveloped
    this.#most = most
    this.#state = isEnveloped ? 'head' : 'tag'
    if (!isEnveloped) this.#open.push({ end: Number.POSITIVE_INFINITY, kinds: this.#root })
  }

  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length && this.#state !== 'lost') {
      if (this.#state === 'skip') {
        at = Math.min(chunk.length, this.#skipTo - this.#before)
        if (this.#before + at < this.#skipTo) break
        this.#next(this.#skipTo)
      } else this.#byte(chunk[at]!, this.#before + ++at)
    }
    this.#before += chunk.length
  }

  /** @param after the position behind the byte */
  #byte(byte: number, after: number): void {
    if (this.#state === 'head') {
      this.#envelope(byte, after)
      return
    }
    if (this.#state !== 'varint') this.#number += (byte & 0x7f) * this.#scale
    this.#scale *= 128
    if (byte & 0x80) {
      if (this.#scale > 2 ** 70) this.#state = 'lost'
      return
    }
    const value = this.#number
    this.#number = 0
    this.#scale = 1
    if (this.#state === 'tag') this.#tag(value, after)
    else if (this.#state === 'length') this.#length(value, after)
    else this.#next(after)
  }

  #envelope(byte: number, after: number): void {
    this.#head.push(byte)
    if (this.#head.length < 5) return
    const head = Buffer.from(this.#head)
    this.#head = []
    const end = after + head.readUInt32BE(1)
    if (head[0] !== 0) {
      this.#skip(end)
      return
    }
    this.#open.push({ end, kinds: this.#root })
    this.#next(after)
  }

  #tag(value: number, after: number): void {
    this.#add(1)
    this.#field = this.#open.at(-1)?.kinds?.(Math.floor(value / 8))
    const type = value % 8
    if (type === 0) this.#state = 'varint'
    else if (type === 1) this.#skip(after + 8)
    else if (type === 2) this.#state = 'length'
    else if (type === 5) this.#skip(after + 4)
    else if (type === 3 || type === 4) this.#next(after)
    else this.#state = 'lost'
  }

  #length(length: number, after: number): void {
    if (this.#field?.isPacked) this.#add(Math.floor(length / packedBytes))
    if (this.#field?.inside === undefined) {
      this.#skip(after + length)
      return
    }
    this.#open.push({ end: after + length, kinds: this.#field.inside })
    this.#next(after)
  }

  #skip(to: number): void {
    this.#state = 'skip'
    this.#skipTo = to
  }

  /** What begins at this position: the rest of the innermost open message, or of one it ended in. */
  #next(at: number): void {
    while (this.#open.length > 0 && this.#open.at(-1)!.end <= at) this.#open.pop()
    this.#state = this.#open.length === 0 && this.#isEnveloped ? 'head' : 'tag'
  }

  #add(count: number): void {
    this.#count += count
    if (this.#count > this.#most) throw tooMany(this.#most)
  }
}

/** Bytes that cannot hold too much, whatever they are: an element takes one at least. */
const harmlessBytes = 2 ** 20

/** A body, counted as it is read; a small one need not be. */
export async function* counted(body: AsyncIterable<Uint8Array>, elements: ElementCount): AsyncIterable<Uint8Array> {
  let early: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    early.push(chunk)
    if (size > harmlessBytes) {
      for (const part of early) elements.push(part)
      early = []
    }
    yield chunk
  }
}
