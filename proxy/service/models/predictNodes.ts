import { fromBinary, type JsonObject } from '@bufbuild/protobuf'
import type { Data, Model, OutputConfig, WorkflowNode } from '#gen/proto/clarifai/api/resources_pb.ts'
import { ModelVersionSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { type Attempt, attemptAsync } from '#proxy/service/attempt.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { appOfModel } from '#proxy/service/workflows/workflowNodes.ts'
import { type Endpoint, endpointOf } from './modelEndpoint.ts'
import { modelMessage } from './modelMessages.ts'
import { modelRow, versionMeant } from './modelReading.ts'
import { checkedParts, fillConcepts, nameAnswer, type Part } from './predictAnswer.ts'
import { askEndpoint } from './predictEndpoint.ts'
import { PredictionFailed } from './predictFailure.ts'
import { applyOutputConfig, paramsOf } from './predictOptions.ts'
import type { Subject } from './predictSubject.ts'

/** A model version that can be asked. */
export interface Runnable {
  readonly model: Model
  readonly endpoint: Endpoint
  readonly params: JsonObject
  readonly config: OutputConfig | undefined
  /** Where the concepts of its answers live. */
  readonly home: Pick<AppInUse, 'id' | 'user_id'>
}

/** What a node answered, whole and by annotations. */
export interface Answer {
  readonly data: Data
  readonly parts: readonly Part[]
}

/** The model version that is named, or the newest, with its endpoint. @throws ApiError MODEL_DOES_NOT_EXIST, MODEL_NOT_DEPLOYED */
export const runnableModel = async (
  home: AppInUse,
  modelId: string,
  versionId: string,
  deps: Deps,
  field = 'model_id',
): Promise<Runnable> => {
  const row = await modelRow(deps.store.read, home, modelId, field)
  const version = await versionMeant(deps.store.read, row, versionId)
  const message = version && fromBinary(ModelVersionSchema, version.message)
  const endpoint = message && endpointOf(message)
  if (!endpoint) {
    const what = version ? `version "${version.id}" of model "${modelId}"` : `model "${modelId}"`
    throw new ApiError(
      StatusCode.MODEL_NOT_DEPLOYED,
      `${field}: ${what} has no endpoint (model_version.metadata.marquee.endpoint)`,
    )
  }
  const model = modelMessage(row, home, version, 0)
  const { outputInfo } = message
  return { model, endpoint, params: paramsOf(outputInfo), config: outputInfo?.outputConfig, home }
}

/** Asks one model about one input. @throws PredictionFailed */
export const predict = async (
  { model, endpoint, params, config, home }: Runnable,
  subject: Subject,
  nodeInputs: readonly { readonly nodeId: string; readonly data: Data }[],
  deps: Deps,
  signal: AbortSignal,
): Promise<Answer> => {
  const data = await askEndpoint(endpoint, { subject, model, params, nodeInputs }, deps, signal)
  applyOutputConfig(data, config)
  nameAnswer(data, { modelVersionId: model.modelVersion!.id, inputId: subject.id })
  const parts = checkedParts(data, deps.limits)
  fillConcepts(data, home)
  return { data, parts }
}

/** Who runs a workflow, and where. */
export interface RunContext {
  readonly app: AppInUse
  readonly call: Call
  readonly deps: Deps
  readonly signal: AbortSignal
}

/**
 * Runs nodes one after the other, in running order. Each model gets the input and what the nodes it takes its input from
 * answered; a node whose sources failed is not run. Failures are values: other nodes go on.
 */
export async function* runNodes(
  nodes: readonly WorkflowNode[],
  subject: Subject,
  context: RunContext,
): AsyncGenerator<{ readonly node: WorkflowNode; readonly model: Model; readonly answer: Attempt<Answer> }> {
  const answers = new Map<string, Attempt<Answer>>()
  for (const node of nodes) {
    let model = node.model!
    const answer = await attemptAsync(async () => {
      const nodeInputs = node.nodeInputs.map(({ nodeId }) => ({ nodeId, data: dataOf(nodeId, answers.get(nodeId)) }))
      const runnable = await runnableNode(node, context)
      model = runnable.model
      return predict(runnable, subject, nodeInputs, context.deps, context.signal)
    })
    answers.set(node.id, answer)
    yield { node, model, answer }
  }
}

const dataOf = (nodeId: string, answer: Attempt<Answer> | undefined): Data => {
  if (answer?.ok) return answer.value.data
  const cause = answer?.error
  throw new PredictionFailed(
    `not run, since node "${nodeId}" failed`,
    cause instanceof PredictionFailed && cause.mayPass,
    {
      cause,
    },
  )
}

const runnableNode = async ({ id, model, outputInfoOverride }: WorkflowNode, { app, call, deps }: RunContext) => {
  const field = `node "${id}"`
  const home = await appOfModel(model!, field, app, call, deps)
  const runnable = await runnableModel(home, model!.id, model!.modelVersion?.id ?? '', deps, field)
  return { ...runnable, home: app, params: { ...runnable.params, ...paramsOf(outputInfoOverride) } }
}
