import type { DescField, DescMessage, JsonValue, Message } from '@bufbuild/protobuf'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from './apiError.ts'
import type { Limits } from './deps.ts'

/** Of a text directly in a request: ids, names, parts of names to search for, cursors. */
const textLength = 4096

/**
 * Objects and lists in metadata and annotation_info: each is two messages on the wire, of which readers follow 100 into
 * each other, and an answer wraps what it names in up to ten of its own.
 */
const nesting = 40

/**
 * Limits on the lists and texts directly in a request, whatever the method, so that none of them becomes more than the
 * database takes, and on how deep free-form values nest; what else is inside its messages is the method's to judge.
 * @throws ApiError CONN_INVALID_REQUEST naming the field
 */
export const checkRequest = (desc: DescMessage, message: Message, { listLength }: Pick<Limits, 'listLength'>): void => {
  let items = 0
  for (const { name, localName } of desc.fields) {
    const value = (message as unknown as Record<string, unknown>)[localName]
    if (typeof value === 'string' && value.length > textLength)
      throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${name}: longer than ${textLength} characters`)
    if (!Array.isArray(value)) continue
    items += value.length
    if (value.length > listLength || items > 2 * listLength)
      throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${name}: ${value.length} items, at most ${listLength}`)
  }
  checkNesting(desc, message, '')
}

/** @throws ApiError CONN_INVALID_REQUEST naming the google.protobuf.Struct that could be written but not read again */
const checkNesting = (desc: DescMessage, message: Message, path: string): void => {
  for (const field of holdersOf(desc)) {
    const value = valueIn(message, field)
    if (value === undefined) continue
    const at = `${path}${field.name}`
    if (field.fieldKind === 'message') checkInside(field.message, value, at)
    else if (field.fieldKind === 'list')
      for (const [i, item] of (value as unknown[]).entries()) checkInside(field.message!, item, `${at}[${i}]`)
    else for (const [key, item] of Object.entries(value as object)) checkInside(field.message!, item, `${at}["${key}"]`)
  }
}

const valueIn = (message: Message, { localName, oneof }: DescField): unknown => {
  const values = message as unknown as Record<string, unknown>
  if (!oneof) return values[localName]
  const set = values[oneof.localName] as { case?: string; value?: unknown }
  return set.case === localName ? set.value : undefined
}

const checkInside = (desc: DescMessage, value: unknown, path: string): void => {
  if (!isFree(desc)) checkNesting(desc, value as Message, `${path}.`)
  else if (isDeeper(value as JsonValue, nesting))
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}: nests more than ${nesting} deep`)
}

const isDeeper = (value: JsonValue, most: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (most === 0 || Object.values(value).some((inner) => isDeeper(inner, most - 1)))

const isFree = ({ typeName }: DescMessage): boolean => /^google\.protobuf\.(Struct|ListValue|Value)$/.test(typeName)

const holders = new Map<DescMessage, readonly DescField[]>()

/** The fields that are, or hold somewhere, free-form values: most of a request need not be looked at. */
const holdersOf = (desc: DescMessage): readonly DescField[] => {
  const known = holders.get(desc)
  if (known) return known
  const fields = desc.fields.filter(({ message }) => message !== undefined && reachesFree(message, new Set()))
  holders.set(desc, fields)
  return fields
}

const reachesFree = (desc: DescMessage, seen: Set<DescMessage>): boolean => {
  if (isFree(desc)) return true
  if (seen.has(desc)) return false
  seen.add(desc)
  return desc.fields.some(({ message }) => message !== undefined && reachesFree(message, seen))
}
