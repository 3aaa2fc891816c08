import type { Data } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { sniffType } from '#proxy/media/fileType.ts'
import { ImageRefused } from '#proxy/media/imageRefused.ts'
import { type ReadImage, readImage } from '#proxy/media/images.ts'
import { type AudioFacts, readAudio, readVideo, type VideoFacts } from '#proxy/media/recordings.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { download } from '#proxy/service/download.ts'
import { beginTiles, keepFacts } from './pictures.ts'

export type InputKind = 'image' | 'video' | 'text' | 'audio'

/** What an input is made of, as it was sent. */
export interface SentPayload {
  readonly kind: InputKind
  /** Bytes that came along. */
  readonly bytes: Uint8Array | undefined
  /** Where to get them otherwise. */
  readonly url: string | undefined
  readonly allowDuplicateUrl: boolean
}

/** Bytes that are durable, and what is known of them. */
export interface StoredPayload {
  readonly original: string
  readonly display: string | null
  readonly image: Pick<ReadImage, 'format' | 'width' | 'height' | 'colorMode'> | undefined
  /** undefined: no video, or one whose container cannot be read. */
  readonly video: (VideoFacts & { readonly format: string }) | undefined
  readonly audio: (AudioFacts & { readonly format: string }) | undefined
  readonly text: TextFacts | undefined
}

export interface TextFacts {
  /** Of texts short enough to live in the message; else empty. */
  readonly raw: string
  /** As people count: code points. */
  readonly characters: number
}

const invalid = (path: string, what: string): ApiError =>
  new ApiError(StatusCode.INPUT_INVALID_ARGUMENT, `${path}: ${what}`)

/** @throws ApiError INPUT_INVALID_ARGUMENT unless there is exactly one of image, video, text and audio, with content */
export const sentPayload = (data: Data | undefined, path: string): SentPayload => {
  const kinds = (['image', 'video', 'text', 'audio'] as const).filter((kind) => data?.[kind])
  const [kind] = kinds
  if (!data || !kind || kinds.length > 1) throw invalid(path, 'needs exactly one of image, video, text, audio')
  const sent = kind === 'text' ? textBytes(data.text!) : data[kind]!
  const bytes = sent.base64.length > 0 ? sent.base64 : undefined
  const { url, allowDuplicateUrl } = sent
  if (!bytes && url === '') throw invalid(`${path}.${kind}`, `needs ${kind === 'text' ? 'raw' : 'base64'} or url`)
  return { kind, bytes, url: bytes ? undefined : url, allowDuplicateUrl }
}

const textBytes = (text: NonNullable<Data['text']>) => ({ ...text, base64: new TextEncoder().encode(text.raw) })

/** Gets, checks and stores the bytes. @throws ApiError of the item, saying why these bytes are no input */
export const storePayload = async (
  sent: SentPayload,
  path: string,
  deps: Deps,
  signal: AbortSignal,
): Promise<StoredPayload> => {
  const field = `${path}.${sent.kind}`
  const bytes = sent.bytes ?? (await fetched(sent.url!, field, deps, signal))
  if (bytes.byteLength > deps.limits.imageBytes)
    throw new ApiError(StatusCode.INPUT_OVER_LIMIT, `${field}: more than ${deps.limits.imageBytes / 2 ** 20} MB`)
  return sent.kind === 'image' ? storeImage(bytes, field, deps) : storeOther(sent.kind, bytes, field, deps)
}

const fetched = async (
  url: string,
  field: string,
  { limits, settings }: Deps,
  signal: AbortSignal,
): Promise<Uint8Array> => {
  try {
    return await download(url, { mostBytes: limits.imageBytes, allowPrivate: settings.allowPrivateInputUrls, signal })
  } catch (error) {
    if (error instanceof ApiError) throw new ApiError(error.code, `${field}.${error.details}`, { cause: error })
    throw error
  }
}

const refusals: Readonly<Record<ImageRefused['kind'], StatusCode>> = {
  unsupported: StatusCode.INPUT_UNSUPPORTED_FORMAT,
  corrupt: StatusCode.INPUT_FAILED,
  'over-limit': StatusCode.INPUT_OVER_LIMIT,
}

const storeImage = async (bytes: Uint8Array, field: string, deps: Deps): Promise<StoredPayload> => {
  const { blobs, limits } = deps
  const image = await readImage(bytes, limits).catch((error: unknown) => {
    if (error instanceof ImageRefused)
      throw new ApiError(refusals[error.kind], `${field}: ${error.message}`, { cause: error })
    throw error
  })
  const original = (await blobs.put(bytes)).hash
  const display = image.display ? (await blobs.put(image.display)).hash : original
  await blobs.putDerived(original, 'thumbnail', image.thumbnail)
  await keepFacts(original, image.facts, deps)
  beginTiles({ original, display }, image.facts, deps)
  return { ...kept(original), display, image }
}

const kept = (original: string): StoredPayload => ({
  original,
  display: null,
  image: undefined,
  video: undefined,
  audio: undefined,
  text: undefined,
})

const inlineTextBytes = 64 * 1024

/** Videos, texts and sounds are kept as they are: the app opens them in a plain viewer (decisions §24). */
const storeOther = async (
  kind: Exclude<InputKind, 'image'>,
  bytes: Uint8Array,
  field: string,
  { blobs }: Deps,
): Promise<StoredPayload> => {
  const type = await sniffType(bytes)
  if (!type?.startsWith(`${kind}/`))
    throw new ApiError(StatusCode.INPUT_UNSUPPORTED_FORMAT, `${field}: ${type ?? 'unknown content'} is no ${kind}`)
  const payload = kept((await blobs.put(bytes)).hash)
  const format = formatOf(type)
  switch (kind) {
    case 'video': {
      const facts = await readVideo(bytes)
      return { ...payload, video: facts && { ...facts, format } }
    }
    case 'audio': {
      const facts = await readAudio(bytes)
      return { ...payload, audio: facts && { ...facts, format } }
    }
    case 'text':
      return { ...payload, text: textFacts(bytes) }
  }
}

/** `video/x-matroska` → MATROSKA, as pictures' formats are written. */
const formatOf = (type: string): string =>
  type
    .slice(type.indexOf('/') + 1)
    .replace(/^x-/, '')
    .toUpperCase()

const textFacts = (bytes: Uint8Array): TextFacts => {
  const text = new TextDecoder().decode(bytes)
  let characters = 0
  for (const _ of text) characters++
  return { raw: bytes.byteLength <= inlineTextBytes ? text : '', characters }
}
