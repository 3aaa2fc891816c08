import { create, type JsonObject, toJson } from '@bufbuild/protobuf'
import {
  AudioSchema,
  type Data,
  DataSchema,
  ImageSchema,
  InputSchema,
  type Model,
  TextSchema,
  VideoSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { bodyOf, checkedUrl, send } from '#proxy/service/outgoing.ts'
import type { Endpoint } from './modelEndpoint.ts'
import { answeredData } from './predictAnswer.ts'
import { PredictionFailed } from './predictFailure.ts'
import type { Subject } from './predictSubject.ts'

/** What a runner is asked. */
export interface Question {
  readonly subject: Subject
  /** With its ids and its version's. */
  readonly model: Model
  readonly params: JsonObject
  /** Of a workflow's node: what the nodes answered that it takes its input from. */
  readonly nodeInputs: readonly { readonly nodeId: string; readonly data: Data }[]
}

/**
 * Asks a model version's endpoint, once (docs/runners.md has the protocol).
 * @throws PredictionFailed, saying whether to ask again
 */
export const askEndpoint = async (
  endpoint: Endpoint,
  question: Question,
  { limits, settings }: Deps,
  signal: AbortSignal,
): Promise<Data> => {
  const rules = { allowPrivate: settings.allowPrivateInputUrls }
  const within = AbortSignal.any([signal, AbortSignal.timeout(endpoint.timeoutMs)])
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(endpoint.key && { authorization: `Bearer ${endpoint.key}` }),
  }
  const body = Buffer.from(JSON.stringify(await bodyFor(question, endpoint.send)))
  try {
    const url = checkedUrl(endpoint.url, rules)
    const response = await send(url, { method: 'POST', headers, body, signal: within }, rules)
    const answer = await bodyOf(response, limits.bodyBytes, within)
    if (response.statusCode !== 200) throw refusal(response.statusCode ?? 0, answer)
    return answeredData(answer)
  } catch (error) {
    throw asPredictionFailed(error)
  }
}

/** Fields as the REST API prints them: snake_case, bytes in base64. */
const bodyFor = async ({ subject, model, params, nodeInputs }: Question, how: Endpoint['send']) => {
  const base64 = how === 'bytes' || !subject.url ? await subject.bytes() : undefined
  const input = create(InputSchema, { id: subject.id, data: payload(subject, base64) })
  return {
    input: toJson(InputSchema, input, { useProtoFieldName: true }),
    model: { id: model.id, app_id: model.appId, user_id: model.userId, version_id: model.modelVersion?.id },
    params,
    node_inputs: nodeInputs.map(({ nodeId, data }) => ({
      node_id: nodeId,
      data: toJson(DataSchema, data, { useProtoFieldName: true }),
    })),
  }
}

const payload = ({ kind, url = '', imageInfo }: Subject, bytes: Uint8Array | undefined): Data => {
  const place = { url, ...(bytes && { base64: bytes }) }
  switch (kind) {
    case 'image':
      return create(DataSchema, { image: create(ImageSchema, { ...place, ...(imageInfo && { imageInfo }) }) })
    case 'video':
      return create(DataSchema, { video: create(VideoSchema, place) })
    case 'audio':
      return create(DataSchema, { audio: create(AudioSchema, place) })
    case 'text':
      return create(DataSchema, {
        text: create(TextSchema, { url, raw: bytes ? new TextDecoder().decode(bytes) : '' }),
      })
  }
}

/** What may pass: timeouts, too early, too many, and whatever the server itself is to blame for. */
const passing: ReadonlySet<number> = new Set([408, 425, 429])
const mostReasonCharacters = 300

const refusal = (status: number, body: Uint8Array): PredictionFailed => {
  const reason = reasonIn(body)
  const redirect = status >= 300 && status < 400 ? ': redirects are not followed' : ''
  return new PredictionFailed(
    `the runner answered ${status}${redirect}${reason && `: ${reason}`}`,
    status >= 500 || passing.has(status),
  )
}

/**
 * `{"error": "…"}` only: an address that is no runner must not be read out by way of error messages.
 */
const reasonIn = (body: Uint8Array): string => {
  try {
    const { error } = JSON.parse(new TextDecoder().decode(body)) as { error?: unknown }
    return typeof error === 'string' ? error.replace(/\p{Cc}/gu, ' ').slice(0, mostReasonCharacters) : ''
  } catch {
    return ''
  }
}

/** The words of the address rules and of downloads, said of a runner. */
const asPredictionFailed = (error: unknown): unknown => {
  if (error instanceof PredictionFailed || !(error instanceof ApiError)) return error
  const what = error.details.replace(/^url: /, '')
  return new PredictionFailed(`the runner: ${what}`, error.code === StatusCode.INPUT_FAILED, {
    cause: error,
  })
}
