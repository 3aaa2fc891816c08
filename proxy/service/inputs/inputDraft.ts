import { clone, create } from '@bufbuild/protobuf'
import {
  AudioInfoSchema,
  AudioSchema,
  type Data,
  DataSchema,
  ImageInfoSchema,
  ImageSchema,
  type Input,
  InputSchema,
  TextInfoSchema,
  TextSchema,
  VideoInfoSchema,
  VideoSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { nameRegions, stripConcepts } from '#proxy/service/annotations/annotationForm.ts'
import { storeMasks } from '#proxy/service/annotations/annotationMasks.ts'
import { checkSize } from '#proxy/service/annotations/annotationSize.ts'
import { checkData } from '#proxy/service/annotations/validateAnnotation.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { checkName } from '#proxy/service/names.ts'
import { filenameOf } from './inputFilename.ts'
import { type SentPayload, type StoredPayload, sentPayload, storePayload } from './inputPayload.ts'
import { isOnEarth } from './place.ts'

/** A posted input that was checked, its bytes durable; only the database has not been asked yet. */
export interface InputDraft {
  /** `inputs[3]` */
  readonly path: string
  /** Without what its input-level annotation holds. */
  readonly input: Input
  /** What the input-level annotation holds: concepts, metadata, geo, a region. In stored form. */
  readonly data: Data
  readonly sent: SentPayload
  readonly payload: StoredPayload
  readonly filename: string
}

/** What is known of a posted input before its bytes are touched. */
export interface InputOutline {
  readonly path: string
  readonly id: string
  readonly posted: Input
  readonly sent: SentPayload
  readonly data: Data
}

/** Everything that can be checked cheaply. @throws ApiError INPUT_INVALID_ARGUMENT with the path of the field */
export const outlineOf = (posted: Input, path: string, deps: Deps): InputOutline => {
  if (posted.id) checkName(`${path}.id`, posted.id, StatusCode.INPUT_INVALID_ARGUMENT)
  const sent = sentPayload(posted.data, `${path}.data`)
  const data = labelsOf(posted.data)
  asInputError(() => {
    checkSize({ data }, path, deps.limits)
    checkData(data, `${path}.data`, deps.limits)
  })
  checkGeo(data, `${path}.data.geo`)
  return { path, id: posted.id || deps.newId(), posted, sent, data }
}

/** Gets and stores the bytes. @throws ApiError of the item */
export const draftOf = async (outline: InputOutline, deps: Deps, signal: AbortSignal): Promise<InputDraft> => {
  const { path, posted, sent, data } = outline
  stripConcepts(data)
  nameRegions(data, deps.newId)
  await storeMasks(data, `${path}.data`, deps).catch(rethrowAsInputError)
  const payload = await storePayload(sent, `${path}.data`, deps, signal)
  const input = create(InputSchema, {
    id: outline.id,
    data: payloadData(sent, payload),
    datasetIds: posted.datasetIds,
    ...(posted.settings && { settings: posted.settings }),
  })
  return { path, input, data, sent, payload, filename: filenameOf(data, sent.url) }
}

/** What was said of the input besides its bytes. */
const labelsOf = (data: Data | undefined): Data => {
  const labels = data ? clone(DataSchema, data) : create(DataSchema)
  for (const kind of ['image', 'video', 'text', 'audio'] as const) delete labels[kind]
  return labels
}

const payloadData = ({ kind, url = '' }: SentPayload, { image, video, audio, text }: StoredPayload): Data => {
  switch (kind) {
    case 'image': {
      const { width = 0, height = 0, format = '', colorMode = '' } = image ?? {}
      const imageInfo = create(ImageInfoSchema, { width, height, format, colorMode })
      return create(DataSchema, { image: create(ImageSchema, { url, imageInfo }) })
    }
    case 'video':
      return create(DataSchema, { video: create(VideoSchema, { url, ...(video && { videoInfo: videoInfo(video) }) }) })
    case 'audio':
      return create(DataSchema, { audio: create(AudioSchema, { url, ...(audio && { audioInfo: audioInfo(audio) }) }) })
    case 'text': {
      const { raw = '', characters = 0 } = text ?? {}
      const textInfo = create(TextInfoSchema, { charCount: characters, encoding: 'UTF-8' })
      return create(DataSchema, { text: create(TextSchema, { url, raw, textInfo }) })
    }
  }
}

const videoInfo = ({ format, ...video }: NonNullable<StoredPayload['video']>) =>
  create(VideoInfoSchema, {
    width: video.width,
    height: video.height,
    fps: Math.fround(video.framesPerSecond),
    videoFormat: format,
    bitRate: video.bitRate,
    frameCount: video.frames,
    durationSeconds: Math.fround(video.seconds),
  })

const audioInfo = ({ format, ...audio }: NonNullable<StoredPayload['audio']>) =>
  create(AudioInfoSchema, {
    audioFormat: format,
    sampleRate: audio.sampleRate,
    durationSeconds: Math.fround(audio.seconds),
    bitRate: audio.bitRate,
  })

export const checkGeo = (data: Data, path: string): void => {
  const point = data.geo?.geoPoint
  if (!point) return
  if (!isOnEarth(point))
    throw new ApiError(
      StatusCode.INPUT_INVALID_ARGUMENT,
      `${path}.geo_point: ${point.latitude}, ${point.longitude} is no place`,
    )
}

/** The checks of annotations speak of annotations; the item here is an input. */
export const inputError = (error: ApiError): ApiError =>
  error.code === StatusCode.ANNOTATION_INVALID_ARGUMENT
    ? new ApiError(StatusCode.INPUT_INVALID_ARGUMENT, error.details, { cause: error })
    : error

const asInputError = (check: () => void): void => {
  try {
    check()
  } catch (error) {
    rethrowAsInputError(error)
  }
}

const rethrowAsInputError = (error: unknown): never => {
  throw error instanceof ApiError ? inputError(error) : error
}
