import { Code, ConnectError } from '@connectrpc/connect'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { StatusSchema } from '#gen/web/proto/clarifai/api/status/status_pb.ts'
import { ApiFailure, classify } from '#sync/errors.ts'
import { fieldWords } from '#sync/fieldWords.ts'

/** Words for codes whose own description would not tell a person what to do. */
const byCode: Partial<Record<number, string>> = {
  [StatusCode.CONN_CREDENTIALS_INVALID]: 'You are signed out. Sign in again to go on.',
  [StatusCode.CONN_THROTTLED]: 'Too many requests at once. Wait a moment and try again.',
  [StatusCode.CONN_INSUFFICIENT_SCOPES]:
    'You do not have the right to do this here. The owner of the app can give it to you.',
  [StatusCode.CONN_DOES_NOT_EXIST]: 'This does not exist, or you have no access to it.',
  [StatusCode.CONN_KEY_INVALID]: 'This does not exist, or you have no access to it.',
  [StatusCode.INTERNAL_UNCATEGORIZED]: 'The server made a mistake. It has been logged; try again.',
}

/** What happened and what to do, for the person. Never empty. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiFailure) return byCode[error.code] ?? apiMessage(error)
  if (error instanceof ConnectError) return connectMessage(error)
  if (classify(error) === 'retry') return unreachable
  return error instanceof Error && error.message ? error.message : 'Something unexpected happened. Try again.'
}

const unreachable = 'The server cannot be reached. Check that it is running and that you are connected.'

function apiMessage(failure: ApiFailure): string {
  const details = fieldWords(failure.details)
  if (failure.description && details) return `${failure.description}: ${details}`
  return details || failure.description || `The server refused this (code ${failure.code}).`
}

function connectMessage(error: ConnectError): string {
  switch (error.code) {
    case Code.Unauthenticated:
      return 'You are no longer signed in.'
    case Code.ResourceExhausted:
      return fieldWords(error.rawMessage) || 'Too many tries. Wait a moment and try again.'
    case Code.Unavailable:
    case Code.DeadlineExceeded:
    case Code.Unknown:
    case Code.Canceled:
      return unreachable
    default:
      return fieldWords(error.rawMessage) || unreachable
  }
}

/**
 * What the server found wrong with one field of a request: details begin with the field's path, as in
 * `new_password: at least 8 characters`. Undefined when it named none.
 */
export function fieldProblem(error: unknown): { readonly field: string; readonly message: string } | undefined {
  const details =
    error instanceof ConnectError
      ? error.findDetails(StatusSchema)[0]?.details
      : error instanceof ApiFailure
        ? error.details
        : undefined
  const [, field, said] = /^([a-z][\w.[\]]*): (.+)$/s.exec(details ?? '') ?? []
  if (field === undefined || said === undefined) return undefined
  return { field, message: `${said[0]?.toUpperCase()}${said.slice(1)}${/[.!?]$/.test(said) ? '' : '.'}` }
}

/** Whether the server said: not there, or not for you. */
export const isMissing = (error: unknown): boolean =>
  error instanceof ApiFailure &&
  (error.code === StatusCode.CONN_DOES_NOT_EXIST || error.code === StatusCode.CONN_KEY_INVALID)

/** "1 change", "3 changes". */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`
