import { clone, create, fromBinary } from '@bufbuild/protobuf'
import { type Model, ModelSchema, type ModelVersion, ModelVersionSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { checkName } from '#proxy/service/names.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { itemStatus } from '#proxy/service/status.ts'
import { timestampOf } from '#proxy/service/time.ts'
import type { ThingRow, VersionRow } from '#proxy/store/models.ts'
import { checkEndpoint, withoutKey } from './modelEndpoint.ts'

const textBytes = 64 * 1024 // RP:Model.notes

/** What the server says of a model, whatever was sent. */
const modelFacts = [
  'createdAt',
  'modifiedAt',
  'appId',
  'userId',
  'modelVersion',
  'isStarred',
  'starCount',
  'bookmarkOrigin',
  'versionCount',
  'replicaCount',
] as const

const versionFacts = [
  'createdAt',
  'modifiedAt',
  'completedAt',
  'status',
  'activeConceptCount',
  'totalInputCount',
  'metrics',
  'appId',
  'userId',
  'trainLog',
] as const

/** A posted model in the form it is stored in. @throws ApiError MODEL_INVALID_ARGUMENT with the path of the field */
export const modelToStore = (asked: Model, path: string, deps: Deps): Model => {
  const model = clone(ModelSchema, asked)
  const empty = create(ModelSchema)
  for (const field of modelFacts) Object.assign(model, { [field]: empty[field] })
  model.id ||= deps.newId()
  model.name ||= model.id
  checkModel(model, path)
  return model
}

export const checkModel = (model: Model, path: string): void => {
  checkName(`${path}.id`, model.id, StatusCode.MODEL_INVALID_ARGUMENT)
  for (const field of ['name', 'description', 'notes', 'modelTypeId'] as const)
    checkSize(`${path}.${ModelSchema.field[field].name}`, model[field])
  for (const field of ['metadata', 'presets'] as const)
    checkSize(`${path}.${field}`, JSON.stringify(model[field] ?? {}))
}

/** The same for a version. A client may choose its id, which is then taken for ever. */
export const versionToStore = (asked: ModelVersion, path: string, deps: Deps): ModelVersion => {
  const version = clone(ModelVersionSchema, asked)
  const empty = create(ModelVersionSchema)
  for (const field of versionFacts) Object.assign(version, { [field]: empty[field] })
  version.id ||= deps.newId()
  checkVersion(version, path, deps)
  return version
}

export const checkVersion = (version: ModelVersion, path: string, deps: Deps): void => {
  checkName(`${path}.id`, version.id, StatusCode.MODEL_INVALID_ARGUMENT)
  checkSize(`${path}.description`, version.description)
  checkSize(`${path}.metadata`, JSON.stringify(version.metadata ?? {}))
  checkEndpoint(version.metadata, `${path}.metadata`, deps)
}

const checkSize = (path: string, text: string): void => {
  if (Buffer.byteLength(text) > textBytes)
    throw new ApiError(StatusCode.MODEL_INVALID_ARGUMENT, `${path}: longer than ${textBytes} bytes`)
}

type Place = Pick<AppInUse, 'id' | 'user_id'>

/** A version as it goes out. There is no training here: every version is a finished one. */
export const versionMessage = (row: VersionRow, app: Place): ModelVersion => {
  const version = fromBinary(ModelVersionSchema, row.message)
  const metadata = withoutKey(version.metadata)
  return Object.assign(version, {
    appId: app.id,
    userId: app.user_id,
    status: itemStatus(StatusCode.MODEL_TRAINED),
    createdAt: timestampOf(Number(row.created_at)),
    modifiedAt: timestampOf(Number(row.modified_at)),
    completedAt: timestampOf(Number(row.created_at)),
    ...(metadata && { metadata }),
  })
}

/** A model as it goes out, with one of its versions when it has any. */
export const modelMessage = (
  row: ThingRow,
  app: Place,
  version: VersionRow | undefined,
  versionCount: number,
): Model => {
  const model = fromBinary(ModelSchema, row.message)
  return Object.assign(model, {
    appId: app.id,
    userId: app.user_id,
    createdAt: timestampOf(Number(row.created_at)),
    modifiedAt: timestampOf(Number(row.modified_at)),
    versionCount,
    ...(version && { modelVersion: versionMessage(version, app) }),
  })
}
