import type { Model } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { newestVersions, type ThingRow, thingById, type VersionRow, versionById } from '#proxy/store/models.ts'
import type { Db } from '#proxy/store/open.ts'
import { modelMessage } from './modelMessages.ts'

/** @throws ApiError MODEL_DOES_NOT_EXIST; `field` is its name in the request */
export const modelRow = async (db: Db, app: AppInUse, id: string, field = 'model_id'): Promise<ThingRow> => {
  const row = await thingById(db, 'model', app.no, id)
  if (!row) throw new ApiError(StatusCode.MODEL_DOES_NOT_EXIST, `${field}: the app has no model "${id}"`)
  return row
}

/** @throws ApiError MODEL_DOES_NOT_EXIST for one that is deleted or another model's */
export const modelVersionRow = async (
  db: Db,
  model: ThingRow,
  id: string,
  field = 'version_id',
): Promise<VersionRow> => {
  const row = await versionById(db, 'model', model.app, id)
  if (row?.deleted_at !== null || row.parent !== model.no)
    throw new ApiError(StatusCode.MODEL_DOES_NOT_EXIST, `${field}: model "${model.id}" has no version "${id}"`)
  return row
}

/** The version that is named, or the newest one; undefined when there is none. @throws ApiError as above */
export const versionMeant = async (db: Db, model: ThingRow, id: string, field?: string) =>
  id ? modelVersionRow(db, model, id, field) : (await newestVersions(db, 'model', [model.no])).get(model.no)?.newest

/** Models as they go out, with their newest versions. */
export const readableModels = async (db: Db, rows: readonly ThingRow[], apps: readonly AppInUse[]) => {
  const byNo = new Map(apps.map((app) => [app.no, app]))
  const versions = await newestVersions(
    db,
    'model',
    rows.map(({ no }) => no),
  )
  return rows.map((row): Model => {
    const { newest, count = 0 } = versions.get(row.no) ?? {}
    return modelMessage(row, byNo.get(row.app)!, newest, count)
  })
}
