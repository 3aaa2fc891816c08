import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import type { ModelVersion } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { isJsonObject } from '#proxy/service/jsonObject.ts'
import { checkedUrl } from '#proxy/service/outgoing.ts'

/** Where a model version answers: `model_version.metadata.marquee.endpoint` (docs/runners.md). */
export interface Endpoint {
  readonly url: string
  readonly timeoutMs: number
  /** Whether pictures go along or are fetched by their signed address. */
  readonly send: 'url' | 'bytes'
  /** Sent as `Authorization: Bearer`; never shown again. */
  readonly key: string | undefined
}

const usualTimeoutSeconds = 60
const mostTimeoutSeconds = 600
const fields: ReadonlySet<string> = new Set(['url', 'timeout_seconds', 'send', 'key'])

const configured = (metadata: JsonObject | undefined): JsonValue | undefined =>
  isJsonObject(metadata?.marquee) ? metadata.marquee.endpoint : undefined

/** The endpoint of a version that was checked when it was written; undefined when it has none. */
export const endpointOf = ({ metadata }: ModelVersion): Endpoint | undefined => {
  const endpoint = configured(metadata)
  if (!isJsonObject(endpoint)) return undefined
  const { url, timeout_seconds: seconds = usualTimeoutSeconds, send, key } = endpoint
  return {
    url: String(url),
    timeoutMs: Number(seconds) * 1000,
    send: send === 'bytes' ? 'bytes' : 'url',
    key: typeof key === 'string' && key !== '' ? key : undefined,
  }
}

/** @throws ApiError MODEL_INVALID_ARGUMENT with the path of the field, also for addresses this server may not ask */
export const checkEndpoint = (metadata: JsonObject | undefined, path: string, { settings }: Deps): void => {
  const endpoint = configured(metadata)
  if (endpoint === undefined) return
  const at = `${path}.marquee.endpoint`
  if (!isJsonObject(endpoint)) throw invalid(at, 'must be an object with a url')
  for (const [name, value] of Object.entries(endpoint))
    if (!fields.has(name)) throw invalid(`${at}.${name}`, `unknown, there are ${[...fields].join(', ')}`)
    else if (value === null) throw invalid(`${at}.${name}`, 'must not be null')
  checkUrl(endpoint.url, at, settings.allowPrivateInputUrls)
  const { timeout_seconds: seconds = usualTimeoutSeconds, send = 'url', key = '' } = endpoint
  if (typeof seconds !== 'number' || !(seconds >= 1 && seconds <= mostTimeoutSeconds))
    throw invalid(`${at}.timeout_seconds`, `must be 1 to ${mostTimeoutSeconds}`)
  if (send !== 'url' && send !== 'bytes') throw invalid(`${at}.send`, 'must be "url" or "bytes"')
  if (typeof key !== 'string' || !/^[\x21-\x7e]*$/.test(key)) throw invalid(`${at}.key`, 'must be printable ASCII')
}

const checkUrl = (url: JsonValue | undefined, path: string, allowPrivate: boolean): void => {
  if (typeof url !== 'string') throw invalid(`${path}.url`, 'required')
  try {
    checkedUrl(url, { allowPrivate })
  } catch (error) {
    if (error instanceof ApiError) throw new ApiError(StatusCode.MODEL_INVALID_ARGUMENT, `${path}.${error.details}`)
    throw error
  }
}

const invalid = (path: string, what: string): ApiError =>
  new ApiError(StatusCode.MODEL_INVALID_ARGUMENT, `${path}: ${what}`)

/** Metadata as people may see it: without the endpoint's key. */
export const withoutKey = (metadata: JsonObject | undefined): JsonObject | undefined => {
  const endpoint = configured(metadata)
  if (!isJsonObject(endpoint) || !('key' in endpoint)) return metadata
  const { key: _, ...shown } = endpoint
  return { ...metadata, marquee: { ...(metadata!.marquee as JsonObject), endpoint: shown } }
}
