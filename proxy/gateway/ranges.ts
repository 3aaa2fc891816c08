import type { IncomingHttpHeaders } from 'node:http'

/** Bytes by their places, counted from 0, both of them in it. */
export interface Part {
  readonly first: number
  readonly last: number
}

/**
 * The part a request asks for; 'beyond' when there is none of it; undefined when it is to get everything: it asks for no
 * part, for several, in other words than bytes, or for a part of what has another tag by now. Source: RFC 9110 §13.1.5,
 * §14.
 */
export const partOf = (
  { range, 'if-range': ifRange }: IncomingHttpHeaders,
  { etag, size }: { readonly etag: string; readonly size: number },
): Part | 'beyond' | undefined => {
  const [, from = '', to = ''] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(range ?? '') ?? []
  // a date is no tag of ours, and a weak tag promises no equal bytes
  if ((from === '' && to === '') || (ifRange !== undefined && ifRange !== etag)) return undefined
  if (from === '') return to === '' || Number(to) === 0 || size === 0 ? 'beyond' : tail(Number(to), size)
  const first = Number(from)
  const last = Math.min(to === '' ? size - 1 : Number(to), size - 1)
  if (to !== '' && Number(to) < first) return undefined
  return first < size ? { first, last } : 'beyond'
}

const tail = (count: number, size: number): Part => ({ first: Math.max(size - count, 0), last: size - 1 })
