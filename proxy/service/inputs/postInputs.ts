import { create, equals, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  type Annotation,
  AnnotationSchema,
  DataSchema,
  InputIDConflictResolution,
  InputSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { MultiInputResponseSchema, type V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { createTurnstile } from '#proxy/media/turnstile.ts'
import {
  addConcepts,
  type NewConcepts,
  newConceptsOf,
  saidNames,
  takeConcepts,
} from '#proxy/service/annotations/annotationConcepts.ts'
import { bareStatus, setTimes } from '#proxy/service/annotations/annotationForm.ts'
import { annotationRow } from '#proxy/service/annotations/annotationRow.ts'
import { setWorker } from '#proxy/service/annotations/annotationWorker.ts'
import { historyOf } from '#proxy/service/annotations/annotationWrites.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { type Attempt, attempt, attemptAsync } from '#proxy/service/attempt.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { checkName } from '#proxy/service/names.ts'
import { checkBatch } from '#proxy/service/paging.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { failedItem, overall } from '#proxy/service/status.ts'
import { queueDefaultWorkflow } from '#proxy/service/workflows/defaultWorkflow.ts'
import { insertAnnotations } from '#proxy/store/annotations.ts'
import { lockApp, nextRevs, type Stamp } from '#proxy/store/apps.ts'
import { addToDataset, datasetsById } from '#proxy/store/datasets.ts'
import { appendHistory } from '#proxy/store/history.ts'
import { type InputRow, inputLevelAnnotations, inputsById, insertInputs, knownSources } from '#proxy/store/inputs.ts'
import { countInJob } from '#proxy/store/inputsAddJobs.ts'
import { refreshLabelled } from '#proxy/store/labelled.ts'
import type { Db } from '#proxy/store/open.ts'
import { searchText } from '#proxy/store/searchText.ts'
import { draftOf, type InputDraft, type InputOutline, outlineOf } from './inputDraft.ts'
import { readableInputs } from './inputReading.ts'
import { checkJob, jobMessage } from './inputsAddJobs.ts'

// Downloads and decoded pictures of one server at a time: they are what takes memory.
const preparing = createTurnstile(4)

/**
 * PostInputs: 1 to 128, each stored or refused by itself. Synchronous: an input that answers 30000 is stored, with its
 * input-level annotation, which carries what was said of it (api.md §1 rows 1 and 2, §9-31). Safe to repeat: an id that
 * is taken by the very same input of the same person answers SUCCESS (decisions §3), and is not counted again in the
 * job the call names.
 */
export const postInputs: MethodImpl<typeof V2.method.postInputs> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addInputs')
  checkBatch(request.inputs, 'inputs', deps.limits.batch)
  const jobId = request.inputsAddJobId
  if (jobId) checkName('inputs_add_job_id', jobId)
  if (jobId) await checkJob(deps.store.read, app, jobId)
  const outlines = request.inputs.map((posted, i) => attempt(() => outlineOf(posted, `inputs[${i}]`, deps)))
  const names = saidNames(request.inputs)
  const spared = await alreadyDownloaded(app, outlines, deps)
  const drafts = await Promise.all(outlines.map((outline) => prepared(outline, spared, deps, call.signal)))
  const suffix = request.inputIdConflictResolution === InputIDConflictResolution.SUFFIX
  const { done, job } = await deps.store.write.transaction().execute(async (tx) => {
    if (jobId) await checkJob(tx, app, jobId)
    const { done, fresh } = await write(tx, app, drafts, suffix, names, deps)
    const counts = { succeeded: fresh, failed: done.filter(({ ok }) => !ok).length, now: deps.now() }
    return { done, job: jobId ? await countInJob(tx, app.no, jobId, counts) : undefined }
  })
  const ids = done.flatMap((item) => (item.ok ? [item.value] : []))
  const rows = await inputsById(deps.store.write, app.no, ids)
  const written = new Map((await readableInputs(rows, app, deps.store.write, deps)).map((input) => [input.id, input]))
  const inputs = done.map((item, i) =>
    item.ok
      ? written.get(item.value)!
      : create(InputSchema, { id: request.inputs[i]!.id, status: failedItem(item.error) }),
  )
  const failures = done.flatMap((item) => (item.ok ? [] : [failedItem(item.error)]))
  const inputsAddJob = job && { inputsAddJob: jobMessage(job) }
  return create(MultiInputResponseSchema, { status: overall(call, done.length, failures), inputs, ...inputsAddJob })
}

/** Outlines whose address the app has already under another id: not worth a download. */
const alreadyDownloaded = async (app: AppInUse, outlines: readonly Attempt<InputOutline>[], { store }: Deps) => {
  const asking = outlines.flatMap((outline) => (outline.ok && isUnique(outline.value) ? [outline.value] : []))
  const known = await knownSources(
    store.read,
    app.no,
    asking.map(({ sent }) => sent.url!),
  )
  const taken = new Set(
    (
      await inputsById(
        store.read,
        app.no,
        asking.map(({ id }) => id),
      )
    ).map((row) => row.id),
  )
  return new Set(asking.filter(({ id, sent }) => known.has(sent.url!) && !taken.has(id)))
}

const isUnique = ({ sent }: Pick<InputOutline, 'sent'>): boolean => sent.url !== undefined && !sent.allowDuplicateUrl

const prepared = async (
  outline: Attempt<InputOutline>,
  spared: ReadonlySet<InputOutline>,
  deps: Deps,
  signal: AbortSignal,
): Promise<Attempt<InputDraft>> => {
  if (!outline.ok) return outline
  if (spared.has(outline.value)) return attempt(() => refuseSource(outline.value.path))
  return preparing.run(() => attemptAsync(() => draftOf(outline.value, deps, signal)))
}

const refuseSource = (path: string): never => {
  throw new ApiError(StatusCode.INPUT_DUPLICATE, `${path}.data: the app has an input from this url already`)
}

/** @returns for each draft the id of the input that answers it, and how many of them are new */
const write = async (
  tx: Db,
  app: AppInUse,
  drafts: readonly Attempt<InputDraft>[],
  suffix: boolean,
  names: NewConcepts['names'],
  deps: Deps,
): Promise<{ done: Attempt<string>[]; fresh: number }> => {
  await lockApp(tx, app.no)
  const valid = drafts.flatMap((draft) => (draft.ok ? [draft.value] : []))
  const around = await surroundings(tx, app, valid)
  const concepts = await newConceptsOf(tx, app, valid.map(levelAnnotation), names)
  const fresh: InputDraft[] = []
  const done = drafts.map((draft) =>
    draft.ok
      ? attempt(() => {
          const settled = settle(draft.value, around, app, suffix, deps)
          if (!settled) return draft.value.input.id
          checkDatasets(settled, around)
          takeConcepts(levelAnnotation(settled), settled.path, concepts)
          around.fresh.add(settled.input.id)
          if (settled.sent.url !== undefined) around.sources.add(settled.sent.url)
          fresh.push(settled)
          return settled.input.id
        })
      : draft,
  )
  const stamps = await nextRevs(tx, app.no, concepts.used.size + 2 * fresh.length, deps.now())
  await addConcepts(tx, app, concepts, stamps)
  await insert(tx, app, fresh, stamps.slice(concepts.used.size), deps)
  await fillDatasets(tx, app, fresh, around, deps)
  const freshIds = fresh.map(({ input }) => input.id)
  await queueDefaultWorkflow(tx, app.no, freshIds, deps.now())
  return { done, fresh: fresh.length }
}

interface Surroundings {
  /** Inputs that have one of the ids, deleted ones too. */
  readonly stored: ReadonlyMap<string, { readonly row: InputRow; readonly annotation: Annotation | undefined }>
  /** Addresses of inputs the app has; those of this call are added as they come. */
  readonly sources: Set<string>
  /** Ids given out in this call. */
  readonly fresh: Set<string>
  /** Ids that are taken under which a suffix may be looked for. */
  readonly suffixed: ReadonlySet<string>
  /** Numbers of the datasets that are asked for, by id. */
  readonly datasets: ReadonlyMap<string, number>
}

const numbers = Array.from({ length: 9 }, (_, i) => i + 1)

const surroundings = async (tx: Db, app: AppInUse, drafts: readonly InputDraft[]): Promise<Surroundings> => {
  const ids = drafts.map(({ input }) => input.id)
  const rows = await inputsById(tx, app.no, ids)
  const levels = await inputLevelAnnotations(
    tx,
    app.no,
    rows.map((row) => row.id),
  )
  const annotations = new Map(levels.map((row) => [row.input_id, fromBinary(AnnotationSchema, row.message)]))
  const asked = drafts.flatMap(({ input }) => input.datasetIds)
  const candidates = rows.flatMap(({ id }) => numbers.map((number) => `${id}-${number}`))
  return {
    stored: new Map(rows.map((row) => [row.id, { row, annotation: annotations.get(row.id) }])),
    sources: await knownSources(
      tx,
      app.no,
      drafts.filter(isUnique).map(({ sent }) => sent.url!),
    ),
    fresh: new Set(),
    suffixed: new Set((await inputsById(tx, app.no, candidates)).map((row) => row.id)),
    datasets: new Map((await datasetsById(tx, app.no, asked)).map((row) => [row.id, Number(row.no)])),
  }
}

/** @throws ApiError INPUT_INVALID_ARGUMENT for a dataset the app does not have */
const checkDatasets = ({ input, path }: InputDraft, { datasets }: Surroundings): void => {
  for (const [i, id] of input.datasetIds.entries())
    if (!datasets.has(id))
      throw new ApiError(StatusCode.INPUT_INVALID_ARGUMENT, `${path}.dataset_ids[${i}]: the app has no dataset "${id}"`)
}

const fillDatasets = async (
  tx: Db,
  app: AppInUse,
  drafts: readonly InputDraft[],
  { datasets }: Surroundings,
  { now }: Deps,
): Promise<void> => {
  for (const [id, no] of datasets) {
    const members = drafts.filter(({ input }) => input.datasetIds.includes(id)).map(({ input }) => input.id)
    await addToDataset(tx, app.no, no, members, now())
  }
}

/** The draft under the id it gets; undefined when it is a repeat of what is stored. @throws ApiError of the item */
const settle = (
  draft: InputDraft,
  around: Surroundings,
  app: AppInUse,
  suffix: boolean,
  deps: Deps,
): InputDraft | undefined => {
  const { id } = draft.input
  const before = around.stored.get(id)
  if (around.fresh.has(id)) throw duplicateId(draft, 'is there twice')
  if (before && !suffix) {
    if (before.row.deleted_at !== null) throw duplicateId(draft, 'is deleted')
    if (isRepeat(draft, before, app)) return undefined
    throw duplicateId(draft, 'is taken by another input')
  }
  if (isUnique(draft) && around.sources.has(draft.sent.url!)) refuseSource(draft.path)
  if (!before) return draft
  const free = numbers
    .map((number) => `${id}-${number}`)
    .find((name) => !around.suffixed.has(name) && !around.fresh.has(name))
  return { ...draft, input: { ...draft.input, id: free ?? `${id}-${deps.newId().slice(0, 12)}` } }
}

const duplicateId = (draft: InputDraft, what: string): ApiError =>
  new ApiError(StatusCode.DATABASE_DUPLICATE_KEY, `${draft.path}.id: "${draft.input.id}" ${what}`)

/** The same person posted the same bytes, or the same address, with the same labels. */
const isRepeat = (
  draft: InputDraft,
  { row, annotation }: { readonly row: InputRow; readonly annotation: Annotation | undefined },
  app: AppInUse,
): boolean => {
  const sameBytes = row.original === draft.payload.original
  const sameSource = draft.sent.url !== undefined && row.source_url === draft.sent.url
  const sameLabels = equals(DataSchema, draft.data, annotation?.data ?? create(DataSchema))
  return row.kind === draft.sent.kind && (sameBytes || sameSource) && sameLabels && annotation?.userId === app.callerId
}

/** The annotation an input begins its life with, but for its id, author and times. */
const levelAnnotation = ({ input, data }: InputDraft): Annotation =>
  create(AnnotationSchema, { inputId: input.id, inputLevel: true, trusted: true, data })

/** Two stamps for each: its annotation is written after it. */
const insert = async (tx: Db, app: AppInUse, drafts: readonly InputDraft[], stamps: readonly Stamp[], deps: Deps) => {
  if (drafts.length === 0) return
  const inputs = drafts.map((draft, i) => inputRow(draft, app, stamps[2 * i]!))
  const annotations = drafts.map((draft, i) => {
    const { rev, at } = stamps[2 * i + 1]!
    const annotation = levelAnnotation(draft)
    annotation.id = deps.newId()
    annotation.status = bareStatus(StatusCode.ANNOTATION_SUCCESS)
    setWorker(annotation, { kind: 'user', id: app.callerId }, undefined)
    setTimes(annotation, at, at)
    return annotationRow(annotation, { app: app.no, rev, createdAt: at, modifiedAt: at })
  })
  await insertInputs(tx, inputs)
  await insertAnnotations(tx, annotations)
  await appendHistory(tx, [
    ...inputs.map((row) => inputHistory(row, app.callerId, row.created_at, null, row.message)),
    ...annotations.map((row) => historyOf(row, app.callerId, row.created_at, null, row.message)),
  ])
  await refreshLabelled(
    tx,
    app.no,
    inputs.map((row) => row.id),
  )
}

const inputRow = ({ input, sent, payload, filename }: InputDraft, app: AppInUse, { rev, at }: Stamp) => ({
  app: app.no,
  id: input.id,
  kind: sent.kind,
  filename,
  search_text: searchText(filename, input.id),
  width: payload.image?.width ?? 0,
  height: payload.image?.height ?? 0,
  status_code: StatusCode.INPUT_SUCCESS,
  source_url: sent.url ?? null,
  original: payload.original,
  display: payload.display,
  message: toBinary(InputSchema, input),
  rev,
  created_at: at,
  modified_at: at,
  deleted_at: null,
  deleted_by: null,
})

/** The line of history of an input that was just written. */
export const inputHistory = (
  row: Pick<InputRow, 'app' | 'rev' | 'id'>,
  userId: string,
  at: number,
  before: Uint8Array | null,
  after: Uint8Array | null,
) => ({
  app: row.app,
  rev: row.rev,
  kind: 'input' as const,
  input_id: row.id,
  item_id: row.id,
  user_id: userId,
  at,
  before,
  after,
})
