import { create, fromBinary } from '@bufbuild/protobuf'
import {
  type DatasetInput,
  DatasetInputSchema,
  type Input,
  InputSchema,
  type Search,
  SearchSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  type MultiDatasetInputResponse,
  MultiDatasetInputResponseSchema,
  type PostDatasetInputsRequest,
  SingleDatasetInputResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { readableInputs } from '#proxy/service/inputs/inputReading.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkBatch, itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { type AppInUse, checkAction, findApp } from '#proxy/service/people/access.ts'
import { visibleIn } from '#proxy/service/people/visibility.ts'
import { findSavedSearch, inputsOfSearch, subjectOf } from '#proxy/service/searches/searchRun.ts'
import { itemStatus, ok, overall } from '#proxy/service/status.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { lockApp } from '#proxy/store/apps.ts'
import {
  type Added,
  addToDataset,
  listMembers,
  type Membership,
  memberOf,
  removeFromDataset,
} from '#proxy/store/datasets.ts'
import { inputsById } from '#proxy/store/inputs.ts'
import type { Db } from '#proxy/store/open.ts'
import { findDataset } from './datasetFinding.ts'

/**
 * By ids, at once: each has DATASET_INPUT_SUCCESS, DATASET_INPUT_DUPLICATE or INPUT_DOES_NOT_EXIST. A duplicate is no
 * failure of the call, so that it may be repeated. By a search: all that it finds, all or none; the answer holds the
 * first of those that are new.
 */
const postDatasetInputs: MethodImpl<typeof V2.method.postDatasetInputs> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addDatasetInputs')
  if (request.search) return postFound(request, request.search, app, call, deps)
  checkBatch(request.datasetInputs, 'dataset_inputs', deps.limits.batch)
  const ids = request.datasetInputs.map(({ input }) => input?.id ?? '')
  const { no, how } = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const no = Number((await findDataset(tx, app, request.datasetId)).no)
    return { no, how: await addToDataset(tx, app.no, no, ids, deps.now()) }
  })
  const items = await answered(request, ids, no, how, app, deps)
  const failures = items
    .map(({ input }) => input!.status!)
    .filter((status) => status.code === StatusCode.INPUT_DOES_NOT_EXIST)
  return create(MultiDatasetInputResponseSchema, {
    status: overall(call, items.length, failures),
    datasetInputs: items,
  })
}

const postFound = async (
  { datasetId, datasetInputs }: PostDatasetInputsRequest,
  search: Search,
  app: AppInUse,
  call: Call,
  deps: Deps,
): Promise<MultiDatasetInputResponse> => {
  if (datasetInputs.length > 0)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, 'search: not together with dataset_inputs')
  for (const action of ['readInputs', 'readAnnotations'] as const) checkAction(app, action)
  const visible = await visibleIn(app, deps.store.read)
  const { no, added } = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const no = Number((await findDataset(tx, app, datasetId)).no)
    const kept = search.id && !search.query ? await findSavedSearch(tx, app.no, search.id, 'search.id') : undefined
    const found = inputsOfSearch(
      tx,
      app.no,
      kept ? fromBinary(SearchSchema, kept.message) : search,
      kept && subjectOf(kept),
      { callerId: app.callerId, visible },
    )
    const added: string[] = []
    for await (const ids of found) added.push(...(await addToDataset(tx, app.no, no, ids, deps.now())).added)
    return { no, added }
  })
  const items = await newMembers(added.slice(0, deps.limits.batch), no, app, deps)
  for (const item of items) withStatus(item, itemStatus(StatusCode.DATASET_INPUT_SUCCESS))
  return create(MultiDatasetInputResponseSchema, { status: ok(call), datasetInputs: items })
}

const newMembers = async (ids: readonly string[], dataset: number, app: AppInUse, deps: Deps) => {
  const members = await Promise.all(ids.map((id) => memberOf(deps.store.write, dataset, id)))
  const there = members.filter((member) => member !== undefined)
  return messagesOf(there, app, deps.store.write, deps)
}

/** What became of each item; an id that is there twice is a duplicate the second time. */
const answered = async (
  request: PostDatasetInputsRequest,
  ids: readonly string[],
  dataset: number,
  { added, unknown }: Added,
  app: AppInUse,
  deps: Deps,
): Promise<DatasetInput[]> => {
  const stored = await newMembers([...added], dataset, app, deps)
  const fresh = new Map(stored.map((item) => [item.input!.id, item]))
  return ids.map((id, i) => {
    const item = fresh.get(id)
    fresh.delete(id)
    if (item) return withStatus(item, itemStatus(StatusCode.DATASET_INPUT_SUCCESS))
    const path = `dataset_inputs[${i}].input.id`
    const status = unknown.has(id)
      ? itemStatus(StatusCode.INPUT_DOES_NOT_EXIST, `${path}: the app has no input "${id}"`)
      : itemStatus(StatusCode.DATASET_INPUT_DUPLICATE, `${path}: "${id}" is in dataset "${request.datasetId}" already`)
    return withStatus(create(DatasetInputSchema, { input: create(InputSchema, { id }) }), status)
  })
}

const withStatus = (item: DatasetInput, status: NonNullable<Input['status']>): DatasetInput => {
  item.input!.status = status
  return item
}

const messagesOf = async (
  members: readonly Membership[],
  app: AppInUse,
  db: Db,
  deps: Deps,
): Promise<DatasetInput[]> => {
  const rows = await inputsById(
    db,
    app.no,
    members.map((member) => member.input_id),
  )
  const inputs = new Map((await readableInputs(rows, app, db, deps)).map((input) => [input.id, input]))
  return members.flatMap(({ input_id, added_at }) => {
    const input = inputs.get(input_id)
    return input ? [create(DatasetInputSchema, { createdAt: timestampOf(Number(added_at)), input })] : []
  })
}

/** In the order they were added. */
const listDatasetInputs: MethodImpl<typeof V2.method.listDatasetInputs> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readDatasets')
  const page = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const dataset = await findDataset(deps.store.read, app, request.datasetId)
  const members = await listMembers(deps.store.read, Number(dataset.no), page)
  const datasetInputs = await messagesOf(members, app, deps.store.read, deps)
  return create(MultiDatasetInputResponseSchema, { status: ok(call), datasetInputs })
}

const getDatasetInput: MethodImpl<typeof V2.method.getDatasetInput> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readDatasets')
  const dataset = await findDataset(deps.store.read, app, request.datasetId)
  const member = await memberOf(deps.store.read, Number(dataset.no), request.inputId)
  const [datasetInput] = member ? await messagesOf([member], app, deps.store.read, deps) : []
  if (!datasetInput)
    throw new ApiError(
      StatusCode.CONN_DOES_NOT_EXIST,
      `input_id: dataset "${request.datasetId}" has no input "${request.inputId}"`,
    )
  return create(SingleDatasetInputResponseSchema, { status: ok(call), datasetInput })
}

/** The inputs themselves stay. Those that are not in it are passed over, so that it may be repeated. */
const deleteDatasetInputs: MethodImpl<typeof V2.method.deleteDatasetInputs> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteDatasetInputs')
  checkBatch(request.inputIds, 'input_ids', deps.limits.batch)
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const dataset = await findDataset(tx, app, request.datasetId)
    await removeFromDataset(tx, Number(dataset.no), request.inputIds)
  })
  return create(BaseResponseSchema, { status: ok(call) })
}

export const datasetInputMethods = {
  postDatasetInputs,
  listDatasetInputs,
  getDatasetInput,
  deleteDatasetInputs,
} satisfies V2Methods
