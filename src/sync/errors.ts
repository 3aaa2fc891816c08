import { Code, ConnectError } from '@connectrpc/connect'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import type { Status } from '#gen/web/proto/clarifai/api/status/status_pb.ts'
import { fieldWords } from './fieldWords.ts'

/** An answer of the API whose Status is not SUCCESS, or the failing status of one item of it. */
export class ApiFailure extends Error {
  /** a code of clarifai.api.status.StatusCode */
  readonly code: number
  /** the field or limit the server names; may be empty */
  readonly details: string
  readonly description: string
  /** 32 hex, also in the server's log */
  readonly requestId: string
  /** id of the item that failed, where one did */
  readonly item: string | undefined
  constructor(failure: FailureFields, options?: ErrorOptions) {
    super(failure.details || failure.description || `status ${failure.code}`, options)
    this.name = 'ApiFailure'
    this.code = failure.code
    this.details = failure.details
    this.description = failure.description
    this.requestId = failure.requestId
    this.item = failure.item
  }
}

export interface FailureFields {
  readonly code: number
  readonly details: string
  readonly description: string
  readonly requestId: string
  readonly item?: string | undefined
}

/** The failure a Status stands for. */
export const failureOf = (status: Status | undefined, item?: string): ApiFailure =>
  new ApiFailure({
    code: status?.code ?? StatusCode.INTERNAL_UNCATEGORIZED,
    details: status?.details ?? '',
    description: status?.description ?? 'The answer has no status.',
    requestId: status?.reqId ?? '',
    item,
  })

/**
 * The answer itself when it reports SUCCESS.
 * @throws ApiFailure otherwise, MIXED_STATUS included: a caller that can use part of an answer looks at it itself.
 */
export function ok<R extends { status?: Status | undefined }>(response: R): R {
  if (response.status?.code === StatusCode.SUCCESS) return response
  throw failureOf(response.status)
}

/**
 * What to do about a failed call:
 * `retry` it may work later unchanged; `signed-out` ask the person to sign in; `conflict` somebody else's state is
 * there; `refused` it will never work unchanged.
 */
export type FailureKind = 'retry' | 'signed-out' | 'conflict' | 'refused'

const SIGNED_OUT: ReadonlySet<number> = new Set([
  StatusCode.CONN_CREDENTIALS_INVALID,
  StatusCode.CONN_KEY_INVALID,
  StatusCode.CONN_KEY_NOT_FOUND,
])
const CONFLICT: ReadonlySet<number> = new Set([StatusCode.DATABASE_DUPLICATE_KEY, StatusCode.ANNOTATION_MODIFY_FAILED])
const TEMPORARY: ReadonlySet<number> = new Set([
  StatusCode.CONN_THROTTLED,
  StatusCode.CONN_EXCEED_HOURLY_LIMIT,
  StatusCode.CONN_EXCEED_MONTHLY_LIMIT,
  StatusCode.INPUT_WRITES_DISABLED_FOR_MAINTENANCE,
])
/** Connect codes of a call that will not work however often it is repeated. */
const FINAL: ReadonlySet<Code> = new Set([
  Code.InvalidArgument,
  Code.NotFound,
  Code.AlreadyExists,
  Code.PermissionDenied,
  Code.FailedPrecondition,
  Code.OutOfRange,
  Code.Unimplemented,
])

/** Internal errors of the server (98xxx, 99xxx) and of its database (4001x but for the duplicate key) pass. */
const isInternal = (code: number): boolean =>
  (code >= 98_000 && code < 100_000) || (code >= 40_011 && code <= 40_016) || code === 40_021

/** By code only, never by text. What is no answer of a server at all (a failed fetch, an abort) is `retry`. */
export function classify(error: unknown): FailureKind {
  if (error instanceof ApiFailure) return classifyCode(error.code)
  if (!(error instanceof ConnectError)) return 'retry'
  if (error.code === Code.Unauthenticated) return 'signed-out'
  if (error.code === Code.Aborted) return 'conflict'
  return FINAL.has(error.code) ? 'refused' : 'retry'
}

function classifyCode(code: number): FailureKind {
  if (SIGNED_OUT.has(code)) return 'signed-out'
  if (CONFLICT.has(code)) return 'conflict'
  return TEMPORARY.has(code) || isInternal(code) ? 'retry' : 'refused'
}

/**
 * True if the call cannot have reached a working server: nothing else is worth sending just now. Not so a call that took
 * too long: that may be its own fault.
 */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof ApiFailure) return TEMPORARY.has(error.code)
  if (!(error instanceof ConnectError)) return true
  return (
    [Code.Unavailable, Code.DeadlineExceeded, Code.Canceled].includes(error.code) || error.cause instanceof TypeError
  )
}

