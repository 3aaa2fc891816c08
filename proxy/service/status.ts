import { create } from '@bufbuild/protobuf'
import { StatusCode, StatusCodeSchema } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { type Status, StatusSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import type { ApiError } from './apiError.ts'
import type { Call } from './call.ts'

/** What people read beside a code; where Clarifai documents a text, that text. Source: status_code.proto and the docs' table. */
const descriptions: Readonly<Partial<Record<StatusCode, string>>> = {
  [StatusCode.SUCCESS]: 'Ok',
  [StatusCode.MIXED_STATUS]: 'Mixed Success',
  [StatusCode.FAILURE]: 'Failure',
  [StatusCode.NOT_IMPLEMENTED]: 'Not implemented',
  [StatusCode.CONN_CREDENTIALS_INVALID]: 'Invalid credentials',
  [StatusCode.CONN_THROTTLED]: 'Making too many requests',
  [StatusCode.CONN_EXCEEDS_LIMITS]: 'Request exceeds limits',
  [StatusCode.CONN_INSUFFICIENT_SCOPES]: 'API key has insufficient scopes',
  [StatusCode.CONN_KEY_INVALID]: 'Invalid API key or Invalid API key/application pair',
  [StatusCode.CONN_KEY_NOT_FOUND]: 'API key not found',
  [StatusCode.CONN_BAD_REQUEST_FORMAT]: 'Bad request format',
  [StatusCode.CONN_DOES_NOT_EXIST]: 'Resource does not exist',
  [StatusCode.CONN_INVALID_REQUEST]: 'Invalid request',
  [StatusCode.CONN_METHOD_NOT_ALLOWED]: 'Method not allowed',
  [StatusCode.ANNOTATION_SUCCESS]: 'Annotation success',
  [StatusCode.ANNOTATION_PENDING]: 'Annotation pending',
  [StatusCode.ANNOTATION_FAILED]: 'Annotation failed; check URL',
  [StatusCode.ANNOTATION_UNKNOWN_STATUS]: 'Annotation unknown status',
  [StatusCode.ANNOTATION_INVALID_ARGUMENT]: 'Annotation invalid argument',
  [StatusCode.ANNOTATION_PERMISSION_DENIED]: 'Permission to annotation denied',
  [StatusCode.ANNOTATION_AWAITING_REVIEW]: 'Annotation still waiting for review',
  [StatusCode.ANNOTATION_REVIEW_DENIED]: 'Annotation review denied',
  [StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW]: 'Annotation still waiting for consensus review',
  [StatusCode.ANNOTATION_MODIFY_FAILED]: 'Annotation modification failed',
  [StatusCode.BULK_OPERATION_SUCCESS]: 'Bulk operation success',
  [StatusCode.BULK_OPERATION_FAILED]: 'Bulk operation failed',
  [StatusCode.BULK_OPERATION_PENDING]: 'Bulk operation pending',
  [StatusCode.BULK_OPERATION_IN_PROGRESS]: 'Bulk operation in progress',
  [StatusCode.BULK_OPERATION_INVALID_REQUEST]: 'Invalid bulk operation request',
  [StatusCode.BULK_OPERATION_CANCELLED]: 'Bulk operation cancelled',
  [StatusCode.INPUT_SUCCESS]: 'Download complete',
  [StatusCode.INPUT_PENDING]: 'Download pending',
  [StatusCode.INPUT_FAILED]: 'Download failed or we could not process it. Check URL or bytes you send in the request.',
  [StatusCode.INPUT_IN_PROGRESS]: 'Download in progress',
  [StatusCode.INPUT_DUPLICATE]: 'Duplicate URL in your application. Check the documentation to allow duplications.',
  [StatusCode.INPUT_UNSUPPORTED_FORMAT]: 'Input image format unsupported',
  [StatusCode.INPUT_DOES_NOT_EXIST]: 'Input does not exist',
  [StatusCode.INPUT_INVALID_ARGUMENT]: 'Input invalid argument',
  [StatusCode.INPUT_OVER_LIMIT]: 'Input image is larger than the allowed limit',
  [StatusCode.INPUT_INVALID_URL]: 'Input image URL invalid',
  [StatusCode.INPUT_INVALID_REQUEST]: 'Invalid input request',
  [StatusCode.SEARCH_INVALID_REQUEST]: 'Invalid search request',
  [StatusCode.CONCEPTS_INVALID_REQUEST]: 'Invalid request',
  [StatusCode.DATABASE_DUPLICATE_KEY]: 'Object has a duplicate ID; another object with same ID already exist.',
  [StatusCode.JOB_COMPLETED]: 'Job completed',
  [StatusCode.JOB_CANCELLED]: 'Job cancelled',
  [StatusCode.TASK_IN_PROGRESS]: 'Task in progress',
  [StatusCode.TASK_DONE]: 'Task done',
  [StatusCode.TASK_WONT_DO]: 'Task marked as abandoned',
  [StatusCode.TASK_CONFLICT]: 'Task operation in conflict with the current state',
  [StatusCode.TASK_NOT_IMPLEMENTED]: 'Task scenario not implemented',
  [StatusCode.TASK_MISSING]: 'Task not found',
  [StatusCode.TASK_PERMISSION_DENIED]: 'Task permission denied',
  [StatusCode.TASK_ASSIGNMENT_SUCCESS]: 'Task assignment success',
  [StatusCode.TASK_ASSIGNMENT_PENDING]: 'Task assignment pending',
  [StatusCode.TASK_ASSIGNMENT_AWAITING_REVIEW]: 'Task assignment awaiting review',
  [StatusCode.TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW]: 'Task assignment awaiting consensus review',
  [StatusCode.TASK_ASSIGNMENT_REJECTED]: 'Task assignment rejected',
  [StatusCode.MODEL_TRAINED]: 'Model is trained and ready',
  [StatusCode.MODEL_DOES_NOT_EXIST]: 'Model does not exist',
  [StatusCode.MODEL_INVALID_ARGUMENT]: 'Model invalid argument',
  [StatusCode.MODEL_NOT_DEPLOYED]: 'Model is not deployed',
  [StatusCode.MODEL_PREDICTION_FAILED]: 'Model prediction failed',
  [StatusCode.WORKFLOW_REQUIRE_TRAINED_MODEL]: 'Workflow requires trained models',
  [StatusCode.WORKFLOW_DOES_NOT_EXIST]: 'Workflow does not exist',
  [StatusCode.WORKFLOW_INVALID_ARGUMENT]: 'Workflow invalid argument',
  [StatusCode.WORKFLOW_INVALID_GRAPH]: 'Workflow graph is invalid',
  [StatusCode.INTERNAL_UNCATEGORIZED]: 'Internal error',
}

/** The text for a code; for codes nobody described, their name in words: "Runner not found". */
export const describe = (code: StatusCode): string => descriptions[code] ?? inWords(code)

const inWords = (code: StatusCode): string => {
  const words = StatusCodeSchema.value[code]?.name.toLowerCase().replaceAll('_', ' ')
  return words ? words[0]!.toUpperCase() + words.slice(1) : `Status ${code}`
}

/** A status of an item, which carries no request id. */
export const itemStatus = (code: StatusCode, details = ''): Status =>
  create(StatusSchema, { code, description: describe(code), details })

/** The status of a whole answer. `http_status_code` is the gateway's. */
export const status = (code: StatusCode, call: Call, details = ''): Status =>
  create(StatusSchema, { code, description: describe(code), details, reqId: call.requestId })

export const ok = (call: Call): Status => status(StatusCode.SUCCESS, call)

/** What an expected failure says of one item. */
export const failedItem = (error: ApiError): Status => itemStatus(error.code, error.details)

/** The code of a batch: SUCCESS, MIXED_STATUS when some failed, FAILURE when all did. */
export const overallCode = (items: number, failures: number): StatusCode => {
  if (failures === 0) return StatusCode.SUCCESS
  return failures === items ? StatusCode.FAILURE : StatusCode.MIXED_STATUS
}

/** The status of a batch, with the first failure's details: clients that only print the top learn the reason. */
export const overall = (call: Call, items: number, failures: readonly Status[]): Status => {
  const first = failures[0]
  const details = first ? `${first.description}${first.details ? `: ${first.details}` : ''}` : ''
  return status(overallCode(items, failures.length), call, details)
}
