import { create, equals, fromBinary, isFieldSet, toBinary } from '@bufbuild/protobuf'
import {
  type Workflow,
  type WorkflowNode,
  WorkflowSchema,
  WorkflowVersionSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  MultiWorkflowResponseSchema,
  SingleWorkflowResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { patchedStruct } from '#proxy/service/models/modelPatch.ts'
import { thingWriter } from '#proxy/service/models/modelWrites.ts'
import { checkBatch } from '#proxy/service/paging.ts'
import { type PatchAction, patchAction } from '#proxy/service/patch.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { ok } from '#proxy/service/status.ts'
import { lockApp } from '#proxy/store/apps.ts'
import { type ThingRow, thingById, thingsOf } from '#proxy/store/models.ts'
import type { Db } from '#proxy/store/open.ts'
import { defaultWorkflowOf } from './defaultWorkflow.ts'
import { listSomeWorkflows } from './workflowList.ts'
import {
  checkWorkflow,
  readableWorkflows,
  workflowMessage,
  workflowRow,
  workflowToStore,
  workflowVersionRow,
} from './workflowMessages.ts'
import { nodesToStore } from './workflowNodes.ts'
import { workflowVersionMethods } from './workflowVersions.ts'

/** All or none: a workflow of the answer has no status of its own. Nodes come back in the order they run. */
const postWorkflows: MethodImpl<typeof V2.method.postWorkflows> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addWorkflows')
  checkBatch(request.workflows, 'workflows', deps.limits.batch)
  const drafts: { readonly workflow: Workflow; readonly nodes: readonly WorkflowNode[] }[] = []
  for (const [i, asked] of request.workflows.entries()) {
    const path = `workflows[${i}]`
    const workflow = workflowToStore(asked, path, deps)
    drafts.push({ workflow, nodes: await nodesToStore(asked.nodes, `${path}.nodes`, app, call, deps) })
  }
  const rows = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const made: ThingRow[] = []
    for (const [i, { workflow, nodes }] of drafts.entries()) {
      if (await thingById(tx, 'workflow', app.no, workflow.id))
        throw new ApiError(
          StatusCode.DATABASE_DUPLICATE_KEY,
          `workflows[${i}].id: the app has a workflow "${workflow.id}" already`,
        )
      made.push(await addWorkflow(tx, app, workflow, nodes, deps))
    }
    return made
  })
  const workflows = await readableWorkflows(deps.store.write, rows, [app])
  return create(MultiWorkflowResponseSchema, { status: ok(call), workflows })
}

/** Writes a workflow in stored form with its first version. */
export const addWorkflow = async (
  tx: Db,
  app: AppInUse,
  workflow: Workflow,
  nodes: readonly WorkflowNode[],
  deps: Deps,
): Promise<ThingRow> => {
  const writer = thingWriter(tx, 'workflow', app, deps)
  const no = await writer.add(workflow.id, toBinary(WorkflowSchema, workflow))
  await addVersion(tx, app, no, nodes, deps)
  return (await thingById(tx, 'workflow', app.no, workflow.id))!
}

const addVersion = async (tx: Db, app: AppInUse, no: number, nodes: readonly WorkflowNode[], deps: Deps) => {
  const version = create(WorkflowVersionSchema, { nodes: [...nodes] })
  await thingWriter(tx, 'workflow', app, deps).addVersion(no, deps.newId(), toBinary(WorkflowVersionSchema, version))
}

/** The app's default workflow when no id is given. @throws ApiError WORKFLOW_DOES_NOT_EXIST */
const getWorkflow: MethodImpl<typeof V2.method.getWorkflow> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readWorkflows')
  const found = await workflowMeant(deps, app, request.workflowId, '')
  return create(SingleWorkflowResponseSchema, {
    status: ok(call),
    workflow: workflowMessage(found.workflow, app, found.version),
  })
}

/** The workflow of this id, or the app's default one when it is empty, in the version that is named, or the newest. */
export const workflowMeant = async ({ store }: Deps, app: AppInUse, id: string, versionId: string) => {
  if (id) {
    const workflow = await workflowRow(store.read, app, id)
    return { workflow, version: await workflowVersionRow(store.read, workflow, versionId) }
  }
  const found = await defaultWorkflowOf(store.read, app.no)
  if (!found) throw new ApiError(StatusCode.WORKFLOW_DOES_NOT_EXIST, 'workflow_id: the app has no default workflow')
  return found
}

/**
 * What is absent or empty stays; nodes that differ make a new version. merge puts nodes in the place of those with their
 * ids and appends others, overwrite replaces them all, remove takes those with the ids away. All or none.
 */
