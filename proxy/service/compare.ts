import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from './apiError.ts'
import type { Call } from './call.ts'
import { rfc3339 } from './time.ts'

// Changes of a version that has passed are refused where the sender asks for it (decisions §4).

/** @throws ApiError CONN_INVALID_REQUEST for another word than modified_at: ignoring it would overwrite blindly */
export const compares = (call: Call): boolean => {
  const header = call.header('x-marquee-compare')
  if (header !== undefined && header !== 'modified_at')
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `x-marquee-compare: "${header}", must be modified_at`)
  return header !== undefined
}

/** What is said of a version that has passed. Times in µs; `seen` undefined: the sender did not say. */
export const passedWords = (seen: number | undefined, now: number, who: string | undefined): string => {
  const said = seen === undefined ? 'required' : `${rfc3339(seen)} has passed`
  return `${said}: changed by "${who}" at ${rfc3339(now)}`
}
