import type { JsonObject, JsonValue } from '@bufbuild/protobuf'

/**
 * What is said of a region besides its concepts, `region.data.metadata.attributes`: by the name of the attribute. Those
 * that nobody has defined here are kept and shown.
 */
export type Attributes = Readonly<Record<string, AttributeValue>>
export type AttributeValue = JsonValue

/** What can be said of the regions of a concept: `concept.metadata.marquee.attributes`, in this order (decisions §23). */
export type AttributeDefinition = {
  /** its name, and the field of {@link Attributes} */
  readonly name: string
  readonly required: boolean
  /** shown beside the concept on the canvas */
  readonly onLabel: boolean
} & AttributeKind

export type AttributeKind =
  | { readonly kind: 'choice'; readonly options: readonly string[]; readonly standard?: string | undefined }
  | { readonly kind: 'checkbox'; readonly standard?: boolean | undefined }
  | {
      readonly kind: 'number'
      readonly min?: number | undefined
      readonly max?: number | undefined
      readonly standard?: number | undefined
    }
  | { readonly kind: 'text'; readonly standard?: string | undefined }

export const attributeKinds = ['choice', 'checkbox', 'number', 'text'] as const

/** Longest text and name that are taken, UTF-16 units. */
export const maxText = 2000
export const maxName = 60
const maxOptions = 200
const maxDefinitions = 50

/** The definitions a concept carries; what is none of ours is left out. */
export function definitionsOf(concept: { readonly metadata?: JsonObject | undefined }): readonly AttributeDefinition[] {
  const marquee = concept.metadata?.marquee
  if (!isObject(marquee) || !Array.isArray(marquee.attributes)) return []
  const names = new Set<string>()
  return marquee.attributes.flatMap((item) => {
    const definition = isObject(item) ? readDefinition(item) : undefined
    if (!definition || names.has(definition.name)) return []
    names.add(definition.name)
    return [definition]
  })
}

function readDefinition(item: JsonObject): AttributeDefinition | undefined {
  const { name, kind, required, onLabel, standard, min, max, options } = item
  if (typeof name !== 'string' || name === '') return undefined
  const base = { name, required: required === true, onLabel: onLabel === true }
  switch (kind) {
    case 'choice': {
      const known = Array.isArray(options) ? options.filter((option) => typeof option === 'string') : []
      if (known.length === 0) return undefined
      const chosen = typeof standard === 'string' && known.includes(standard) ? standard : undefined
      return { ...base, kind, options: known, standard: chosen }
    }
    case 'checkbox':
      return { ...base, kind, standard: typeof standard === 'boolean' ? standard : undefined }
    case 'number':
      return { ...base, kind, min: numberOf(min), max: numberOf(max), standard: numberOf(standard) }
    case 'text':
      return { ...base, kind, standard: typeof standard === 'string' ? standard : undefined }
    default:
      return undefined
  }
}

const numberOf = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined)

/** As it is kept in the concept, without fields that say nothing. */
export const definitionJson = (definition: AttributeDefinition): JsonObject =>
  Object.fromEntries(
    // of the two switches only what is on; a standard value may well be `false`
    Object.entries(definition).filter(
      ([field, value]) => value !== undefined && (value !== false || field === 'standard'),
    ),
  ) as JsonObject

/** What is wrong with the definitions of a concept, by place and field; none = they can be kept. */
export interface DefinitionProblem {
  readonly at: number
  readonly field: 'name' | 'options' | 'min' | 'max' | 'standard'
  readonly text: string
}

export function checkDefinitions(definitions: readonly AttributeDefinition[]): readonly DefinitionProblem[] {
  const problems = definitions.flatMap((definition, at) => checkDefinition(definition, at))
  const names = definitions.map(({ name }) => name)
  names.forEach((name, at) => {
    if (name !== '' && names.indexOf(name) < at) problems.push({ at, field: 'name', text: `“${name}” is there twice.` })
  })
  if (definitions.length > maxDefinitions)
    problems.push({ at: maxDefinitions, field: 'name', text: `At most ${maxDefinitions} attributes.` })
  return problems
}

