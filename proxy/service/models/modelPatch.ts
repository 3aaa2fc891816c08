import { isFieldSet } from '@bufbuild/protobuf'
import { type Model, ModelSchema, type ModelVersion, ModelVersionSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { PatchAction } from '#proxy/service/patch.ts'
import { mergeStruct, removeFromStruct } from '#proxy/service/patchStruct.ts'

type Struct = NonNullable<Model['metadata']>

/** A Struct with a sent one applied as the action says; absent stays. */
export const patchedStruct = (
  stored: Struct | undefined,
  sent: Struct | undefined,
  action: PatchAction,
): Struct | undefined => {
  if (!sent) return stored
  switch (action) {
    case 'merge':
      return mergeStruct(stored, sent)
    case 'overwrite':
      return sent
    case 'remove':
      return removeFromStruct(stored, sent)
  }
}

/** A list of words: merged = united, removed = without what was sent; an empty one says nothing. */
const patchedWords = (stored: readonly string[], sent: readonly string[], action: PatchAction): string[] => {
  if (sent.length === 0) return [...stored]
  switch (action) {
    case 'merge':
      return [...new Set([...stored, ...sent])]
    case 'overwrite':
      return [...sent]
    case 'remove':
      return stored.filter((word) => !sent.includes(word))
  }
}

const modelTexts = ['name', 'description', 'notes', 'task', 'visibility', 'licenseType', 'source', 'creator'] as const
const modelWords = ['toolkits', 'useCases', 'languages', 'checkConsents'] as const
const modelStructs = ['metadata', 'presets'] as const

/** What is absent in `sent` stays; `model_type_id` is for all versions and never changes (RP:Model). */
export const patchedModel = (stored: Model, sent: Model, action: PatchAction): Model => {
  const model = { ...stored }
  if (action !== 'remove')
    for (const field of modelTexts)
      if (isFieldSet(sent, ModelSchema.field[field])) Object.assign(model, { [field]: sent[field] })
  for (const field of modelWords) model[field] = patchedWords(stored[field], sent[field], action)
  for (const field of modelStructs) {
    const struct = patchedStruct(stored[field], sent[field], action)
    if (struct) model[field] = struct
  }
  return model
}

const versionTexts = ['description', 'license', 'visibility', 'outputInfo', 'inputInfo'] as const

export const patchedVersion = (stored: ModelVersion, sent: ModelVersion, action: PatchAction): ModelVersion => {
  const version = { ...stored }
  if (action !== 'remove')
    for (const field of versionTexts)
      if (isFieldSet(sent, ModelVersionSchema.field[field])) Object.assign(version, { [field]: sent[field] })
  const metadata = patchedStruct(stored.metadata, sent.metadata, action)
  if (metadata) version.metadata = metadata
  return version
}
