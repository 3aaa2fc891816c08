import { create, type JsonObject } from '@bufbuild/protobuf'
import { type Dataset, DatasetSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from './apiError.ts'
import type { Deps } from './deps.ts'
import { checkName } from './names.ts'
import { mergeStruct } from './patchStruct.ts'

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
