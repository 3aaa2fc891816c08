import type { Annotation, Image } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { Mask } from '#geometry/shape.ts'
import { maskFromPng } from '#model/maskPng.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { hashOfAddress } from './annotationMasks.ts'
import { masksOf } from './annotationParts.ts'

/** What is inside of masks that live in blobs, by hash: read before a transaction, asked for within it. */
const known = new Map<string, Mask | undefined>()
const mostKnown = 2_000

/** Reads the masks of these that live in blobs. Call it before a transaction, never inside. */
export const readMasks = async (annotations: readonly Annotation[], { blobs }: Pick<Deps, 'blobs'>): Promise<void> => {
  for (const annotation of annotations)
    for (const [image] of masksOf(annotation.data)) {
      const hash = hashOfAddress(image.url)
      if (hash === undefined || known.has(hash)) continue
      if (known.size >= mostKnown) known.delete(known.keys().next().value!)
      known.set(hash, decoded(await blobs.get(hash), image))
    }
}

/** Undefined for a mask that is empty, cannot be read, or was not read yet. */
export const pixelsOf = (image: Image): Mask | undefined => {
  const hash = hashOfAddress(image.url)
  return hash === undefined ? decoded(image.base64, image) : known.get(hash)
}

const decoded = (bytes: Uint8Array, { imageInfo }: Image): Mask | undefined => {
  if (!imageInfo) return undefined
  try {
    return maskFromPng(bytes, { width: imageInfo.width, height: imageInfo.height })
  } catch (error) {
    // a JPEG, or a PNG of a kind we do not read: told apart only as a whole
    if (error instanceof RangeError) return undefined
    throw error
  }
}
