import { create } from '@bufbuild/protobuf'
import { InputCountSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { SingleInputCountResponseSchema, type V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { findApp } from '#proxy/service/people/access.ts'
import { ok } from '#proxy/service/status.ts'
import { countInputStates } from '#proxy/store/inputCounts.ts'

/** GetInputCount: how many inputs are done, waiting, being worked on, or failed. Nothing is ever reindexed here. */
const getInputCount: MethodImpl<typeof V2.method.getInputCount> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readInputs')
  const states = await countInputStates(deps.store.read, app.no)
  const processed = states.get(StatusCode.INPUT_SUCCESS) ?? 0
  const toProcess = states.get(StatusCode.INPUT_PENDING) ?? 0
  const processing = states.get(StatusCode.INPUT_IN_PROGRESS) ?? 0
  const all = states.values().reduce((sum, count) => sum + count, 0)
  const counts = { processed, toProcess, processing, errors: all - processed - toProcess - processing }
  return create(SingleInputCountResponseSchema, { status: ok(call), counts: create(InputCountSchema, counts) })
}

export const moreInputMethods = { getInputCount } satisfies V2Methods
