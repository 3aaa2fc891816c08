import { clone, create } from '@bufbuild/protobuf'
import { AnnotationSchema, DataSchema, type Input, InputSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { MultiInputResponseSchema, type V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { type NewConcepts, saidNames } from '#proxy/service/annotations/annotationConcepts.ts'
import { type Patch, patchOf } from '#proxy/service/annotations/annotationPatch.ts'
import { writePatches } from '#proxy/service/annotations/patchAnnotations.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { type Attempt, attempt, attemptAsync } from '#proxy/service/attempt.ts'
import { compares } from '#proxy/service/compare.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { checkBatch } from '#proxy/service/paging.ts'
import { type PatchAction, patchAction } from '#proxy/service/patch.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { missingScopes } from '#proxy/service/people/scopes.ts'
import { failedItem, overall } from '#proxy/service/status.ts'
import { livingInputs } from '#proxy/store/annotations.ts'
import { lockApp } from '#proxy/store/apps.ts'
import { addToDataset, datasetIdsOf, datasetsById, removeFromDataset } from '#proxy/store/datasets.ts'
import { inputLevelAnnotations, inputsById } from '#proxy/store/inputs.ts'
import type { Db } from '#proxy/store/open.ts'
import { checkGeo, inputError } from './inputDraft.ts'
import { readableInputs } from './inputReading.ts'

/** What is to be done to one input, checked as far as the database is not needed. */
interface InputPatch {
  readonly path: string
  readonly id: string
  /** Of its input-level annotation; undefined = its labels are not touched. */
  readonly labels: Patch | undefined
  readonly datasetIds: readonly string[]
}

/**
 * PatchInputs: 1 to 128, each applied or refused by itself, all in one transaction. An input's `data` is that of its
 * input-level annotation, so the same rules and rights hold as for PatchAnnotations, its picture always stays, and its
 * name follows `metadata.filename` (api.md §4, §9-29). `dataset_ids`: merge puts it into them too, remove takes it out,
 * overwrite leaves it in these only; without any it stays where it is.
 */
export const patchInputs: MethodImpl<typeof V2.method.patchInputs> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'changeInputs')
  checkBatch(request.inputs, 'inputs', deps.limits.batch)
  const action = patchAction(request.action)
  const levels = await levelIds(app, request.inputs, deps)
  const patches = await Promise.all(
    request.inputs.map((asked, i) =>
      attemptAsync(() => inputPatchOf(asked, `inputs[${i}]`, action, levels, app, deps)),
    ),
  )
  const done = await deps.store.write
    .transaction()
    .execute((tx) => write(tx, app, action, patches, saidNames(request.inputs), compares(call), deps))
  return answer(request.inputs, done, app, call, deps)
}

/** Ids of the input-level annotations by the ids of their inputs; they never change. */
const levelIds = async (app: AppInUse, inputs: readonly Input[], { store }: Deps) => {
  const ids = [...new Set(inputs.map(({ id }) => id))]
  const rows = await inputLevelAnnotations(store.read, app.no, ids)
  return new Map(rows.map((row) => [row.input_id, row.id]))
}

const inputPatchOf = async (
  asked: Input,
  path: string,
  action: PatchAction,
  levels: ReadonlyMap<string, string>,
  app: AppInUse,
  deps: Deps,
): Promise<InputPatch> => {
  const { id, data, datasetIds } = asked
  const level = levels.get(id)
  if (level === undefined) throw noInput(path, id)
  if (!data && datasetIds.length === 0)
    throw new ApiError(StatusCode.INPUT_INVALID_ARGUMENT, `${path}.data: required, unless dataset_ids are given`)
  const patch = { path, id, datasetIds: [...new Set(datasetIds)] }
  if (!data) return { ...patch, labels: undefined }
  checkGeo(data, `${path}.data.geo`)
  const sent = create(AnnotationSchema, {
    inputId: id,
    id: level,
    data: withoutPayload(data),
    ...(asked.modifiedAt && { modifiedAt: asked.modifiedAt }),
  })
  return { ...patch, labels: await patchOf(sent, path, action, app.callerId, deps) }
}

/** Pictures, videos, texts and sounds are not patched; clients that send back what they got send them along. */
const withoutPayload = (data: NonNullable<Input['data']>) => {
  const labels = clone(DataSchema, data)
  for (const kind of ['image', 'video', 'text', 'audio'] as const) delete labels[kind]
  return labels
}

const noInput = (path: string, id: string): ApiError =>
  new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `${path}.id: the app has no input "${id}"`)

