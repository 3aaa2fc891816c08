import { create } from '@bufbuild/protobuf'
import { type InputsAddJob, InputsAddJobSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  MultiInputsAddJobResponseSchema,
  SingleInputsAddJobResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { itemStatus, ok } from '#proxy/service/status.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { lockApp } from '#proxy/store/apps.ts'
import {
  cancelJob,
  type InputsAddJobRow,
  inputsAddJobById,
  listInputsAddJobs as list,
} from '#proxy/store/inputsAddJobs.ts'
import type { Db } from '#proxy/store/open.ts'

// A job counts the inputs that were posted under its id. PostInputs stores what it accepts before it answers, so
// nothing of a job is ever pending.

export const jobMessage = (row: InputsAddJobRow): InputsAddJob =>
  create(InputsAddJobSchema, {
    id: row.id,
    progress: { successCount: BigInt(row.succeeded), failedCount: BigInt(row.failed) },
    status: itemStatus(row.cancelled_at === null ? StatusCode.JOB_COMPLETED : StatusCode.JOB_CANCELLED),
    createdAt: timestampOf(Number(row.created_at)),
    modifiedAt: timestampOf(Number(row.modified_at)),
  })

/** @throws ApiError JOB_CANCELLED */
export const checkJob = async (tx: Db, app: AppInUse, id: string): Promise<void> => {
  const row = await inputsAddJobById(tx, app.no, id)
  if (row && row.cancelled_at !== null)
    throw new ApiError(StatusCode.JOB_CANCELLED, `inputs_add_job_id: "${id}" was cancelled`)
}

const found = async (db: Db, app: AppInUse, id: string): Promise<InputsAddJobRow> => {
  const row = await inputsAddJobById(db, app.no, id)
  if (!row) throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `id: the app has no job "${id}"`)
  return row
}

const getInputsAddJob: MethodImpl<typeof V2.method.getInputsAddJob> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readInputs')
  const inputsAddJob = jobMessage(await found(deps.store.read, app, request.id))
  return create(SingleInputsAddJobResponseSchema, { status: ok(call), inputsAddJob })
}

const listInputsAddJobs: MethodImpl<typeof V2.method.listInputsAddJobs> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readInputs')
  const page = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const rows = await list(deps.store.read, app.no, page)
  return create(MultiInputsAddJobResponseSchema, { status: ok(call), inputsAddJobs: rows.map(jobMessage) })
}

/** What was added stays; posting more under its id is refused, a call that is still downloading included. */
const cancelInputsAddJob: MethodImpl<typeof V2.method.cancelInputsAddJob> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addInputs')
  const row = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    await cancelJob(tx, app.no, request.id, deps.now())
    return found(tx, app, request.id)
  })
  return create(SingleInputsAddJobResponseSchema, { status: ok(call), inputsAddJob: jobMessage(row) })
}

export const inputsAddJobMethods = { getInputsAddJob, listInputsAddJobs, cancelInputsAddJob } satisfies V2Methods
