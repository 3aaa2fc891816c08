import { create, type JsonObject } from '@bufbuild/protobuf'
import {
  type Dataset,
  DatasetSchema,
  type DatasetVersion,
  DatasetVersionSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { checkName } from '#proxy/service/names.ts'
import { mergeStruct } from '#proxy/service/patchStruct.ts'

/** A dataset as it is stored, what the server fills left out. @throws ApiError naming the field */
export const normalDataset = (asked: Dataset, path: string, deps: Deps): Dataset => {
  const id = asked.id || deps.newId()
  checkName(`${path}.id`, id)
  refuseUnsupported(asked, path)
  return checked({ ...kept(asked), id }, path)
}

/** `sent` laid over `stored`: what is absent or empty stays; metadata is merged or replaced. */
export const patchedDataset = (
  stored: Dataset,
  sent: Dataset,
  path: string,
  action: 'merge' | 'overwrite',
): Dataset => {
  refuseUnsupported(sent, path)
  const after = { ...kept(stored), ...kept(sent), id: stored.id }
  if (sent.metadata && action === 'merge') after.metadata = mergeStruct(stored.metadata, sent.metadata)
  return checked(after, path)
}

type Kept = Partial<Omit<Dataset, '$typeName' | '$unknown'>> & { metadata?: JsonObject }

/** The fields people set, where they are set. */
const kept = (asked: Dataset): Kept => ({
  ...(asked.description && { description: asked.description }),
  ...(asked.notes && { notes: asked.notes }),
  ...(asked.metadata && { metadata: asked.metadata }),
  ...(asked.visibility && { visibility: asked.visibility }),
  ...(asked.defaultAnnotationFilter && { defaultAnnotationFilter: asked.defaultAnnotationFilter }),
  ...(asked.defaultProcessingInfo && { defaultProcessingInfo: asked.defaultProcessingInfo }),
})

const textBytes = 64 * 1024 // api.md §8, notes

const checked = (fields: Kept, path: string): Dataset => {
  for (const field of ['description', 'notes'] as const)
    if (Buffer.byteLength(fields[field] ?? '') > textBytes)
      throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}.${field}: longer than ${textBytes} bytes`)
  if (Buffer.byteLength(JSON.stringify(fields.metadata ?? {})) > textBytes)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}.metadata: larger than ${textBytes} bytes`)
  return create(DatasetSchema, fields)
}

/** Ignored, these would look as if they had been stored. @throws ApiError NOT_IMPLEMENTED */
const refuseUnsupported = (asked: Dataset, path: string): void => {
  for (const field of ['image', 'bookmarkOrigin'] as const)
    if (asked[field]) {
      const name = field === 'image' ? 'image' : 'bookmark_origin'
      throw new ApiError(StatusCode.NOT_IMPLEMENTED, `${path}.${name}: datasets have none here`)
    }
}

/** A version as it is stored, what the server fills left out. @throws ApiError naming the field */
export const normalVersion = (asked: DatasetVersion, path: string, deps: Deps): DatasetVersion => {
  const id = asked.id || deps.newId()
  checkName(`${path}.id`, id)
  for (const [field, isSet] of [
    ['model_predict_config', asked.dataConfig.case === 'modelPredictConfig'],
    ['processing_info', asked.processingInfo !== undefined],
    ['embed_model_version_ids', asked.embedModelVersionIds.length > 0],
  ] as const)
    if (isSet)
      throw new ApiError(StatusCode.NOT_IMPLEMENTED, `${path}.${field}: versions hold what people have finished`)
  const { description, metadata, visibility, dataConfig } = asked
  const version = create(DatasetVersionSchema, {
    id,
    description,
    dataConfig,
    ...(metadata && { metadata }),
    ...(visibility && { visibility }),
  })
  checkVersion(version, path)
  return version
}

/** What is absent or empty stays. */
export const patchedVersion = (stored: DatasetVersion, sent: DatasetVersion, path: string): DatasetVersion => {
  if (sent.dataConfig.case)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}: what a version holds cannot be changed`)
  const version = create(DatasetVersionSchema, {
    ...stored,
    ...(sent.description && { description: sent.description }),
    ...(sent.metadata && { metadata: sent.metadata }),
    ...(sent.visibility && { visibility: sent.visibility }),
  })
  checkVersion(version, path)
  return version
}

const checkVersion = ({ description, metadata }: DatasetVersion, path: string): void => {
  if (Buffer.byteLength(description) > textBytes)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}.description: longer than ${textBytes} bytes`)
  if (Buffer.byteLength(JSON.stringify(metadata ?? {})) > textBytes)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}.metadata: larger than ${textBytes} bytes`)
}
