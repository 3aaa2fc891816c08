import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from './apiError.ts'

/**
 * Small checks with the path of the field in the message, e.g.
 * `annotations[3].data.regions[0].region_info.bounding_box.top_row: 1.2 is outside [0, 1]`.
 * All throw ApiError ANNOTATION_INVALID_ARGUMENT (api.md §8).
 */
export const invalid = (path: string, what: string): ApiError =>
  new ApiError(StatusCode.ANNOTATION_INVALID_ARGUMENT, `${path}: ${what}`)

/** Of the name of a concept. */
export const nameBytes = 1024

/** Coordinates are float32 on the wire, so a border of 1 may come as 1.0000001. */
const tolerance = 1e-6

/** A fraction of the side of an image. */
export const checkFraction = (path: string, value: number): void => {
  if (!Number.isFinite(value)) throw invalid(path, `${value} is no number`)
  if (value < -tolerance || value > 1 + tolerance)
    throw invalid(path, `${Number(value.toPrecision(7))} is outside [0, 1]`)
}

export const checkFinite = (path: string, value: number): void => {
  if (!Number.isFinite(value)) throw invalid(path, `${value} is no number`)
}

// control characters, lone surrogates, what has no glyph, and the slash, which would end a path segment of the REST address
const unprintable = /[\p{Cc}\p{Cs}\p{Cn}\p{Zl}\p{Zp}/]/u

// clients take these segments out of an address, and with them the one before: of DELETE inputs/a/annotations/.. is left
// DELETE inputs/a
const steps: ReadonlySet<string> = new Set(['.', '..'])

/** Why `id` cannot be an id, or undefined. At most `bytes` bytes of printable Unicode without a slash (decisions §31). */
export const whyNoId = (id: string, bytes: number): string | undefined => {
  if (id === '') return 'required'
  if (steps.has(id)) return `"${id}" means something else in addresses`
  if (Buffer.byteLength(id) > bytes) return `longer than ${bytes} bytes`
  if (unprintable.test(id) || id !== id.trim()) return `${JSON.stringify(id)} holds a character ids may not have`
  return undefined
}

export const checkId = (path: string, id: string, bytes: number): void => {
  const reason = whyNoId(id, bytes)
  if (reason) throw invalid(path, reason)
}
