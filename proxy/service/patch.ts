import { create } from '@bufbuild/protobuf'
import { type Annotation, DataSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { bareStatus } from '#proxy/service/annotations/annotationForm.ts'
import { keepPayload, mergeData, overwriteData, removeData } from '#proxy/service/annotations/patchData.ts'
import { ApiError } from './apiError.ts'
import { mergeStruct, removeFromStruct } from './patchStruct.ts'

export type PatchAction = 'merge' | 'overwrite' | 'remove'

/** @throws ApiError CONN_INVALID_REQUEST for any other word */
export const patchAction = (word: string): PatchAction => {
  if (word === 'merge' || word === 'overwrite' || word === 'remove') return word
  throw new ApiError(
    StatusCode.CONN_INVALID_REQUEST,
    `action: ${JSON.stringify(word)}, must be merge, overwrite or remove`,
  )
}

/**
 * A stored annotation with a sent one applied: pure, both in stored form. What is absent in `sent` stays. Never changed:
 * ids, input, times, input_level, who made it, trusted. `path` leads to `sent` in the request.
 * @throws ApiError ANNOTATION_INVALID_ARGUMENT when there would be a second region or frame
 */
export const patched = (stored: Annotation, sent: Annotation, action: PatchAction, path: string): Annotation => ({
  ...stored,
  ...(sent.data && { data: patchedData(stored, sent, action, path) }),
  ...(sent.status?.code && { status: bareStatus(sent.status.code) }),
  ...(sent.annotationInfo && { annotationInfo: patchedStruct(stored.annotationInfo, sent.annotationInfo, action) }),
  ...(sent.consensusInfo && { consensusInfo: patchedStruct(stored.consensusInfo, sent.consensusInfo, action) }),
  ...(sent.taskId && { taskId: sent.taskId }),
  ...(sent.embedModelVersionId && { embedModelVersionId: sent.embedModelVersionId }),
})

const patchedData = (stored: Annotation, sent: Annotation, action: PatchAction, path: string) => {
  const data = sent.data!
  switch (action) {
    case 'merge': {
      const merged = mergeData(stored.data, data, `${path}.data`)
      return stored.inputLevel ? keepPayload(merged, stored.data ?? create(DataSchema)) : merged
    }
    case 'overwrite':
      return overwriteData(stored.data, data, stored.inputLevel)
    case 'remove':
      return removeData(stored.data, data)
  }
}

const patchedStruct = (
  stored: Annotation['annotationInfo'],
  sent: NonNullable<Annotation['annotationInfo']>,
  action: PatchAction,
) => {
  switch (action) {
    case 'merge':
      return mergeStruct(stored, sent)
    case 'overwrite':
      return sent
    case 'remove':
      return removeFromStruct(stored, sent)
  }
}
