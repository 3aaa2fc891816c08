import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { isJsonObject } from './jsonObject.ts'

const isEmpty = (value: JsonObject): boolean => Object.keys(value).length === 0

const idOf = (value: JsonValue): string | undefined =>
  isJsonObject(value) && typeof value.id === 'string' ? value.id : undefined

/**
 * `sent` merged into `stored`: objects recurse, items of lists with an id are merged in place, other items appended;
 * null says nothing; {} and [] replace; anything else overwrites. Source: api.md §4 (the docs' patching.md).
 */
export const mergeStruct = (stored: JsonObject | undefined, sent: JsonObject): JsonObject => {
  const merged: JsonObject = { ...stored }
  for (const [key, value] of Object.entries(sent)) {
    if (value === null) continue
    merged[key] = mergeValue(merged[key], value)
  }
  return merged
}

const mergeValue = (stored: JsonValue | undefined, sent: JsonValue): JsonValue => {
  if (isJsonObject(stored) && isJsonObject(sent) && !isEmpty(sent)) return mergeStruct(stored, sent)
  if (Array.isArray(stored) && Array.isArray(sent) && sent.length > 0) return mergeList(stored, sent)
  return sent
}

const mergeList = (stored: readonly JsonValue[], sent: readonly JsonValue[]): JsonValue[] => {
  const merged = [...stored]
  for (const item of sent) {
    const id = idOf(item)
    const at = id === undefined ? -1 : merged.findIndex((other) => idOf(other) === id)
    if (at < 0) merged.push(item)
    else merged[at] = mergeStruct(merged[at] as JsonObject, item as JsonObject)
  }
  return merged
}

/**
 * `stored` without what `sent` names: `true` removes a key, objects recurse, items of lists go by their id; null, {}
 * and [] say nothing; other values overwrite. Source: api.md §4.
 */
export const removeFromStruct = (stored: JsonObject | undefined, sent: JsonObject): JsonObject => {
  const left: JsonObject = { ...stored }
  for (const [key, value] of Object.entries(sent)) {
    const before = left[key]
    if (value === null || before === undefined) continue
    if (value === true) delete left[key]
    else if (isJsonObject(value)) left[key] = isJsonObject(before) ? removeFromStruct(before, value) : before
    else if (Array.isArray(value)) left[key] = Array.isArray(before) ? removeFromList(before, value) : before
    else left[key] = value
  }
  return left
}

const removeFromList = (stored: readonly JsonValue[], sent: readonly JsonValue[]): JsonValue[] => {
  const ids = new Set(sent.map(idOf).filter((id) => id !== undefined))
  return stored.filter((item) => !ids.has(idOf(item) ?? ''))
}
