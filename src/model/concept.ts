import type { JsonObject } from '@bufbuild/protobuf'

/** What colour, slot and order are found from; `metadata.marquee` is where the app keeps them (decisions §23). */
export interface ConceptLike {
  readonly id: string
  readonly name?: string
  readonly metadata?: JsonObject | undefined
}

/**
 * Told apart by people with red-green or blue-yellow blindness, and bright enough for outlines on photographs.
 * Okabe and Ito (jfly.uni-koeln.de/color), then Tol's "bright" and "vibrant" sets (personal.sron.nl/~pault).
 */
export const palette: readonly string[] = [
  '#e69f00',
  '#56b4e9',
  '#009e73',
  '#f0e442',
  '#d55e00',
  '#cc79a7',
  '#0077bb',
  '#33bbee',
  '#ee3377',
  '#ccbb44',
  '#aa3377',
  '#66ccee',
  '#ee7733',
  '#228833',
  '#4477aa',
  '#ee6677',
]

/** Of a region without a concept. */
export const unlabelledColor = '#bbbbbb'

/** `#rrggbb`: the one the app has set, else one that is always the same for the id. */
export function conceptColor(concept: ConceptLike): string {
  const own = marqueeOf(concept).color
  if (typeof own === 'string' && /^#[0-9a-f]{6}$/i.test(own)) return own.toLowerCase()
  return palette[hash(concept.id) % palette.length]!
}

/** The colour of the palette that is used least, for a new concept. */
export function freeColor(concepts: Iterable<ConceptLike>): string {
  const uses = new Map(palette.map((color) => [color, 0]))
  for (const concept of concepts) {
    const color = conceptColor(concept)
    uses.set(color, (uses.get(color) ?? 0) + 1)
  }
  return palette.reduce((best, color) => (uses.get(color)! < uses.get(best)! ? color : best))
}

/** Numbers in names by their size: a2 before a10. One collator: localeCompare makes one each time. */
const names = new Intl.Collator(undefined, { numeric: true })

/** By the order the app has set, those without after them, then by name. For `sort`. */
export function conceptOrder(a: ConceptLike, b: ConceptLike): number {
  const place = (concept: ConceptLike) => numberOr(marqueeOf(concept).order, Number.MAX_SAFE_INTEGER)
  return place(a) - place(b) || names.compare(nameOf(a), nameOf(b)) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

/**
 * Concept ids by slot 1…10 (key 0 is slot 10): the slots that the app has set first, then the free ones are filled
 * in {@link conceptOrder}.
 */
export function conceptSlots(concepts: Iterable<ConceptLike>): ReadonlyMap<number, string> {
  const sorted = [...concepts].sort(conceptOrder)
  const slots = new Map<number, string>()
  const rest: ConceptLike[] = []
  for (const concept of sorted) {
    const wanted = marqueeOf(concept).hotkey
    const slot = typeof wanted === 'string' ? Number(wanted) || (wanted === '0' ? 10 : Number.NaN) : wanted
    if (typeof slot === 'number' && Number.isInteger(slot) && slot >= 1 && slot <= 10 && !slots.has(slot)) {
      slots.set(slot, concept.id)
    } else rest.push(concept)
  }
  let slot = 1
  for (const concept of rest) {
    while (slots.has(slot)) slot++
    if (slot > 10) break
    slots.set(slot, concept.id)
  }
  return new Map([...slots].sort(([a], [b]) => a - b))
}

const nameOf = (concept: ConceptLike) => concept.name || concept.id
const numberOr = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise)

function marqueeOf(concept: ConceptLike): JsonObject {
  const own = concept.metadata?.marquee
  return typeof own === 'object' && own !== null && !Array.isArray(own) ? own : {}
}

/** FNV-1a over UTF-16 units, then mixed so that similar ids fall apart (murmur3's finalizer). */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
