import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from './apiError.ts'
import { whyNoId } from './validate.ts'

/** Of users, apps and inputs. */
const idBytes = 128

/** Why a text cannot be the id of a user, an app or an input; undefined when it can. "me" means the caller. */
export const whyNoName = (id: string, bytes = idBytes): string | undefined =>
  id === 'me' ? `"${id}" means something else in addresses` : whyNoId(id, bytes)

/** @throws ApiError with `code` and the path of the field */
export const checkName = (
  path: string,
  id: string,
  code: StatusCode = StatusCode.CONN_INVALID_REQUEST,
  bytes = idBytes,
): void => {
  const reason = whyNoName(id, bytes)
  if (reason) throw new ApiError(code, `${path}: ${reason}`)
}

/** What a mention of somebody in a note can carry (src/sync/mentions.ts). */
const userId = /^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9_])?$/

/** Of a new account. @throws ApiError CONN_INVALID_REQUEST with the path of the field */
export const checkUserId = (path: string, id: string): void => {
  checkName(path, id)
  if (!userId.test(id))
    throw new ApiError(
      StatusCode.CONN_INVALID_REQUEST,
      `${path}: letters without accents, digits, "_", "." and "-" only, with a letter or digit first and no "." or "-" last`,
    )
}
