import { create } from '@bufbuild/protobuf'
import {
  type Annotation,
  type Data,
  type Image,
  ImageInfoSchema,
  ImageSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { invalid } from '#proxy/service/validate.ts'
import { masksOf } from './annotationParts.ts'
import { maskFacts, unwrapImage } from './maskImage.ts'

/** How a stored mask names the blob its bytes live in. Never leaves the server. */
const scheme = 'sha256:'

export const hashOfAddress = (address: string): string | undefined =>
  address.startsWith(scheme) ? address.slice(scheme.length) : undefined

/**
 * Brings the masks of `data` into the form they are stored in: bytes as received but for unwrapped base64 text, size
 * and format beside them, bytes over the inline limit in a blob that is durable when this resolves (decisions §21).
 * Changes `data`. Call it before a transaction, never inside.
 * @throws ApiError ANNOTATION_INVALID_ARGUMENT when a mask is no picture, broken or over the limits
 */
export const storeMasks = async (data: Data | undefined, path: string, deps: Deps): Promise<void> => {
  for (const [image, at] of masksOf(data, path)) {
    const stored = await storedMask(image, at, deps)
    Object.assign(image, create(ImageSchema), stored)
  }
}

const storedMask = async (image: Image, path: string, { blobs, limits }: Deps): Promise<Image> => {
  const field = `${path}.base64`
  if (image.base64.length === 0) throw invalid(field, 'required: a PNG or JPEG')
  const bytes = unwrapImage(image.base64)
  if (!bytes) throw invalid(field, 'no PNG or JPEG, nor base64 text of one')
  const facts = maskFacts(bytes)
  if (!facts) throw invalid(field, 'the picture is broken or cut off')
  if (bytes.length > limits.maskBytes) throw invalid(field, `more than ${limits.maskBytes} bytes`)
  if (facts.width * facts.height > limits.maskPixels) throw invalid(field, `more than ${limits.maskPixels} pixels`)
  const imageInfo = create(ImageInfoSchema, { width: facts.width, height: facts.height, format: facts.format })
  if (bytes.length <= limits.inlineBytes) return create(ImageSchema, { base64: bytes, imageInfo })
  return create(ImageSchema, { url: `${scheme}${(await blobs.put(bytes)).hash}`, imageInfo })
}

/** Puts the bytes of masks back that live in blobs. Changes the annotations. */
export const loadMasks = async (annotations: readonly Annotation[], deps: Deps): Promise<void> => {
  const away = annotations.flatMap((annotation) =>
    masksOf(annotation.data).flatMap(([image]) => {
      const hash = hashOfAddress(image.url)
      return hash ? [{ image, hash }] : []
    }),
  )
  await Promise.all(
    away.map(async ({ image, hash }) => {
      image.base64 = await deps.blobs.get(hash)
      image.url = ''
    }),
  )
}