const patchWorkflows: MethodImpl<typeof V2.method.patchWorkflows> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addWorkflows')
  checkBatch(request.workflows, 'workflows', deps.limits.batch)
  const action = patchAction(request.action)
  const patches: { readonly sent: Workflow; readonly nodes: readonly WorkflowNode[] }[] = []
  for (const [i, sent] of request.workflows.entries())
    patches.push({ sent, nodes: await patchedNodes(sent, `workflows[${i}]`, action, app, call, deps) })
  const rows = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const done: ThingRow[] = []
    for (const [i, { sent, nodes }] of patches.entries())
      done.push(await patch(tx, app, sent, nodes, action, `workflows[${i}]`, deps))
    return done
  })
  const workflows = await readableWorkflows(deps.store.write, rows, [app])
  return create(MultiWorkflowResponseSchema, { status: ok(call), workflows })
}

const patchedNodes = async (
  sent: Workflow,
  path: string,
  action: PatchAction,
  app: AppInUse,
  call: Call,
  deps: Deps,
): Promise<WorkflowNode[]> => {
  const row = await workflowRow(deps.store.read, app, sent.id, `${path}.id`)
  const { nodes } = workflowMessage(row, app, await workflowVersionRow(deps.store.read, row, ''))
  if (sent.nodes.length === 0) return nodes
  const asked = new Map(sent.nodes.map((node) => [node.id, node]))
  const kept = nodes.map(({ id }) => id)
  const next = {
    merge: [...nodes.map((node) => asked.get(node.id) ?? node), ...sent.nodes.filter(({ id }) => !kept.includes(id))],
    overwrite: sent.nodes,
    remove: nodes.filter(({ id }) => !asked.has(id)),
  }[action]
  return nodesToStore(next, `${path}.nodes`, app, call, deps)
}

const texts = ['description', 'notes', 'visibility', 'image'] as const

const patch = async (
  tx: Db,
  app: AppInUse,
  sent: Workflow,
  nodes: readonly WorkflowNode[],
  action: PatchAction,
  path: string,
  deps: Deps,
): Promise<ThingRow> => {
  const row = await workflowRow(tx, app, sent.id, `${path}.id`)
  const workflow = fromBinary(WorkflowSchema, row.message)
  if (action !== 'remove')
    for (const field of texts)
      if (isFieldSet(sent, WorkflowSchema.field[field])) Object.assign(workflow, { [field]: sent[field] })
  const metadata = patchedStruct(workflow.metadata, sent.metadata, action)
  if (metadata) workflow.metadata = metadata
  checkWorkflow(workflow, path)
  const before = workflowMessage(row, app, await workflowVersionRow(tx, row, ''))
  const same = equals(
    WorkflowVersionSchema,
    create(WorkflowVersionSchema, { nodes: before.nodes }),
    create(WorkflowVersionSchema, { nodes: [...nodes] }),
  )
  if (!same) await addVersion(tx, app, row.no, nodes, deps)
  await thingWriter(tx, 'workflow', app, deps).change(row, toBinary(WorkflowSchema, workflow))
  return (await thingById(tx, 'workflow', app.no, row.id))!
}

/** @throws ApiError WORKFLOW_DOES_NOT_EXIST, WORKFLOW_INVALID_ARGUMENT for the app's default workflow */
const deleteWorkflow: MethodImpl<typeof V2.method.deleteWorkflow> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteWorkflows')
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    await remove(tx, app, [await workflowRow(tx, app, request.workflowId)], 'workflow_id', deps)
  })
  return create(BaseResponseSchema, { status: ok(call) })
}

/** All of them or none; those that are not there are passed over. `delete_all`: every workflow of the app. */
const deleteWorkflows: MethodImpl<typeof V2.method.deleteWorkflows> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteWorkflows')
  if (!request.deleteAll) checkBatch(request.ids, 'ids', deps.limits.batch)
  const ids = new Set(request.ids)
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const rows = await thingsOf(tx, 'workflow', [app.no])
    await remove(tx, app, request.deleteAll ? rows : rows.filter(({ id }) => ids.has(id)), 'ids', deps)
  })
  return create(BaseResponseSchema, { status: ok(call) })
}

const remove = async (tx: Db, app: AppInUse, rows: readonly ThingRow[], field: string, deps: Deps): Promise<void> => {
  const used = await defaultWorkflowOf(tx, app.no)
  for (const row of rows) {
    if (row.no === used?.workflow.no)
      throw new ApiError(
        StatusCode.WORKFLOW_INVALID_ARGUMENT,
        `${field}: "${row.id}" is the app's default workflow: give it another one first`,
      )
    await thingWriter(tx, 'workflow', app, deps).remove(row)
  }
}

export const workflowMethods = {
  postWorkflows,
  getWorkflow,
  listWorkflows: listSomeWorkflows,
  patchWorkflows,
  deleteWorkflow,
  deleteWorkflows,
  ...workflowVersionMethods,
} satisfies V2Methods
