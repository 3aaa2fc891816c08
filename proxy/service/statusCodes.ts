import { create } from '@bufbuild/protobuf'
import {
  MultiStatusCodeResponseSchema,
  SingleStatusCodeResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode, StatusCodeSchema } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from './apiError.ts'
import type { MethodImpl, V2Methods } from './method.ts'
import { itemStatus, ok, status } from './status.ts'

/** Every code the API has, in their order. */
const listStatusCodes: MethodImpl<typeof V2.method.listStatusCodes> = async (_request, call) => {
  const codes = new Set(StatusCodeSchema.values.map(({ number }) => number as StatusCode)) // some have two names
  codes.delete(StatusCode.ZERO)
  const statuses = [...codes].sort((a, b) => a - b).map((code) => itemStatus(code))
  return create(MultiStatusCodeResponseSchema, { status: ok(call), statuses })
}

/** The code asked for stands in the place of the answer's own: the message has no other. @throws 11101 for no code */
const getStatusCode: MethodImpl<typeof V2.method.getStatusCode> = async ({ statusCodeId }, call) => {
  const known = /^\d{1,6}$/.test(statusCodeId) ? StatusCodeSchema.value[Number(statusCodeId) as StatusCode] : undefined
  if (!known || known.number === 0)
    throw new ApiError(
      StatusCode.CONN_DOES_NOT_EXIST,
      `status_code_id: there is no code "${statusCodeId.slice(0, 20)}"`,
    )
  return create(SingleStatusCodeResponseSchema, { status: status(known.number as StatusCode, call) })
}

export const statusCodeMethods = { listStatusCodes, getStatusCode } satisfies V2Methods
