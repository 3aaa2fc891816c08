import { base64Decode, base64Encode } from '@bufbuild/protobuf/wire'

/** Marks what JSON has no word for; nothing of ours is called so. */
const SIGN = '\u0001'

type Marked = readonly ['bytes' | 'words', string] | readonly ['map', readonly unknown[]] | readonly ['none']

/** A structured-cloneable value (plain objects, arrays, maps, bytes and 32-bit words) as text; {@link cloneFromText} undoes it. */
export const cloneText = (value: unknown): string =>
  JSON.stringify({ value }, (_, part: unknown) => {
    const marked = mark(part)
    return marked ? { [SIGN]: marked } : part
  })

/** @throws SyntaxError for what {@link cloneText} never wrote */
export const cloneFromText = (text: string): unknown => {
  const { value } = JSON.parse(text, (_, part: unknown) => (isMarked(part) ? unmark(part[SIGN]) : part)) as {
    value?: unknown
  }
  return value
}

function mark(part: unknown): Marked | undefined {
  if (part === undefined) return ['none']
  if (part instanceof Map) return ['map', [...part]]
  if (part instanceof Uint8Array) return ['bytes', base64Encode(part)]
  if (part instanceof Uint32Array) {
    return ['words', base64Encode(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))]
  }
  return undefined
}

function unmark(marked: Marked): unknown {
  switch (marked[0]) {
    case 'none':
      return undefined
    case 'map':
      return new Map(marked[1] as readonly (readonly [unknown, unknown])[])
    case 'bytes':
      return base64Decode(marked[1])
    case 'words':
      return new Uint32Array(base64Decode(marked[1]).slice().buffer)
  }
}

const isMarked = (part: unknown): part is { readonly [SIGN]: Marked } =>
  typeof part === 'object' && part !== null && SIGN in part
