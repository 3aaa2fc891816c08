import { clone, create, fromBinary } from '@bufbuild/protobuf'
import {
  type Data,
  DataSchema,
  type ImageInfo,
  ImageInfoSchema,
  type Input,
  InputSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { sniffType } from '#proxy/media/fileType.ts'
import { ImageRefused } from '#proxy/media/imageRefused.ts'
import { readImage } from '#proxy/media/images.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { download } from '#proxy/service/download.ts'
import { type InputKind, type SentPayload, sentPayload } from '#proxy/service/inputs/inputPayload.ts'
import { hostedMedia } from '#proxy/service/inputs/media.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import type { InputRow } from '#proxy/store/inputs.ts'

/** An input as a runner is told of it: the oriented picture, of which coordinates are fractions (decisions §22). */
export interface Subject {
  /** Empty for what is not stored. */
  readonly id: string
  readonly kind: InputKind
  /** Whole and signed; undefined for what is not stored. */
  readonly url: string | undefined
  readonly imageInfo: ImageInfo | undefined
  bytes(): Promise<Uint8Array>
}

/** A stored input. */
export const storedSubject = (row: InputRow, app: AppInUse, deps: Deps): Subject => {
  const { prefix, suffix } = hostedMedia(deps, app.user_id, app.id, row.id)
  const hash = row.kind === 'image' ? (row.display ?? row.original) : row.original
  const { imageInfo } = fromBinary(InputSchema, row.message).data?.image ?? {}
  return {
    id: row.id,
    kind: row.kind,
    url: `${prefix}/${row.kind === 'image' ? 'large' : 'orig'}/${suffix}`,
    imageInfo,
    bytes: () => deps.blobs.get(hash!),
  }
}

/** Bytes or an address that came with the request and are not stored. @throws ApiError of the item */
export const sentSubject = async (input: Input, path: string, deps: Deps, signal: AbortSignal): Promise<Subject> => {
  const sent = sentPayload(input.data, `${path}.data`)
  const field = `${path}.data.${sent.kind}`
  const received = await bytesOf(sent, field, deps, signal)
  const { bytes, imageInfo } =
    sent.kind === 'image'
      ? await picture(received, field, deps)
      : { bytes: await ofKind(received, sent.kind, field), imageInfo: undefined }
  return { id: input.id, kind: sent.kind, url: undefined, imageInfo, bytes: async () => bytes }
}

const bytesOf = async ({ bytes, url }: SentPayload, field: string, deps: Deps, signal: AbortSignal) => {
  const { limits, settings } = deps
  const found =
    bytes ??
    (await download(url!, { mostBytes: limits.imageBytes, allowPrivate: settings.allowPrivateInputUrls, signal }).catch(
      (error: unknown) => {
        if (error instanceof ApiError) throw new ApiError(error.code, `${field}.${error.details}`, { cause: error })
        throw error
      },
    ))
  if (found.byteLength > limits.imageBytes)
    throw new ApiError(StatusCode.INPUT_OVER_LIMIT, `${field}: more than ${limits.imageBytes / 2 ** 20} MB`)
  return found
}

const refusals: Readonly<Record<ImageRefused['kind'], StatusCode>> = {
  unsupported: StatusCode.INPUT_UNSUPPORTED_FORMAT,
  corrupt: StatusCode.INPUT_FAILED,
  'over-limit': StatusCode.INPUT_OVER_LIMIT,
}

const picture = async (received: Uint8Array, field: string, { limits }: Deps) => {
  const { width, height, format, colorMode, display } = await readImage(received, limits).catch((error: unknown) => {
    if (error instanceof ImageRefused)
      throw new ApiError(refusals[error.kind], `${field}: ${error.message}`, { cause: error })
    throw error
  })
  return { bytes: display ?? received, imageInfo: create(ImageInfoSchema, { width, height, format, colorMode }) }
}

const ofKind = async (bytes: Uint8Array, kind: InputKind, field: string): Promise<Uint8Array> => {
  const type = await sniffType(bytes)
  if (type?.startsWith(`${kind}/`)) return bytes
  throw new ApiError(StatusCode.INPUT_UNSUPPORTED_FORMAT, `${field}: ${type ?? 'unknown content'} is no ${kind}`)
}

/** A posted input as answers echo it: without the bytes it came with. */
export const withoutBytes = (input: Input): Input => {
  const data: Data = input.data ? clone(DataSchema, input.data) : create(DataSchema)
  for (const kind of ['image', 'video', 'audio'] as const) if (data[kind]) data[kind].base64 = new Uint8Array()
  return create(InputSchema, { id: input.id, data })
}
