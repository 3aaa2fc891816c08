import { create, type DescMessage, type JsonObject, type Message } from '@bufbuild/protobuf'
import { Code, ConnectError } from '@connectrpc/connect'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { type Status, StatusSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { describe } from '#proxy/service/status.ts'
import { messageToJson } from './json.ts'

/** One code of the API as the other two vocabularies say it. */
interface Row {
  readonly http: number
  /** For what answers with Connect errors instead of a Status in the body. Undefined = no failure. */
  readonly connect: Code | undefined
}

const row = (http: number, connect?: Code): Row => ({ http, connect })

/** Body Status ⇄ HTTP status ⇄ Connect code, for codes that need another row than {@link fallback} gives. */
const table = new Map<StatusCode, Row>([
  [StatusCode.SUCCESS, row(200)],
  [StatusCode.MIXED_STATUS, row(200)],
  [StatusCode.FAILURE, row(400, Code.InvalidArgument)],
  [StatusCode.ACCEPTED, row(202)],
  [StatusCode.MOVED, row(307, Code.FailedPrecondition)],
  [StatusCode.NOT_IMPLEMENTED, row(501, Code.Unimplemented)],
  [StatusCode.CONN_CREDENTIALS_INVALID, row(401, Code.Unauthenticated)],
  [StatusCode.CONN_KEY_INVALID, row(401, Code.Unauthenticated)],
  [StatusCode.CONN_KEY_NOT_FOUND, row(401, Code.Unauthenticated)],
  [StatusCode.CONN_INSUFFICIENT_SCOPES, row(403, Code.PermissionDenied)],
  [StatusCode.ANNOTATION_PERMISSION_DENIED, row(403, Code.PermissionDenied)],
  [StatusCode.TASK_PERMISSION_DENIED, row(403, Code.PermissionDenied)],
  [StatusCode.CONN_DOES_NOT_EXIST, row(404, Code.NotFound)],
  [StatusCode.INPUT_DOES_NOT_EXIST, row(404, Code.NotFound)],
  [StatusCode.TASK_MISSING, row(404, Code.NotFound)],
  [StatusCode.MODEL_DOES_NOT_EXIST, row(404, Code.NotFound)],
  [StatusCode.WORKFLOW_DOES_NOT_EXIST, row(404, Code.NotFound)],
  [StatusCode.CONN_METHOD_NOT_ALLOWED, row(405, Code.Unimplemented)],
  [StatusCode.DATABASE_DUPLICATE_KEY, row(409, Code.AlreadyExists)],
  [StatusCode.TASK_CONFLICT, row(409, Code.FailedPrecondition)],
  [StatusCode.JOB_CONFLICT, row(409, Code.FailedPrecondition)],
  [StatusCode.TASK_NOT_IMPLEMENTED, row(501, Code.Unimplemented)],
  [StatusCode.CONN_THROTTLED, row(429, Code.ResourceExhausted)],
  [StatusCode.CONN_EXCEEDS_LIMITS, row(429, Code.ResourceExhausted)],
  [StatusCode.INTERNAL_UNCATEGORIZED, row(500, Code.Internal)],
  [StatusCode.INTERNAL_SERVER_ISSUE, row(503, Code.Unavailable)],
  [StatusCode.INTERNAL_UNEXPECTED_TIMEOUT, row(504, Code.DeadlineExceeded)],
])

const fallback = (code: StatusCode): Row =>
  code >= 98_000 && code < 100_000 ? row(500, Code.Internal) : row(400, Code.InvalidArgument)

const rowOf = (code: StatusCode): Row => table.get(code) ?? fallback(code)

/** Source: api.md §3.2; 98xxx and 99xxx are 500, every other failure 400. */
export const httpStatusOf = (code: StatusCode): number => rowOf(code).http

/** The Connect code a failure has where it is not told in the body. */
export const connectCodeOf = (code: StatusCode): Code => rowOf(code).connect ?? Code.Unknown

/** Refusals for load are gRPC errors even in the API that tells failures in the body: clients back off by them. */
export const isTransportFailure = (code: StatusCode): boolean =>
  code === StatusCode.CONN_THROTTLED || code === StatusCode.CONN_EXCEEDS_LIMITS

/** The Status of a failure, complete. `requestId` is 32 hex. */
export const failureStatus = (code: StatusCode, details: string, requestId: string): Status =>
  withHttpStatus(create(StatusSchema, { code, description: describe(code), details, reqId: requestId }))

/** The Status of an answer of the API; undefined for messages without one. */
export const statusOf = (answer: Message): Status | undefined => {
  const status = (answer as { status?: Status }).status
  return status?.$typeName === 'clarifai.api.status.Status' ? status : undefined
}

/** Fills what only the gateway knows into an answer's Status. */
export const completeStatus = (answer: Message, requestId: string): Status | undefined => {
  const status = statusOf(answer)
  if (status === undefined) return undefined
  status.reqId = requestId
  return withHttpStatus(status)
}

/**
 * `uint32 http_status_code = 11` of newer versions of status.proto than the one we generate from: written as an
 * unknown field, which clients that know it read, and added to JSON by {@link statusJson}.
 */
const withHttpStatus = (status: Status): Status => {
  const http = httpStatusOf(status.code)
  // A varint of two bytes: every HTTP status is between 2^7 and 2^14.
  const data = Uint8Array.of((http & 0x7f) | 0x80, http >> 7)
  status.$unknown = [...(status.$unknown ?? []).filter(({ no }) => no !== 11), { no: 11, wireType: 0, data }]
  return status
}

/** A Status as REST prints it. */
export const statusJson = (status: Status): JsonObject => ({
  ...(messageToJson(StatusSchema, status) as JsonObject),
  http_status_code: httpStatusOf(status.code),
})

/** An answer that only says what failed, or undefined when the message has no place for it. */
export const failureMessage = (output: DescMessage, status: Status): Message | undefined => {
  const field = output.field.status
  const fits = field?.fieldKind === 'message' && field.message.typeName === StatusSchema.typeName
  return fits ? create(output, { status } as never) : undefined
}

/** What a call that failed as a call says where failures are told in the body: REST in front of an upstream. */
export const failureOfConnect = (error: ConnectError): ApiError =>
  new ApiError(codeOfConnect.get(error.code) ?? StatusCode.FAILURE, error.rawMessage, { cause: error })

const codeOfConnect = new Map<Code, StatusCode>([
  [Code.Unimplemented, StatusCode.NOT_IMPLEMENTED],
  [Code.Unauthenticated, StatusCode.CONN_KEY_INVALID],
  [Code.PermissionDenied, StatusCode.CONN_INSUFFICIENT_SCOPES],
  [Code.NotFound, StatusCode.CONN_DOES_NOT_EXIST],
  [Code.ResourceExhausted, StatusCode.CONN_THROTTLED],
  [Code.AlreadyExists, StatusCode.DATABASE_DUPLICATE_KEY],
  [Code.Unavailable, StatusCode.INTERNAL_SERVER_ISSUE],
  [Code.DeadlineExceeded, StatusCode.INTERNAL_UNEXPECTED_TIMEOUT],
  [Code.Internal, StatusCode.INTERNAL_UNCATEGORIZED],
  [Code.Unknown, StatusCode.INTERNAL_UNCATEGORIZED],
  [Code.DataLoss, StatusCode.INTERNAL_UNCATEGORIZED],
])

/** Name of the header that carries the API's code beside a Connect error. */
export const codeHeader = 'x-clarifai-status-code'

/** A failure as a Connect error; the API's Status comes along as a detail and its code as {@link codeHeader}. */
export const toConnectError = (error: ApiError, requestId: string): ConnectError => {
  const status = failureStatus(error.code, error.details, requestId)
  const message = status.details === '' ? status.description : `${status.description}: ${status.details}`
  return new ConnectError(
    message,
    connectCodeOf(error.code),
    { [codeHeader]: String(error.code) },
    [{ desc: StatusSchema, value: status }],
    error,
  )
}