function checkDefinition(definition: AttributeDefinition, at: number): DefinitionProblem[] {
  const { name } = definition
  const problems: DefinitionProblem[] = []
  const say = (field: DefinitionProblem['field'], text: string) => problems.push({ at, field, text })
  if (name.trim() === '') say('name', 'An attribute needs a name.')
  else if (name.length > maxName) say('name', `A name has at most ${maxName} characters.`)
  if (definition.kind === 'choice') {
    const { options } = definition
    if (options.length === 0) say('options', 'A choice needs at least one option.')
    if (options.length > maxOptions) say('options', `At most ${maxOptions} options.`)
    const twice = options.find((option, i) => options.indexOf(option) < i)
    if (twice !== undefined) say('options', `“${twice}” is there twice.`)
  }
  if (definition.kind === 'number' && (definition.min ?? -Infinity) > (definition.max ?? Infinity))
    say('max', 'The largest value is below the smallest.')
  if (definition.standard !== undefined) {
    const why = whyNotValue(definition, definition.standard)
    if (why !== undefined) say('standard', why)
  }
  return problems
}

/** Why an attribute cannot have this value, for people; undefined if it can. */
export function whyNotValue(definition: AttributeDefinition, value: JsonValue): string | undefined {
  switch (definition.kind) {
    case 'choice':
      return definition.options.includes(value as string) ? undefined : `${definition.name}: choose one of the options.`
    case 'checkbox':
      return typeof value === 'boolean' ? undefined : `${definition.name}: must be yes or no.`
    case 'number': {
      const { name, min, max } = definition
      if (typeof value !== 'number' || !Number.isFinite(value)) return `${name}: must be a number.`
      if (min !== undefined && value < min) return `${name}: must be at least ${min}.`
      if (max !== undefined && value > max) return `${name}: must be at most ${max}.`
      return undefined
    }
    case 'text':
      if (typeof value !== 'string') return `${definition.name}: must be text.`
      return value.length > maxText ? `${definition.name}: at most ${maxText} characters.` : undefined
  }
}

/** What a new region of the concept is given; undefined when nothing is. */
export function standardAttributes(definitions: readonly AttributeDefinition[]): Attributes | undefined {
  const given = definitions.flatMap(({ name, standard }) => (standard === undefined ? [] : [[name, standard] as const]))
  return given.length > 0 ? Object.fromEntries(given) : undefined
}

/**
 * What of a region's attributes goes along when it becomes another concept: what the new one takes, and what neither
 * has defined (it came from elsewhere and is kept). What only the old one knows, or the new one does not take, would say
 * nothing of what the region is now.
 */
export function carriedOver(
  attributes: Attributes | undefined,
  from: readonly AttributeDefinition[],
  to: readonly AttributeDefinition[],
): Attributes {
  const stays = ([name, value]: readonly [string, AttributeValue]): boolean => {
    const definition = to.find((other) => other.name === name)
    if (definition) return whyNotValue(definition, value) === undefined
    return !from.some((other) => other.name === name)
  }
  return Object.fromEntries(Object.entries(attributes ?? {}).filter(stays))
}

/** What is wrong with what a region says: `Required` and missing, or a value the definition does not take. */
export function problemOf(definition: AttributeDefinition, value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === '') return definition.required ? 'Required' : undefined
  return whyNotValue(definition, value)
}

/** The required ones without a value, or with one that the definition does not take. */
export const missingAttributes = (
  definitions: readonly AttributeDefinition[],
  attributes: Attributes | undefined,
): readonly AttributeDefinition[] =>
  definitions.filter((definition) => problemOf(definition, attributes?.[definition.name]) !== undefined)

/** The attributes with one set, or taken away for undefined; undefined when none is left. */
export function withAttribute(
  attributes: Attributes | undefined,
  name: string,
  value: JsonValue | undefined,
): Attributes | undefined {
  const { [name]: _, ...rest } = attributes ?? {}
  const next = value === undefined ? rest : { ...attributes, [name]: value }
  return Object.keys(next).length > 0 ? next : undefined
}

/** `yes`, `no`, a number, a text; anything else as JSON. */
export function attributeText(value: JsonValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)
}

export const sameAttributes = (a: Attributes | undefined, b: Attributes | undefined): boolean =>
  a === b || sameJson((a ?? {}) as JsonValue, (b ?? {}) as JsonValue)

/** Equal as JSON, whatever the order of fields. */
function sameJson(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i] ?? null))
  if (!isObject(a) || !isObject(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameJson(a[name] ?? null, b[name] ?? null))
  )
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
