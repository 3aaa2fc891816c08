import { create, type JsonObject, type JsonValue } from '@bufbuild/protobuf'
import { type Concept, ConceptSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { conceptOrder } from '#model/concept.ts'

/** A concept id is at most this many bytes of UTF-8 (decisions §31). */
const MAX_ID_BYTES = 128

/**
 * A readable id for a name: "Fishing boat" → "fishing-boat". Letters of any script stay; `/`, controls and the
 * punctuation that needs escaping in addresses do not. Empty when nothing is left.
 */
export function conceptIdFrom(name: string): string {
  const id = name
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}_.+-]+/gu, '-')
    .replace(/^[-.]+|-+$/g, '')
  return firstBytes(id, MAX_ID_BYTES).replace(/-+$/, '')
}

function firstBytes(text: string, limit: number): string {
  const encoder = new TextEncoder()
  let end = 0
  let bytes = 0
  for (const character of text) {
    bytes += encoder.encode(character).length
    if (bytes > limit) break
    end += character.length
  }
  return text.slice(0, end)
}

export interface NewConcept {
  readonly id: string
  readonly name: string
}

export interface ParsedLines {
  readonly fresh: readonly NewConcept[]
  /** lines that name a concept which exists already, or stand twice */
  readonly known: readonly string[]
  /** lines of which no id can be made */
  readonly unusable: readonly string[]
}

/** The concepts that a pasted text names, one a line; empty lines do not count. */
export function parseLines(text: string, existing: Iterable<string>): ParsedLines {
  const taken = new Set(existing)
  const fresh: NewConcept[] = []
  const known: string[] = []
  const unusable: string[] = []
  for (const line of text.split(/\r?\n/)) {
    const name = line.trim()
    if (name === '') continue
    const id = conceptIdFrom(name)
    if (id === '') unusable.push(name)
    else if (taken.has(id)) known.push(name)
    else {
      taken.add(id)
      fresh.push({ id, name })
    }
  }
  return { fresh, known, unusable }
}

/** The concept with fields of `metadata.marquee` set, or removed where undefined; all other metadata stays. */
export function withMarquee(concept: Concept, fields: { readonly [key: string]: JsonValue | undefined }): Concept {
  const merged: JsonObject = { ...marqueeOf(concept) }
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) delete merged[key]
    else merged[key] = value
  }
  return create(ConceptSchema, { ...concept, metadata: { ...concept.metadata, marquee: merged } })
}

/** `#rrggbb`, order and hotkey as the app keeps them (decisions §23). */
export function marqueeOf(concept: Concept): JsonObject {
  const own = concept.metadata?.marquee
  return typeof own === 'object' && own !== null && !Array.isArray(own) ? own : {}
}

/** The concepts to write so that `id` stands `by` places further down (up: negative); none at the ends. */
export function moved(concepts: readonly Concept[], id: string, by: number): Concept[] {
  const sorted = concepts.toSorted(conceptOrder)
  const from = sorted.findIndex((concept) => concept.id === id)
  const to = Math.min(Math.max(from + by, 0), sorted.length - 1)
  const concept = sorted[from]
  if (!concept || to === from) return []
  sorted.splice(from, 1)
  sorted.splice(to, 0, concept)
  return sorted.flatMap((one, order) => (marqueeOf(one).order === order ? [] : [withMarquee(one, { order })]))
}

/** The concepts to write so that slot 1…10 belongs to `id`, and to nobody else by choice; undefined gives it back. */
export function withKey(concepts: readonly Concept[], id: string, slot: number | undefined): Concept[] {
  return concepts.flatMap((concept) => {
    if (concept.id === id) return [withMarquee(concept, { hotkey: slot })]
    return slot !== undefined && Number(marqueeOf(concept).hotkey) === slot
      ? [withMarquee(concept, { hotkey: undefined })]
      : []
  })
}

/** Another concept that is called so, whatever the case: two of one name cannot be told apart. */
export const namesake = (concepts: readonly Concept[], of: Concept, name: string): Concept | undefined => {
  const wanted = name.trim().toLowerCase()
  return concepts.find((other) => other.id !== of.id && (other.name || other.id).trim().toLowerCase() === wanted)
}
