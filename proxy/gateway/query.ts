import { type DescField, type DescMessage, type JsonObject, type JsonValue, ScalarType } from '@bufbuild/protobuf'
import { DurationSchema, FieldMaskSchema, TimestampSchema } from '@bufbuild/protobuf/wkt'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { fieldNamed } from './json.ts'

/** Messages whose JSON is one text. */
const textual: ReadonlySet<string> = new Set(
  [TimestampSchema, DurationSchema, FieldMaskSchema].map(({ typeName }) => typeName),
)

/**
 * Sets a field by its dotted path from the text or texts of a query or a path, in place.
 * A name the message does not have is ignored, as everywhere in protobuf.
 * @param values texts as written, at least one
 * @throws ApiError CONN_INVALID_REQUEST when a text cannot be a value of the field: ignoring a filter would silently
 * widen what is listed (the Python client's `statuses=code`, api.md §9 item 32)
 */
export const setFromText = (json: JsonObject, desc: DescMessage, path: string, values: readonly string[]): void => {
  const [name = '', ...rest] = path.split('.')
  const field = fieldNamed(desc, name)
  if (field === undefined) return
  if (rest.length === 0) {
    json[ownName(json, field)] = textsToJson(field, path, values)
    return
  }
  if (field.fieldKind !== 'message') throw notSettable(path)
  const key = ownName(json, field)
  const inner = json[key]
  const target = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : {}
  json[key] = target
  setFromText(target, field.message, rest.join('.'), values)
}

/** The name the JSON has the field under already, so that it is not given twice. */
const ownName = (json: JsonObject, field: DescField): string => (field.jsonName in json ? field.jsonName : field.name)

const notSettable = (path: string) =>
  new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}: cannot be given in an address`)

const textsToJson = (field: DescField, path: string, values: readonly string[]): JsonValue => {
  if (field.fieldKind === 'map') throw notSettable(path)
  if (field.message !== undefined && !textual.has(field.message.typeName)) throw notSettable(path)
  if (field.fieldKind === 'list') return values.map((value) => one(field, path, value))
  const [first = '', second] = values
  if (second !== undefined && second !== first)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}: given more than once`)
  return one(field, path, first)
}

const one = (field: DescField, path: string, text: string): JsonValue => {
  if (field.enum !== undefined && /^-?\d+$/.test(text)) return Number(text)
  const scalar = field.fieldKind === 'scalar' || field.fieldKind === 'list' ? field.scalar : undefined
  if (scalar !== ScalarType.BOOL) return text
  if (/^(true|1)$/i.test(text)) return true
  if (/^(false|0)$/i.test(text)) return false
  throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}: "${text.slice(0, 40)}" is neither true nor false`)
}
