import type { JsonObject, JsonValue } from '@bufbuild/protobuf'

/** An object, and no list. */
export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
