import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { type Model, ModelSchema, ModelVersionSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { MultiModelResponseSchema, SingleModelResponseSchema, type V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkBatch } from '#proxy/service/paging.ts'
import { patchAction } from '#proxy/service/patch.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { ok } from '#proxy/service/status.ts'
import { deprecateWorkflows } from '#proxy/service/workflows/workflowDeprecation.ts'
import { lockApp } from '#proxy/store/apps.ts'
import { type ThingRow, thingById, thingsOf, versionById } from '#proxy/store/models.ts'
import type { Db } from '#proxy/store/open.ts'
import { listSomeModels } from './modelList.ts'
import { checkModel, modelMessage, modelToStore, versionToStore } from './modelMessages.ts'
import { patchedModel } from './modelPatch.ts'
import { modelRow, modelVersionRow, readableModels } from './modelReading.ts'
import { thingWriter } from './modelWrites.ts'

/** All or none: a model of the answer has no status of its own. The answer is the first one. */
const postModels: MethodImpl<typeof V2.method.postModels> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addModels')
  const old = request.models.length === 0 && request.model ? [request.model] : []
  const asked = [...request.models, ...old]
  checkBatch(asked, 'models', deps.limits.batch)
  const drafts = asked.map((model, i) => draftOf(model, `models[${i}]`, deps))
  const rows = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const made: ThingRow[] = []
    for (const draft of drafts) made.push(await add(tx, app, draft, deps))
    return made
  })
  const [model] = await readableModels(deps.store.write, rows.slice(0, 1), [app])
  return create(SingleModelResponseSchema, { status: ok(call), model: model! })
}

const draftOf = (asked: Model, path: string, deps: Deps) => ({
  path,
  model: modelToStore(asked, path, deps),
  version: asked.modelVersion && versionToStore(asked.modelVersion, `${path}.model_version`, deps),
})

const add = async (
  tx: Db,
  app: AppInUse,
  { path, model, version }: ReturnType<typeof draftOf>,
  deps: Deps,
): Promise<ThingRow> => {
  if (await thingById(tx, 'model', app.no, model.id))
    throw new ApiError(StatusCode.DATABASE_DUPLICATE_KEY, `${path}.id: the app has a model "${model.id}" already`)
  const writer = thingWriter(tx, 'model', app, deps)
  const no = await writer.add(model.id, toBinary(ModelSchema, model))
  if (version) {
    if (await versionById(tx, 'model', app.no, version.id)) throw takenVersion(`${path}.model_version`, version.id)
    await writer.addVersion(no, version.id, toBinary(ModelVersionSchema, version))
  }
  return (await thingById(tx, 'model', app.no, model.id))!
}

export const takenVersion = (path: string, id: string): ApiError =>
  new ApiError(StatusCode.DATABASE_DUPLICATE_KEY, `${path}.id: there is or was a version "${id}" in this app`)

/** With its newest version, or the one that is named. @throws ApiError MODEL_DOES_NOT_EXIST */
const getModel: MethodImpl<typeof V2.method.getModel> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readModels')
  const row = await modelRow(deps.store.read, app, request.modelId)
  const [newest] = await readableModels(deps.store.read, [row], [app])
  const model = request.versionId
    ? modelMessage(row, app, await modelVersionRow(deps.store.read, row, request.versionId), newest!.versionCount)
    : newest!
  return create(SingleModelResponseSchema, { status: ok(call), model })
}

/** What is absent or empty stays. All or none. @throws ApiError MODEL_DOES_NOT_EXIST */
const patchModels: MethodImpl<typeof V2.method.patchModels> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addModels')
  checkBatch(request.models, 'models', deps.limits.batch)
  const action = patchAction(request.action)
  const rows = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const done: ThingRow[] = []
    for (const [i, sent] of request.models.entries()) {
      const row = await modelRow(tx, app, sent.id, `models[${i}].id`)
      const model = patchedModel(fromBinary(ModelSchema, row.message), sent, action)
      checkModel(model, `models[${i}]`)
      await thingWriter(tx, 'model', app, deps).change(row, toBinary(ModelSchema, model))
      done.push((await thingById(tx, 'model', app.no, sent.id))!)
    }
    return done
  })
  const models = await readableModels(deps.store.write, rows, [app])
  return create(MultiModelResponseSchema, { status: ok(call), models })
}

/** Softly, with its versions; what they annotated stays. @throws ApiError MODEL_DOES_NOT_EXIST */
const deleteModel: MethodImpl<typeof V2.method.deleteModel> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteModels')
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    await remove(tx, app, [await modelRow(tx, app, request.modelId)], deps)
  })
  return create(BaseResponseSchema, { status: ok(call) })
}

/** All of them at once; those that are not there are passed over. `delete_all`: every model of the app. */
const deleteModels: MethodImpl<typeof V2.method.deleteModels> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteModels')
  if (!request.deleteAll) checkBatch(request.ids, 'ids', deps.limits.batch)
  const ids = new Set(request.ids)
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const rows = await thingsOf(tx, 'model', [app.no])
    await remove(tx, app, request.deleteAll ? rows : rows.filter(({ id }) => ids.has(id)), deps)
  })
  return create(BaseResponseSchema, { status: ok(call) })
}

const remove = async (tx: Db, app: AppInUse, rows: readonly ThingRow[], deps: Deps): Promise<void> => {
  for (const row of rows) await thingWriter(tx, 'model', app, deps).remove(row)
  const gone = new Set(rows.map(({ id }) => id))
  await deprecateWorkflows(tx, app, (model) => gone.has(model.id), deps)
}

export const modelMethods = {
  postModels,
  getModel,
  listModels: listSomeModels,
  patchModels,
  deleteModel,
  deleteModels,
} satisfies V2Methods
