import type { DescMessage, Message } from '@bufbuild/protobuf'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from './apiError.ts'
import type { Limits } from './deps.ts'

/** Of a text directly in a request: ids, names, parts of names to search for, cursors. */
const textLength = 4096

/**
 * Limits on the lists and texts directly in a request, whatever the method, so that none of them becomes more than the
 * database takes; what is inside its messages is the method's to judge.
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
}
