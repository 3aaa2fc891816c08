import { create } from '@bufbuild/protobuf'
import {
  MultiWorkflowVersionResponseSchema,
  SingleWorkflowVersionResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { thingWriter } from '#proxy/service/models/modelWrites.ts'
import { checkBatch, itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { findApp } from '#proxy/service/people/access.ts'
import { ok } from '#proxy/service/status.ts'
import { lockApp } from '#proxy/store/apps.ts'
import { listVersions, newestVersions } from '#proxy/store/models.ts'
import { workflowRow, workflowVersionMessage, workflowVersionRow } from './workflowMessages.ts'

/** Newest first. */
const listWorkflowVersions: MethodImpl<typeof V2.method.listWorkflowVersions> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readWorkflows')
  const workflow = await workflowRow(deps.store.read, app, request.workflowId)
  const page = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const rows = await listVersions(deps.store.read, 'workflow', workflow.no, page, 'desc')
  const workflowVersions = rows.map((row) => workflowVersionMessage(row, workflow.id, app))
  return create(MultiWorkflowVersionResponseSchema, { status: ok(call), workflowVersions })
}

const getWorkflowVersion: MethodImpl<typeof V2.method.getWorkflowVersion> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readWorkflows')
  const workflow = await workflowRow(deps.store.read, app, request.workflowId)
  const row = await workflowVersionRow(deps.store.read, workflow, request.workflowVersionId, 'workflow_version_id')
  const workflowVersion = workflowVersionMessage(row, workflow.id, app)
  return create(SingleWorkflowVersionResponseSchema, { status: ok(call), workflowVersion })
}

/** All or none; one version must stay. What has not run of them is dropped. */
const deleteWorkflowVersions: MethodImpl<typeof V2.method.deleteWorkflowVersions> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteWorkflows')
  checkBatch(request.workflowVersionIds, 'workflow_version_ids', deps.limits.batch)
  const ids = [...new Set(request.workflowVersionIds)]
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const workflow = await workflowRow(tx, app, request.workflowId)
    const { count = 0 } = (await newestVersions(tx, 'workflow', [workflow.no])).get(workflow.no) ?? {}
    if (ids.length >= count)
      throw new ApiError(
        StatusCode.WORKFLOW_INVALID_ARGUMENT,
        'workflow_version_ids: one version must stay; to be rid of all, delete the workflow',
      )
    for (const id of ids) {
      const row = await workflowVersionRow(tx, workflow, id, 'workflow_version_ids')
      await thingWriter(tx, 'workflow', app, deps).removeVersion(row)
    }
  })
  return create(BaseResponseSchema, { status: ok(call) })
}

export const workflowVersionMethods = {
  listWorkflowVersions,
  getWorkflowVersion,
  deleteWorkflowVersions,
} satisfies V2Methods
