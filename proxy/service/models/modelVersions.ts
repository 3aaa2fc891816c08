import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { ModelVersionSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  MultiModelVersionResponseSchema,
  SingleModelResponseSchema,
  SingleModelVersionResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkBatch, itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { patchAction } from '#proxy/service/patch.ts'
import { findApp } from '#proxy/service/people/access.ts'
import { ok } from '#proxy/service/status.ts'
import { deprecateWorkflows } from '#proxy/service/workflows/workflowDeprecation.ts'
import { lockApp } from '#proxy/store/apps.ts'
import { listVersions, thingById, type VersionRow, versionById } from '#proxy/store/models.ts'
import { checkVersion, versionMessage, versionToStore } from './modelMessages.ts'
import { patchedVersion } from './modelPatch.ts'
import { modelRow, modelVersionRow, readableModels } from './modelReading.ts'
import { takenVersion } from './models.ts'
import { thingWriter } from './modelWrites.ts'

/**
 * Registers versions of a model that was made elsewhere. All or none; the answer is the model with the last of them.
 * Nothing is trained here, so a call without versions, which would train one, is refused.
 */
const postModelVersions: MethodImpl<typeof V2.method.postModelVersions> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addModels')
  checkBatch(request.modelVersions, 'model_versions', deps.limits.batch)
  const drafts = request.modelVersions.map((asked, i) => versionToStore(asked, `model_versions[${i}]`, deps))
  for (const draft of drafts) draft.description ||= request.description
  const row = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const model = await modelRow(tx, app, request.modelId)
    const writer = thingWriter(tx, 'model', app, deps)
    for (const [i, version] of drafts.entries()) {
      if (await versionById(tx, 'model', app.no, version.id)) throw takenVersion(`model_versions[${i}]`, version.id)
      await writer.addVersion(model.no, version.id, toBinary(ModelVersionSchema, version))
    }
    await writer.change(model, model.message) // Model.modified_at is when its newest version came
    return (await thingById(tx, 'model', app.no, model.id))!
  })
  const [model] = await readableModels(deps.store.write, [row], [app])
  return create(SingleModelResponseSchema, { status: ok(call), model: model! })
}

const getModelVersion: MethodImpl<typeof V2.method.getModelVersion> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readModels')
  const model = await modelRow(deps.store.read, app, request.modelId)
  const row = await modelVersionRow(deps.store.read, model, request.versionId)
  return create(SingleModelVersionResponseSchema, { status: ok(call), modelVersion: versionMessage(row, app) })
}

/** Newest first unless they are to ascend. @throws ApiError NOT_IMPLEMENTED for filters about training and replicas */
const listModelVersions: MethodImpl<typeof V2.method.listModelVersions> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readModels')
  if (request.conceptIds.length > 0 || request.minReplicas > 0)
    throw new ApiError(StatusCode.NOT_IMPLEMENTED, 'concept_ids, min_replicas: this server does not know these')
  const model = await modelRow(deps.store.read, app, request.modelId)
  const page = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const direction = request.sortAscending ? 'asc' : 'desc'
  const rows = await listVersions(deps.store.read, 'model', model.no, page, direction)
  const modelVersions = rows.map((row) => versionMessage(row, app))
  return create(MultiModelVersionResponseSchema, { status: ok(call), modelVersions })
}

/** Descriptions, metadata (the endpoint is there), output_info. What is absent stays. All or none. */
const patchModelVersions: MethodImpl<typeof V2.method.patchModelVersions> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addModels')
  checkBatch(request.modelVersions, 'model_versions', deps.limits.batch)
  const action = patchAction(request.action)
  const rows = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const model = await modelRow(tx, app, request.modelId)
    const done: VersionRow[] = []
    for (const [i, sent] of request.modelVersions.entries()) {
      const path = `model_versions[${i}]`
      const row = await modelVersionRow(tx, model, sent.id, `${path}.id`)
      const version = patchedVersion(fromBinary(ModelVersionSchema, row.message), sent, action)
      checkVersion(version, path, deps)
      await thingWriter(tx, 'model', app, deps).changeVersion(row, toBinary(ModelVersionSchema, version))
      done.push((await versionById(tx, 'model', app.no, sent.id))!)
    }
    return done
  })
  const modelVersions = rows.map((row) => versionMessage(row, app))
  return create(MultiModelVersionResponseSchema, { status: ok(call), modelVersions })
}

/** Softly; its id stays taken, what it annotated stays. @throws ApiError MODEL_DOES_NOT_EXIST */
const deleteModelVersion: MethodImpl<typeof V2.method.deleteModelVersion> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteModels')
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const model = await modelRow(tx, app, request.modelId)
    await thingWriter(tx, 'model', app, deps).removeVersion(await modelVersionRow(tx, model, request.versionId))
    await deprecateWorkflows(tx, app, (used) => used.modelVersion?.id === request.versionId, deps)
  })
  return create(BaseResponseSchema, { status: ok(call) })
}

export const modelVersionMethods = {
  postModelVersions,
  getModelVersion,
  listModelVersions,
  patchModelVersions,
  deleteModelVersion,
} satisfies V2Methods
