import {
  type DescEnum,
  type DescField,
  type DescMessage,
  getOption,
  type JsonObject,
  type JsonValue,
  type Message,
  ScalarType,
  toJson,
} from '@bufbuild/protobuf'
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect'
import { StructSchema, type Timestamp, TimestampSchema, ValueSchema } from '@bufbuild/protobuf/wkt'
import { cl_default_float, cl_show_if_empty } from '#gen/proto/clarifai/api/utils/extensions_pb.ts'

/** Deeper JSON is refused: whatever walks it does so recursively. Binary messages have the same limit. */
export const maxDepth = 100

/**
 * A message as Clarifai's REST API prints it: snake_case, `cl_show_if_empty` honoured, status codes as numbers and
 * other enums as names, times with six digits and Z, bytes base64, 64-bit integers as strings, floats as short as
 * their float32 allows. Source: api.md §2.9, §9 items 27 and 28.
 */
export const messageToJson = (desc: DescMessage, message: Message): JsonValue => writeMessage(reflect(desc, message))

const writeMessage = (message: ReflectMessage): JsonValue => {
  const { desc } = message
  if (desc.typeName === TimestampSchema.typeName) return writeTime(message.message as Timestamp)
  if (desc.typeName.startsWith('google.protobuf.')) return toJson(desc, message.message)
  const json: JsonObject = {}
  for (const field of desc.fields) {
    if (message.isSet(field) || (showIfEmpty(field) && field.fieldKind !== 'message'))
      json[field.name] = writeField(message, field)
  }
  return json
}

const writeField = (message: ReflectMessage, field: DescField): JsonValue => {
  switch (field.fieldKind) {
    case 'message':
      return writeMessage(message.get(field))
    case 'list':
      return [...message.get(field)].map((item) => writeItem(field, item))
    case 'map':
      return Object.fromEntries(
        [...message.get(field)].map(([key, value]) => [String(key), writeItem(field, value)] as const),
      )
    default:
      return writeItem(field, message.get(field))
  }
}

/** One value of a field that may hold many. */
const writeItem = (field: DescField, value: unknown): JsonValue => {
  if (field.message !== undefined) return writeMessage(value as ReflectMessage)
  if (field.enum !== undefined) {
    const number = value as number
    return field.enum.typeName === 'clarifai.api.status.StatusCode'
      ? number
      : (field.enum.value[number]?.name ?? number)
  }
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  return typeof value === 'number' ? writeNumber(value) : (value as string | boolean)
}

const writeNumber = (value: number): JsonValue => {
  if (Number.isInteger(value)) return value
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
  return Math.fround(value) === value ? shortFloat(value) : value
}

/** The shortest decimal that is the same float32: 0.1 for 0.10000000149011612. Nine digits always do. */
export const shortFloat = (value: number): number => {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}

const writeTime = ({ seconds, nanos }: Timestamp): string => {
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, -5)
  return `${whole}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z`
}

const shown = new WeakMap<DescField, boolean>()
const showIfEmpty = (field: DescField): boolean => {
  const known = shown.get(field)
  if (known !== undefined) return known
  const shows = getOption(field, cl_show_if_empty)
  shown.set(field, shows)
  return shows
}

/**
 * Makes floats what they are on the wire, in place: `fromJson` leaves 0.1 where a float32 is 0.10000000149011612, and
 * what is echoed or compared would differ from what is stored.
 */
export const roundFloats = (desc: DescMessage, message: Message): void => roundMessage(reflect(desc, message))

const roundMessage = (message: ReflectMessage): void => {
  if (message.desc.typeName.startsWith('google.protobuf.')) return
  for (const field of message.fields) if (message.isSet(field)) roundField(message, field)
}