/** @returns for each patch how it fared */
const write = async (
  tx: Db,
  app: AppInUse,
  action: PatchAction,
  patches: readonly Attempt<InputPatch>[],
  names: NewConcepts['names'],
  compare: boolean,
  deps: Deps,
): Promise<Attempt<InputPatch>[]> => {
  await lockApp(tx, app.no)
  const valid = patches.flatMap((patch) => (patch.ok ? [patch.value] : []))
  const living = await livingInputs(
    tx,
    app.no,
    valid.map(({ id }) => id),
  )
  const datasets = await datasetsOf(tx, app, valid, action)
  const checked = patches.map((patch) =>
    patch.ok ? attempt(() => settle(patch.value, living, datasets, app, action)) : patch,
  )
  const labels = checked.flatMap((patch) => (patch.ok && patch.value.labels ? [patch.value.labels] : []))
  const written = await writePatches(
    tx,
    app,
    { action, deleteIfEmptyData: false, names },
    labels.map((value) => ({ ok: true, value })),
    compare,
    deps,
  )
  const how = new Map(labels.map((patch, i) => [patch, written[i]!]))
  const done = checked.map((patch) => {
    const own = patch.ok && patch.value.labels ? how.get(patch.value.labels)! : patch
    return patch.ok && !own.ok ? own : patch
  })
  for (const item of done) if (item.ok) await moveInDatasets(tx, app, item.value, datasets, action, deps)
  return done
}

interface Datasets {
  /** Their numbers by id: those that are named, and those inputs are taken out of. */
  readonly numbers: ReadonlyMap<string, number>
  /** In which datasets the inputs are, as the patches before leave them. */
  readonly current: Map<string, readonly string[]>
}

const datasetsOf = async (
  tx: Db,
  app: AppInUse,
  patches: readonly InputPatch[],
  action: PatchAction,
): Promise<Datasets> => {
  const moved = patches.filter(({ datasetIds }) => datasetIds.length > 0)
  const current = await datasetIdsOf(tx, app.no, moved)
  const named = moved.flatMap(({ datasetIds }) => datasetIds)
  const left = action === 'overwrite' ? [...current.values()].flat() : []
  const rows = await datasetsById(tx, app.no, [...named, ...left])
  return { numbers: new Map(rows.map((row) => [row.id, Number(row.no)])), current }
}

/** Everything about a patch but its labels. @throws ApiError of the item */
const settle = (
  patch: InputPatch,
  living: ReadonlySet<string>,
  datasets: Datasets,
  app: AppInUse,
  action: PatchAction,
): InputPatch => {
  const { path, id, datasetIds } = patch
  if (!living.has(id)) throw noInput(path, id)
  for (const [i, dataset] of datasetIds.entries())
    if (!datasets.numbers.has(dataset))
      throw new ApiError(
        StatusCode.INPUT_INVALID_ARGUMENT,
        `${path}.dataset_ids[${i}]: the app has no dataset "${dataset}"`,
      )
  const missing = leaving(patch, datasets, action).length > 0 ? missingScopes(app.scopes, ['Inputs_Delete']) : []
  if (missing.length > 0)
    throw new ApiError(
      StatusCode.CONN_INSUFFICIENT_SCOPES,
      `${path}.dataset_ids: missing scopes: ${missing.join(', ')}`,
    )
  return patch
}

/** Ids of the datasets the input is in and will not be. */
const leaving = ({ id, datasetIds }: InputPatch, { current }: Datasets, action: PatchAction): readonly string[] => {
  const now = current.get(id) ?? []
  if (action === 'merge' || datasetIds.length === 0) return []
  return now.filter((dataset) => datasetIds.includes(dataset) === (action === 'remove'))
}

const moveInDatasets = async (
  tx: Db,
  app: AppInUse,
  patch: InputPatch,
  datasets: Datasets,
  action: PatchAction,
  { now }: Deps,
): Promise<void> => {
  const { id, datasetIds } = patch
  const left = leaving(patch, datasets, action)
  for (const dataset of left) await removeFromDataset(tx, datasets.numbers.get(dataset)!, [id])
  const joined = action === 'remove' ? [] : datasetIds
  for (const dataset of joined) await addToDataset(tx, app.no, datasets.numbers.get(dataset)!, [id], now())
  const kept = (datasets.current.get(id) ?? []).filter((dataset) => !left.includes(dataset))
  datasets.current.set(id, [...new Set([...kept, ...joined])])
}

const answer = async (
  asked: readonly Input[],
  done: readonly Attempt<InputPatch>[],
  app: AppInUse,
  call: Parameters<typeof patchInputs>[1],
  deps: Deps,
) => {
  const rows = await inputsById(
    deps.store.write,
    app.no,
    done.flatMap((item) => (item.ok ? [item.value.id] : [])),
  )
  const patched = new Map((await readableInputs(rows, app, deps.store.write, deps)).map((input) => [input.id, input]))
  const statuses = done.map((item) => (item.ok ? undefined : failedItem(inputError(item.error))))
  const inputs = statuses.map((status, i) =>
    status ? create(InputSchema, { id: asked[i]!.id, status }) : patched.get(asked[i]!.id)!,
  )
  const failures = statuses.filter((status) => status !== undefined)
  return create(MultiInputResponseSchema, { status: overall(call, done.length, failures), inputs })
}
