import type { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'

/**
 * An expected failure of the API: becomes the body Status of the answer (gRPC status stays OK), or the status of one
 * item of a batch. `details` names the field, e.g. `annotations[3].input_id: …`.
 */
export class ApiError extends Error {
  readonly code: StatusCode
  readonly details: string
  constructor(code: StatusCode, details = '', options?: ErrorOptions) {
    super(details || `status ${code}`, options)
    this.name = 'ApiError'
    this.code = code
    this.details = details
  }
}
