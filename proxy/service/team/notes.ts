import type { JsonObject } from '@bufbuild/protobuf'
import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import { isEmptyData, isNote, marqueeInfo } from '#proxy/service/annotations/annotationParts.ts'
import { isJsonObject } from '#proxy/service/jsonObject.ts'
import { checkFraction, invalid } from '#proxy/service/validate.ts'

const threadLength = 128
const textLength = 10_000
const idLength = 256

/**
 * What `annotation_info.marquee.note` may be (decisions §12): `{thread, text, at?: [row, col], region?, resolved?,
 * verdict?, task?, to?}`, on an annotation without data. Fields of other names are kept as they are.
 * @throws ApiError ANNOTATION_INVALID_ARGUMENT naming the field
 */
export const checkNote = (annotation: Annotation, path: string): void => {
  if (!isNote(annotation)) return
  const at = `${path}.annotation_info.marquee.note`
  const note = marqueeInfo(annotation).note as JsonObject
  if (!isJsonObject(note)) throw invalid(at, 'must be an object')
  if (!isEmptyData(annotation.data))
    throw invalid(`${path}.data`, 'a note has none: regions are annotations of their own')
  checkText(note.thread, `${at}.thread`, threadLength, 1)
  checkText(note.text, `${at}.text`, textLength, 0)
  for (const name of ['region', 'task', 'to', 'verdict'])
    if (note[name] !== undefined) checkText(note[name], `${at}.${name}`, idLength, 0)
  if (note.resolved !== undefined && typeof note.resolved !== 'boolean')
    throw invalid(`${at}.resolved`, 'must be true or false')
  if (note.at !== undefined) checkPlace(note.at, `${at}.at`)
}

const checkText = (value: unknown, path: string, most: number, least: number): void => {
  if (typeof value !== 'string') throw invalid(path, least > 0 || value !== undefined ? 'must be a text' : 'required')
  if (value.length < least || value.length > most)
    throw invalid(path, `${value.length} characters, must be ${least} to ${most}`)
}

const checkPlace = (value: unknown, path: string): void => {
  const numbers = Array.isArray(value) ? value.filter((one) => typeof one === 'number') : []
  if (!Array.isArray(value) || value.length !== 2 || numbers.length !== 2)
    throw invalid(path, 'must be [row, col], fractions of the sides')
  for (const [i, one] of numbers.entries()) checkFraction(`${path}[${i}]`, one)
}

/** A note stays one, and nothing else becomes one: it would vanish from the counts. @throws ApiError of the item */
export const checkStaysNote = (before: Annotation, after: Annotation, path: string): void => {
  if (isNote(before) !== isNote(after))
    throw invalid(
      `${path}.annotation_info.marquee.note`,
      isNote(before) ? 'a note stays one: delete it instead' : 'an annotation does not become a note: post one',
    )
  checkNote(after, path)
}
