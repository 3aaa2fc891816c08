import { clone, create, fromBinary } from '@bufbuild/protobuf'
import {
  type App,
  UserAppIDSetSchema,
  type Workflow,
  type WorkflowNode,
  WorkflowSchema,
  WorkflowVersionSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { attemptAsync } from '#proxy/service/attempt.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { queueAllInputs } from '#proxy/store/jobs.ts'
import { thingById } from '#proxy/store/models.ts'
import type { Db } from '#proxy/store/open.ts'
import { defaultWorkflowOf } from './defaultWorkflow.ts'
import { workflowMessage, workflowRow, workflowVersionRow } from './workflowMessages.ts'
import { addWorkflow } from './workflows.ts'

/** The workflow an app is asked to run on its inputs. */
export interface DefaultWorkflow {
  readonly id: string
  /** Set for one of the app's own that is not to follow newer versions. */
  readonly versionId: string
  /** Of another app: it is copied (PostApps: "needs to load the default workflow to make a copy"). */
  readonly copy?: { readonly workflow: Workflow; readonly nodes: readonly WorkflowNode[] }
  /** One of Clarifai's, which this server does not have: kept as the app's word, and runs nothing. */
  readonly clarifais?: boolean
}

/** Scripts name one of these, e.g. "Universal" or "Empty", whenever they make an app. */
const isClarifais = ({ userId, appId }: Pick<Workflow, 'userId' | 'appId'>): boolean =>
  userId === 'clarifai' && (appId === '' || appId === 'main')

/**
 * What an app asks for, with what is to be copied loaded; undefined when it says nothing. `app` is undefined for one that
 * is being made: what has no app of its own in the request can then only be Clarifai's.
 * @throws ApiError WORKFLOW_DOES_NOT_EXIST, also for those the caller may not see
 */
export const defaultWorkflowAsked = async (
  asked: App,
  path: string,
  app: AppInUse | undefined,
  call: Call,
  deps: Deps,
): Promise<DefaultWorkflow | undefined> => {
  const { defaultWorkflow, defaultWorkflowId } = asked
  const id = defaultWorkflow?.id || defaultWorkflowId
  if (!id) return undefined
  const field = `${path}.${defaultWorkflow?.id ? 'default_workflow' : 'default_workflow_id'}`
  const { userId = '', appId = '' } = defaultWorkflow ?? {}
  const versionId = defaultWorkflow?.version?.id ?? ''
  if (isClarifais({ userId, appId }) || (!app && !appId)) return { id, versionId, clarifais: true }
  const isOwn = app && (appId === '' || appId === app.id) && (userId === '' || userId === app.user_id)
  if (!isOwn) return { id, versionId: '', copy: await loaded({ id, userId, appId, versionId }, field, call, deps) }
  const row = await workflowRow(deps.store.read, app, id, field)
  if (versionId) await workflowVersionRow(deps.store.read, row, versionId, `${field}.version.id`)
  return { id, versionId }
}

type Address = Pick<Workflow, 'id' | 'userId' | 'appId'> & { readonly versionId: string }

const loaded = async ({ id, userId, appId, versionId }: Address, field: string, call: Call, deps: Deps) => {
  const address = create(UserAppIDSetSchema, { userId, appId })
  const found = await attemptAsync(() => findApp(deps, call, address, 'readWorkflows'))
  if (!found.ok) throw new ApiError(StatusCode.WORKFLOW_DOES_NOT_EXIST, `${field}: ${found.error.details}`)
  const row = await workflowRow(deps.store.read, found.value, id, field)
  const { nodes } = workflowMessage(row, found.value, await workflowVersionRow(deps.store.read, row, versionId, field))
  return { workflow: fromBinary(WorkflowSchema, row.message), nodes }
}

/** As it stands in the app's message. */
export const setDefaultWorkflow = (app: App, { id, versionId, clarifais }: DefaultWorkflow): void => {
  app.defaultWorkflowId = id
  app.defaultWorkflow = create(WorkflowSchema, {
    id,
    userId: clarifais ? 'clarifai' : app.userId,
    appId: clarifais ? 'main' : app.id,
    ...(versionId && { version: create(WorkflowVersionSchema, { id: versionId }) }),
  })
}

/** Copies what is to be copied, in the transaction that makes or changes the app. One of that id that is there stays. */
export const copyDefaultWorkflow = async (
  tx: Db,
  app: AppInUse,
  { copy }: DefaultWorkflow,
  deps: Deps,
): Promise<void> => {
  if (!copy || (await thingById(tx, 'workflow', app.no, copy.workflow.id))) return
  await addWorkflow(tx, app, clone(WorkflowSchema, copy.workflow), copy.nodes, deps)
}

/** Queues the app's default workflow for all its inputs (PatchAppsRequest.reindex). */
export const reindex = async (tx: Db, app: number, now: number): Promise<void> => {
  const found = await defaultWorkflowOf(tx, app)
  if (found) await queueAllInputs(tx, { app, workflowVersion: found.version.no, now })
}