const roundField = (message: ReflectMessage, field: DescField): void => {
  switch (field.fieldKind) {
    case 'message':
      roundMessage(message.get(field))
      break
    case 'scalar':
      if (field.scalar === ScalarType.FLOAT) message.set(field, Math.fround(message.get(field) as number))
      break
    case 'list': {
      const list = message.get(field)
      if (field.listKind === 'message') for (const item of list) roundMessage(item as ReflectMessage)
      else if (field.scalar === ScalarType.FLOAT)
        for (const [at, item] of list.entries()) list.set(at, Math.fround(item as number))
      break
    }
    case 'map': {
      const map = message.get(field)
      if (field.mapKind === 'message') for (const item of map.values()) roundMessage(item as ReflectMessage)
      else if (field.scalar === ScalarType.FLOAT)
        for (const [key, item] of map) map.set(key, Math.fround(item as number))
      break
    }
  }
}

/**
 * JSON as received, made ready for `fromJson`: floats with `cl_default_float` get their default where they are
 * absent (a Concept without `value` is positive; over gRPC it is not). The value given is not changed.
 * @throws RangeError beyond {@link maxDepth}, and for unknown names of enums
 */
export const withDefaults = (desc: DescMessage, json: JsonValue, depth = 0): JsonValue => {
  if (depth > maxDepth) throw new RangeError(`nested deeper than ${maxDepth}`)
  if (desc.typeName === StructSchema.typeName || desc.typeName === ValueSchema.typeName) {
    checkDepth(json, depth)
    return json
  }
  if (!isObject(json)) return json
  const out: JsonObject = {}
  for (const [name, value] of Object.entries(json)) {
    const field = fieldNamed(desc, name)
    if (field === undefined) checkDepth(value, depth)
    else out[name] = readField(field, value, depth + 1)
  }
  for (const { field, value } of defaultsOf(desc)) {
    if (!(field.name in out) && !(field.jsonName in out)) out[field.name] = value
  }
  return out
}

const readField = (field: DescField, value: JsonValue, depth: number): JsonValue => {
  if (field.enum !== undefined) checkEnum(field, field.enum, value)
  if (field.message === undefined) {
    checkDepth(value, depth)
    return value
  }
  const { message } = field
  if (field.fieldKind === 'message') return withDefaults(message, value, depth)
  if (field.fieldKind === 'list' && Array.isArray(value)) return value.map((item) => withDefaults(message, item, depth))
  if (field.fieldKind === 'map' && isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withDefaults(message, item, depth)]))
  return value
}

/** `fromJson` drops names it does not know along with fields it does not know; a filter by them would widen a list. */
const checkEnum = (field: DescField, desc: DescEnum, value: JsonValue): void => {
  const names = field.fieldKind === 'map' && isObject(value) ? Object.values(value) : [value].flat()
  const texts = names.filter((name) => typeof name === 'string')
  const unknown = texts.find((name) => !desc.values.some((known) => known.name === name))
  if (unknown !== undefined) throw new RangeError(`${field.name}: "${unknown}" is no ${desc.name}`)
}

const checkDepth = (value: JsonValue, depth: number): void => {
  if (depth > maxDepth) throw new RangeError(`nested deeper than ${maxDepth}`)
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) checkDepth(part, depth + 1)
}

const isObject = (json: JsonValue): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

// Looked up once a message type: reading an option takes 5 µs, and polygons have messages by the hundred thousand.
const fieldsByName = new WeakMap<DescMessage, ReadonlyMap<string, DescField>>()
const defaults = new WeakMap<DescMessage, readonly { readonly field: DescField; readonly value: number }[]>()

/** A field by its proto name or its JSON name. */
export const fieldNamed = (desc: DescMessage, name: string): DescField | undefined => {
  const known = fieldsByName.get(desc)
  if (known !== undefined) return known.get(name)
  const fields = new Map(
    desc.fields.flatMap((field) => [[field.jsonName, field] as const, [field.name, field] as const]),
  )
  fieldsByName.set(desc, fields)
  return fields.get(name)
}

const defaultsOf = (desc: DescMessage) => {
  const known = defaults.get(desc)
  if (known !== undefined) return known
  const found = desc.fields
    .map((field) => ({ field, value: getOption(field, cl_default_float) }))
    .filter(({ value }) => value !== 0)
  defaults.set(desc, found)
  return found
}
