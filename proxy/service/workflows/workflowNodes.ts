import { create, fromBinary } from '@bufbuild/protobuf'
import {
  type Model,
  ModelSchema,
  ModelVersionSchema,
  NodeInputSchema,
  OutputInfoSchema,
  UserAppIDSetSchema,
  type WorkflowNode,
  WorkflowNodeSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { attemptAsync } from '#proxy/service/attempt.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { modelRow, versionMeant } from '#proxy/service/models/modelReading.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { inRunningOrder } from './workflowGraph.ts'

const mostNodes = 64

/**
 * Posted nodes in the form they are stored in and in the order they run: each names one version of one model in one app,
 * the newest version where none was said.
 * @throws ApiError WORKFLOW_INVALID_GRAPH, WORKFLOW_INVALID_ARGUMENT, MODEL_DOES_NOT_EXIST (also for models the caller
 * may not see), WORKFLOW_REQUIRE_TRAINED_MODEL for a model without versions
 */
export const nodesToStore = async (
  nodes: readonly WorkflowNode[],
  path: string,
  app: AppInUse,
  call: Call,
  deps: Deps,
): Promise<WorkflowNode[]> => {
  if (nodes.length > mostNodes)
    throw new ApiError(StatusCode.WORKFLOW_INVALID_GRAPH, `${path}: ${nodes.length} nodes, at most ${mostNodes}`)
  const places = new Map(nodes.map((node, i) => [node, `${path}[${i}]`]))
  const stored: WorkflowNode[] = []
  for (const node of inRunningOrder(nodes, path))
    stored.push(await nodeToStore(node, places.get(node)!, app, call, deps))
  return stored
}

const nodeToStore = async (node: WorkflowNode, path: string, app: AppInUse, call: Call, deps: Deps) => {
  const { data, params } = node.outputInfoOverride ?? {}
  return create(WorkflowNodeSchema, {
    id: node.id,
    model: await modelToStore(node.model, `${path}.model`, app, call, deps),
    nodeInputs: node.nodeInputs.map(({ nodeId }) => create(NodeInputSchema, { nodeId })),
    suppressOutput: node.suppressOutput,
    ...((data || params) && {
      outputInfoOverride: create(OutputInfoSchema, { ...(data && { data }), ...(params && { params }) }),
    }),
  })
}

const modelToStore = async (asked: Model | undefined, path: string, app: AppInUse, call: Call, deps: Deps) => {
  if (!asked?.id) throw new ApiError(StatusCode.WORKFLOW_INVALID_ARGUMENT, `${path}.id: required`)
  const home = await appOfModel(asked, path, app, call, deps)
  const row = await modelRow(deps.store.read, home, asked.id, `${path}.id`)
  const version = await versionMeant(deps.store.read, row, asked.modelVersion?.id ?? '', `${path}.model_version.id`)
  if (!version)
    throw new ApiError(StatusCode.WORKFLOW_REQUIRE_TRAINED_MODEL, `${path}: model "${asked.id}" has no version`)
  return create(ModelSchema, {
    id: row.id,
    appId: home.id,
    userId: home.user_id,
    modelTypeId: fromBinary(ModelSchema, row.message).modelTypeId,
    modelVersion: create(ModelVersionSchema, { id: version.id, appId: home.id, userId: home.user_id }),
  })
}

/** A model may live in another app that the caller may look into. */
export const appOfModel = async (
  { appId, userId }: Pick<Model, 'appId' | 'userId'>,
  path: string,
  app: AppInUse,
  call: Call,
  deps: Deps,
): Promise<AppInUse> => {
  const address = create(UserAppIDSetSchema, { userId: userId || app.user_id, appId: appId || app.id })
  const found = await attemptAsync(() => findApp(deps, call, address, 'readModels'))
  if (found.ok) return found.value
  throw new ApiError(StatusCode.MODEL_DOES_NOT_EXIST, `${path}.app_id: ${found.error.details}`, { cause: found.error })
}