/** A failure in a person's words: what happened, why, and what they can do. */
export interface FailureText {
  readonly title: string
  readonly detail: string
  readonly action: string
}

const SIGN_IN: FailureText = {
  title: 'You are signed out',
  detail: 'The server no longer accepts this session.',
  action: 'Sign in again. Your changes are kept on this device and are sent then.',
}
const LATER: FailureText = {
  title: 'The server cannot be reached',
  detail: 'The connection was lost, or the server is busy or restarting.',
  action: 'Nothing to do: it is tried again on its own.',
}

const TEXTS: ReadonlyMap<number, FailureText> = new Map([
  [
    StatusCode.DATABASE_DUPLICATE_KEY,
    text(
      'Something else has this id',
      'The server already holds another object under the same id.',
      'Choose whether to keep yours or theirs.',
    ),
  ],
  [
    StatusCode.ANNOTATION_MODIFY_FAILED,
    text(
      'Somebody else changed this',
      'It was changed on the server after you last saw it.',
      'Choose whether to keep your version (Retry) or theirs (Discard).',
    ),
  ],
  [
    StatusCode.ANNOTATION_PERMISSION_DENIED,
    text(
      'You may not change this',
      'It belongs to somebody else, or your rights in this app have changed.',
      'Discard your change, or ask the owner of the app.',
    ),
  ],
  [
    StatusCode.TASK_PERMISSION_DENIED,
    text(
      'This work is not yours any more',
      'The owner has given it to somebody else, or taken you off the task.',
      'What you drew is kept. Discard this, or ask the owner.',
    ),
  ],
  [
    StatusCode.TASK_CONFLICT,
    text(
      'The work has moved on',
      'It was decided, given to somebody else, or its task does not go on just now.',
      'Look at it as it is now, then try again or discard this.',
    ),
  ],
  [
    StatusCode.TASK_MISSING,
    text('The task is gone', 'It was deleted while you worked on it.', 'What you drew is kept. Discard this.'),
  ],
  [
    StatusCode.CONN_INSUFFICIENT_SCOPES,
    text('You lack a right for this', 'Your rights in this app do not cover it.', 'Ask the owner of the app.'),
  ],
  [
    StatusCode.ANNOTATION_INVALID_ARGUMENT,
    text(
      'The server refused the shape',
      'Something about it is not valid.',
      'Correct it, then retry; or discard the change.',
    ),
  ],
  [
    StatusCode.INPUT_DOES_NOT_EXIST,
    text(
      'The image is gone',
      'It was deleted while you worked on it.',
      'What you made is kept here. Whoever deleted it can bring it back for 30 days: then press Retry. Or discard it.',
    ),
  ],
  [
    StatusCode.CONN_DOES_NOT_EXIST,
    text(
      'It is gone',
      'It was deleted, or you can no longer see it.',
      'Discard the change, or retry if it was restored.',
    ),
  ],
  [
    StatusCode.CONN_INVALID_REQUEST,
    text(
      'The server refused the request',
      'Something about it is not valid.',
      'Discard the change, or report it with the request id.',
    ),
  ],
  [
    StatusCode.CONN_THROTTLED,
    text(
      'The server asks for a pause',
      'Too many requests in a short time.',
      'Nothing to do: it is tried again on its own.',
    ),
  ],
])

function text(title: string, detail: string, action: string): FailureText {
  return { title, detail, action }
}

const GONE: ReadonlySet<number> = new Set([StatusCode.INPUT_DOES_NOT_EXIST, StatusCode.TASK_MISSING])

/** Accepts anything that was thrown. The server's own details are appended, since they name the field. */
export function describe(error: unknown): FailureText {
  const kind = classify(error)
  const known = error instanceof ApiFailure ? TEXTS.get(error.code) : undefined
  const general =
    known ??
    {
      retry: LATER,
      'signed-out': SIGN_IN,
      conflict: TEXTS.get(StatusCode.ANNOTATION_MODIFY_FAILED)!,
      refused: refusal(error),
    }[kind]
  // what is gone is named by an id: it is the thing one is looking at
  const details = error instanceof ApiFailure && !GONE.has(error.code) ? fieldWords(error.details) : ''
  return details && !general.detail.includes(details)
    ? { ...general, detail: `${general.detail} (${details})` }
    : general
}

function refusal(error: unknown): FailureText {
  const said = error instanceof ApiFailure ? error.description : error instanceof ConnectError ? error.rawMessage : ''
  return text('The server refused this', said || 'It gave no reason.', 'Correct it and retry, or discard the change.')
}
