import { create } from '@bufbuild/protobuf'
import {
  type Annotation,
  AnnotationSchema,
  ConceptSchema,
  DataSchema,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { imageAnnotationId, imageConcepts, withImageConcept } from '#model/imageConcepts.ts'
import { inBatches } from './batches.ts'
import type { Clients } from './client.ts'
import { failureOf, ok } from './errors.ts'
import { type AppScope, userAppId } from './scope.ts'

interface Key {
  readonly inputId: string
  readonly id: string
}

/** What a bulk change did, so that it can be taken back. */
export interface BulkConcepts {
  readonly concept: string
  /** annotations that were made, or brought back from being deleted */
  readonly made: readonly Key[]
  /** annotations that said something else of it (undefined: nothing) */
  readonly changed: readonly (Key & { readonly before: number | undefined })[]
  /** annotations that said nothing but this, and are gone */
  readonly deleted: readonly Key[]
  /** Why some were left as they are, of the first of them. */
  readonly failure: unknown
}

/** How many inputs it changed. */
export const inputsOf = ({ made, changed, deleted }: BulkConcepts): number =>
  new Set([...made, ...changed, ...deleted].map(({ inputId }) => inputId)).size

interface Where {
  readonly clients: Clients
  readonly scope: AppScope
}

const PER_PAGE = 1000

async function annotationsOf({ clients, scope }: Where, inputIds: readonly string[], ids?: readonly string[]) {
  const found: Annotation[] = []
  for (let page = 1; ; page++) {
    const asked = {
      userAppId: userAppId(scope),
      inputIds: [...inputIds],
      ids: [...(ids ?? [])],
      page,
      perPage: PER_PAGE,
    }
    const { annotations } = ok(await clients.api.listAnnotations(asked))
    found.push(...annotations)
    if (annotations.length < PER_PAGE) return found
  }
}

type Answer = Awaited<ReturnType<Clients['api']['postAnnotations']>>

/** Which of the sent items were done, and the failure of the first that was not. */
function outcome<T>(sent: readonly T[], { status, annotations }: Answer): { done: T[]; failure: unknown } {
  if (status?.code === StatusCode.SUCCESS) return { done: [...sent], failure: undefined }
  if (annotations.length !== sent.length) throw failureOf(status)
  const fine = new Set<number>([
    StatusCode.ANNOTATION_SUCCESS,
    StatusCode.ANNOTATION_PENDING,
    StatusCode.ANNOTATION_AWAITING_REVIEW,
    StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW,
    StatusCode.ANNOTATION_REVIEW_DENIED,
  ])
  const refused = annotations.find((one) => !fine.has(one.status?.code ?? 0))
  return {
    done: sent.filter((_, i) => fine.has(annotations[i]?.status?.code ?? 0)),
    failure: refused && failureOf(refused.status, refused.id),
  }
}

const saying = ({ inputId, id }: Key, concept: string, value: number) =>
  create(AnnotationSchema, {
    inputId,
    id,
    data: create(DataSchema, { concepts: [create(ConceptSchema, { id: concept, value })] }),
  })

/**
 * Says of images that they show a concept, in one person's name: in their one annotation of each (decisions §11).
 * Inputs that have it already are left alone. @throws ApiFailure, ConnectError: what was done before stays done
 */
export async function addConcept(
  where: Where,
  userId: string,
  inputIds: readonly string[],
  concept: string,
  onDone: (some: BulkConcepts) => void,
): Promise<void> {
  const { clients, scope } = where
  const app = userAppId(scope)
  const context = (inputId: string) => ({ ...scope, inputId, userId })
  for (const some of inBatches(inputIds)) {
    const ids = some.map((inputId) => imageAnnotationId(context(inputId)))
    const own = new Map((await annotationsOf(where, some, ids)).map((one) => [one.inputId, one]))
    const fresh = some.filter((inputId) => !own.has(inputId))
    const others = [...own.values()].flatMap((one) => {
      const before = imageConcepts(one).find(({ id }) => id === concept)?.value
      return before === 1 ? [] : [{ inputId: one.inputId, id: one.id, before }]
    })
    if (fresh.length > 0) {
      const sent = fresh.map((inputId) => withImageConcept(undefined, concept, 1, context(inputId)))
      const { done, failure } = outcome(sent, await clients.api.postAnnotations({ userAppId: app, annotations: sent }))
      onDone({ concept, made: done.map(keyOf), changed: [], deleted: [], failure: undefined })
      const left = sent.filter((one) => !done.includes(one))
      if (left.length > 0) await again(where, left, concept, failure, onDone)
    }
    if (others.length > 0) {
      const annotations = others.map((key) => saying(key, concept, 1))
      const answer = await clients.api.patchAnnotations({ userAppId: app, action: 'merge', annotations })
      const { done, failure } = outcome(others, answer)
      onDone({ concept, made: [], changed: done, deleted: [], failure })
    }
  }
}

const keyOf = ({ inputId, id }: Key): Key => ({ inputId, id })

/** A deleted annotation keeps its id: it comes back, saying only this. */
async function again(
  { clients, scope }: Where,
  left: readonly Annotation[],
  concept: string,
  failure: unknown,
  onDone: (some: BulkConcepts) => void,
): Promise<void> {
  const annotations = left.map(({ inputId, id }) => ({ inputId, annotationId: id }))
  const { restored } = await clients.studio.restoreAnnotations({ userId: scope.owner, appId: scope.app, annotations })
  const back = left.filter(({ inputId, id }) =>
    restored.some((one) => one.inputId === inputId && one.annotationId === id),
  )
  if (back.length > 0)
    ok(await clients.api.patchAnnotations({ userAppId: userAppId(scope), action: 'overwrite', annotations: back }))
  onDone({
    concept,
    made: back.map(keyOf),
    changed: [],
    deleted: [],
    failure: back.length < left.length ? failure : undefined,
  })
}

/** Whether an annotation of an image says this of it and nothing else. */
const onlySays = ({ data }: Annotation): boolean =>
  data !== undefined && data.concepts.length === 1 && data.regions.length === 0 && !data.text && !data.metadata

/**
 * Takes a concept of the whole image off images, whoever set it; regions keep theirs. @throws ApiFailure, ConnectError:
 * what was done before stays done
 */
export async function removeConcept(
  where: Where,
  inputIds: readonly string[],
  concept: string,
  onDone: (some: BulkConcepts) => void,
): Promise<void> {
  const { clients, scope } = where
  const app = userAppId(scope)
  for (const some of inBatches(inputIds)) {
    const found = (await annotationsOf(where, some)).filter((one) =>
      imageConcepts(one).some(({ id }) => id === concept),
    )
    const gone = found.filter((one) => onlySays(one) && !one.inputLevel)
    const kept = found.filter((one) => !gone.includes(one))
    for (const batch of inBatches(gone)) {
      ok(
        await clients.api.deleteAnnotations({
          userAppId: app,
          inputIds: batch.map(({ inputId }) => inputId),
          ids: batch.map(({ id }) => id),
        }),
      )
      onDone({ concept, made: [], changed: [], deleted: batch.map(keyOf), failure: undefined })
    }
    for (const batch of inBatches(kept)) {
      const annotations = batch.map((one) => saying(one, concept, 1))
      const { done, failure } = outcome(
        batch,
        await clients.api.patchAnnotations({ userAppId: app, action: 'remove', annotations }),
      )
      const changed = done.map((one) => ({
        ...keyOf(one),
        before: imageConcepts(one).find(({ id }) => id === concept)?.value,
      }))
      onDone({ concept, made: [], changed, deleted: [], failure })
    }
  }
}

/** Takes a bulk change back. @throws ApiFailure, ConnectError */
export async function undoConcepts({ clients, scope }: Where, did: BulkConcepts): Promise<void> {
  const app = userAppId(scope)
  for (const batch of inBatches(did.made))
    ok(
      await clients.api.deleteAnnotations({
        userAppId: app,
        inputIds: batch.map(({ inputId }) => inputId),
        ids: batch.map(({ id }) => id),
      }),
    )
  for (const batch of inBatches(did.deleted)) {
    const annotations = batch.map(({ inputId, id }) => ({ inputId, annotationId: id }))
    await clients.studio.restoreAnnotations({ userId: scope.owner, appId: scope.app, annotations })
  }
  for (const [action, some] of [
    ['remove', did.changed.filter(({ before }) => before === undefined)],
    ['merge', did.changed.filter(({ before }) => before !== undefined)],
  ] as const)
    for (const batch of inBatches(some)) {
      const annotations = batch.map((key) => saying(key, did.concept, key.before ?? 1))
      ok(await clients.api.patchAnnotations({ userAppId: app, action, annotations }))
    }
}

/** Several answers as one. */
export const together = (concept: string, all: readonly BulkConcepts[]): BulkConcepts => ({
  concept,
  made: all.flatMap(({ made }) => made),
  changed: all.flatMap(({ changed }) => changed),
  deleted: all.flatMap(({ deleted }) => deleted),
  failure: all.find(({ failure }) => failure !== undefined)?.failure,
})
