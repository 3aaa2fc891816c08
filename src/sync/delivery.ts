import { create } from '@bufbuild/protobuf'
import { type Annotation, AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { MultiAnnotationResponse } from '#gen/web/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import type { Clients } from './client.ts'
import { timestampOf } from './content.ts'
import { type ApiFailure, classify, failureOf, ok } from './errors.ts'
import { type AnnotationAddress, type AppScope, userAppId } from './scope.ts'
import type { Answer, Problem, Step } from './slot.ts'

export type Verb = Step<Annotation>['verb']

export interface Parcel {
  readonly key: string
  readonly address: AnnotationAddress
  readonly step: Step<Annotation>
}

export type Answers = ReadonlyMap<string, Answer<Annotation>>

/** Most items of one call. */
export const BATCH = 128

/**
 * Makes one call of the API out of up to {@link BATCH} steps of one app and one verb.
 * @throws ApiFailure, ConnectError when the call failed as a whole
 */
export class Delivery {
  readonly #clients: Clients
  readonly #headers: Readonly<Record<string, string>>

  /** @param userId whose edits these are: the server refuses them under anybody else's session */
  constructor(clients: Clients, userId: string) {
    this.#clients = clients
    this.#headers = { 'x-marquee-user': userId }
  }

  deliver(app: AppScope, verb: Verb, parcels: readonly Parcel[]): Promise<Answers> {
    switch (verb) {
      case 'post':
        return this.#post(app, parcels)
      case 'patch':
        return this.#patch(app, 'overwrite', parcels, contentOf)
      case 'status':
        return this.#patch(app, 'merge', parcels, statusOf)
      case 'delete':
        return this.#delete(app, parcels)
      case 'restore':
        return this.#restore(app, parcels)
      case 'read':
        return this.#read(app, parcels)
    }
  }

  async #post(app: AppScope, parcels: readonly Parcel[]): Promise<Answers> {
    const annotations = parcels.map(({ address, step }) => posted(address, step))
    const request = { userAppId: userAppId(app), annotations }
    return itemAnswers(parcels, await this.#clients.api.postAnnotations(request, { headers: this.#headers }))
  }

  async #patch(
    app: AppScope,
    action: 'overwrite' | 'merge',
    parcels: readonly Parcel[],
    part: (parcel: Parcel) => Annotation,
  ): Promise<Answers> {
    const request = { userAppId: userAppId(app), action, annotations: parcels.map(part) }
    const headers = { ...this.#headers, 'x-marquee-compare': 'modified_at' }
    return itemAnswers(parcels, await this.#clients.api.patchAnnotations(request, { headers }))
  }

  async #delete(app: AppScope, parcels: readonly Parcel[]): Promise<Answers> {
    const request = { userAppId: userAppId(app), ...pairs(parcels) }
    ok(await this.#clients.api.deleteAnnotations(request, { headers: this.#headers }))
    return new Map(parcels.map(({ key }) => [key, { is: 'gone' }]))
  }

  /** What cannot be restored, or not on this server, is posted again by the next step. */
  async #restore(app: AppScope, parcels: readonly Parcel[]): Promise<Answers> {
    const annotations = parcels.map(({ address }) => ({ inputId: address.input, annotationId: address.annotation }))
    const request = { userId: app.owner, appId: app.app, annotations }
    try {
      const { restored } = await this.#clients.studio.restoreAnnotations(request, { headers: this.#headers })
      const back = new Set(restored.map((key) => `${key.inputId}/${key.annotationId}`))
      return new Map(parcels.map(({ key, address }) => [key, { is: back.has(itemKey(address)) ? 'restored' : 'gone' }]))
    } catch (error) {
      if (classify(error) !== 'refused') throw error
      return new Map(parcels.map(({ key }) => [key, { is: 'gone' }]))
    }
  }

  /** By pairs of ids; what is deleted or was never there is not in the answer. */
  async #read(app: AppScope, parcels: readonly Parcel[]): Promise<Answers> {
    const request = { userAppId: userAppId(app), ...pairs(parcels), page: 1, perPage: BATCH, listAllAnnotations: true }
    const { annotations } = ok(await this.#clients.api.listAnnotations(request, { headers: this.#headers }))
    const found = new Map(annotations.map((annotation) => [`${annotation.inputId}/${annotation.id}`, annotation]))
    return new Map(
      parcels.map(({ key, address }) => {
        const value = found.get(itemKey(address))
        return [key, value ? { is: 'stored', value } : { is: 'gone' }]
      }),
    )
  }
}

const itemKey = ({ input, annotation }: AnnotationAddress): string => `${input}/${annotation}`

const pairs = (parcels: readonly Parcel[]): { ids: string[]; inputIds: string[] } => ({
  ids: parcels.map(({ address }) => address.annotation),
  inputIds: parcels.map(({ address }) => address.input),
})

const carried = (step: Step<Annotation>): Annotation => {
  if ('value' in step) return step.value
  throw new TypeError(`a ${step.verb} carries no annotation`)
}

/** What the server sets itself stays out: times, worker. */
function posted(address: AnnotationAddress, step: Step<Annotation>): Annotation {
  const { createdAt: _created, modifiedAt: _modified, worker: _worker, ...own } = carried(step)
  return create(AnnotationSchema, { ...own, id: address.annotation, inputId: address.input })
}

/** Content only, never the status: a stale edit cannot un-approve work (decisions §4). */
function contentOf({ address, step }: Parcel): Annotation {
  const { data, annotationInfo } = carried(step)
  return create(AnnotationSchema, {
    ...addressed(address, step),
    data: data ?? {},
    annotationInfo: annotationInfo ?? {},
  })
}

function statusOf({ address, step }: Parcel): Annotation {
  const code = carried(step).status?.code ?? StatusCode.ANNOTATION_SUCCESS
  return create(AnnotationSchema, { ...addressed(address, step), status: { code } })
}

const addressed = ({ annotation, input }: AnnotationAddress, step: Step<Annotation>) => ({
  id: annotation,
  inputId: input,
  modifiedAt: 'version' in step ? timestampOf(step.version) : undefined,
})

/** The states an annotation can be in; any other code in its status is the reason why it was not written. */
const STATES: ReadonlySet<number> = new Set([
  StatusCode.SUCCESS,
  StatusCode.ANNOTATION_SUCCESS,
  StatusCode.ANNOTATION_PENDING,
  StatusCode.ANNOTATION_AWAITING_REVIEW,
  StatusCode.ANNOTATION_REVIEW_DENIED,
  StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW,
])
const PER_ITEM: ReadonlySet<number> = new Set([StatusCode.SUCCESS, StatusCode.MIXED_STATUS, StatusCode.FAILURE])

function itemAnswers(parcels: readonly Parcel[], { status, annotations }: MultiAnnotationResponse): Answers {
  if (!PER_ITEM.has(status?.code ?? 0) || annotations.length !== parcels.length) throw failureOf(status)
  return new Map(parcels.map(({ key }, i) => [key, itemAnswer(annotations[i]!)]))
}

function itemAnswer(item: Annotation): Answer<Annotation> {
  if (STATES.has(item.status?.code ?? 0)) return { is: 'stored', value: item }
  const failure = failureOf(item.status, item.id)
  if (failure.code === StatusCode.CONN_DOES_NOT_EXIST) return { is: 'gone' }
  switch (classify(failure)) {
    case 'retry':
      return { is: 'lost' }
    case 'signed-out':
      return { is: 'unsent' }
    case 'conflict':
      return { is: 'differs', error: problemOf(failure) }
    case 'refused':
      return { is: 'refused', error: problemOf(failure) }
  }
}

export const problemOf = ({ code, details, description, requestId }: ApiFailure): Problem => ({
  code,
  details,
  description,
  requestId,
})
