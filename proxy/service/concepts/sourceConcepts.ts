import { fromBinary } from '@bufbuild/protobuf'
import {
  type Concept,
  type ConceptQuery,
  type Model,
  ModelVersionSchema,
  type Workflow,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { modelRow, versionMeant } from '#proxy/service/models/modelReading.ts'
import { type AppInUse, checkAction } from '#proxy/service/people/access.ts'
import { workflowMessage, workflowRow, workflowVersionRow } from '#proxy/service/workflows/workflowMessages.ts'
import { appOfModel } from '#proxy/service/workflows/workflowNodes.ts'

// What a model says it knows stands in `output_info.data.concepts` of its version; a workflow knows what its models do.

/**
 * The concepts of the model or workflow a query names, in its order; undefined when it names none. The newest version
 * unless one is said. @throws ApiError MODEL_DOES_NOT_EXIST, WORKFLOW_DOES_NOT_EXIST, CONN_INSUFFICIENT_SCOPES
 */
export const sourceConcepts = async (
  { source, workflowId }: ConceptQuery,
  app: AppInUse,
  call: Call,
  deps: Deps,
): Promise<Concept[] | undefined> => {
  if (source.case === 'model') return ofModel(source.value, 'concept_query.model', app, call, deps)
  if (source.case === 'workflow') return ofWorkflow(source.value, 'concept_query.workflow.id', app, call, deps)
  return workflowId ? ofWorkflow({ id: workflowId }, 'concept_query.workflow_id', app, call, deps) : undefined
}

const ofModel = async (model: Model, field: string, app: AppInUse, call: Call, deps: Deps): Promise<Concept[]> => {
  checkAction(app, 'readModels')
  const home = await appOfModel(model, field, app, call, deps)
  const row = await modelRow(deps.store.read, home, model.id, `${field}.id`)
  const version = await versionMeant(deps.store.read, row, model.modelVersion?.id ?? '', `${field}.model_version.id`)
  return version ? (fromBinary(ModelVersionSchema, version.message).outputInfo?.data?.concepts ?? []) : []
}

const ofWorkflow = async (
  { id, version }: Pick<Workflow, 'id' | 'version'>,
  field: string,
  app: AppInUse,
  call: Call,
  deps: Deps,
): Promise<Concept[]> => {
  checkAction(app, 'readWorkflows')
  const row = await workflowRow(deps.store.read, app, id, field)
  const { nodes } = workflowMessage(row, app, await workflowVersionRow(deps.store.read, row, version?.id ?? ''))
  const found: Concept[] = []
  for (const { id: node, model, outputInfoOverride } of nodes) {
    const own = outputInfoOverride?.data?.concepts ?? []
    if (own.length > 0) found.push(...own)
    else if (model) found.push(...(await ofModel(model, `node "${node}"`, app, call, deps)))
  }
  return found
}
