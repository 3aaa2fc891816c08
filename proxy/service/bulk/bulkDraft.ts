import { create, fromBinary, type JsonObject } from '@bufbuild/protobuf'
import {
  type BulkOperation,
  BulkOperationSchema,
  type Concept,
  type DatasetSplit,
  type Operation,
  OperationSchema,
  type Search,
  SearchSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { mayNotMake } from '#proxy/service/annotations/annotationConcepts.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { findDataset } from '#proxy/service/datasets/datasetFinding.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { isOnEarth } from '#proxy/service/inputs/place.ts'
import { checkName } from '#proxy/service/names.ts'
import { type AppInUse, checkAction, mayDo } from '#proxy/service/people/access.ts'
import { findSavedSearch, planOf, subjectOf, withoutMe } from '#proxy/service/searches/searchRun.ts'
import { whyNoId } from '#proxy/service/validate.ts'
import { unknownConcepts } from '#proxy/store/implicitConcepts.ts'
import type { Db } from '#proxy/store/open.ts'
import type { Subject } from '#proxy/store/searchPlans.ts'

/** In one operation; who has more searches for them, or puts them into a dataset. */
const mostIds = 100_000

const bad = (path: string, what: string): ApiError =>
  new ApiError(StatusCode.BULK_OPERATION_INVALID_REQUEST, `${path}: ${what}`)

/**
 * A bulk operation as it is kept: checked with what it names, searches that were only named filled in, "me" said by
 * name, the users of delete_concepts set (RP:Operation).
 * @throws ApiError BULK_OPERATION_INVALID_REQUEST, CONN_DOES_NOT_EXIST, CONN_INSUFFICIENT_SCOPES, SEARCH_INVALID_REQUEST
 */
export const normalBulkOperation = async (
  asked: BulkOperation,
  path: string,
  app: AppInUse,
  deps: Deps,
): Promise<BulkOperation> => {
  const id = asked.id || deps.newId()
  checkName(`${path}.id`, id, StatusCode.BULK_OPERATION_INVALID_REQUEST)
  const operation = await normalOperation(asked.operation, `${path}.operation`, app, deps)
  const forAnnotations = operation.annotationOperation.case !== undefined
  if (forAnnotations && asked.inputSource.case)
    throw bad(`${path}.${snake(asked.inputSource.case)}`, 'annotations are found by annotation_search')
  if (!forAnnotations && asked.annotationSource.case)
    throw bad(`${path}.annotation_search`, 'only delete_annotations takes annotations')
  const source = forAnnotations
    ? { annotationSource: await annotationSource(asked, path, app, deps.store.read) }
    : { inputSource: await inputSource(asked, path, app, deps.store.read) }
  return create(BulkOperationSchema, { id, ...source, operation })
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const annotationSource = async (
  { annotationSource: source }: BulkOperation,
  path: string,
  app: AppInUse,
  db: Db,
): Promise<BulkOperation['annotationSource']> => {
  if (source.case !== 'annotationSearch') throw bad(`${path}.annotation_search`, 'required')
  return {
    case: 'annotationSearch',
    value: await normalSearch(source.value, `${path}.annotation_search`, 'annotation', app, db),
  }
}

const inputSource = async (
  { inputSource: source }: BulkOperation,
  path: string,
  app: AppInUse,
  db: Db,
): Promise<BulkOperation['inputSource']> => {
  switch (source.case) {
    case 'inputIds': {
      const inputIds = [...new Set(source.value.inputIds)]
      if (inputIds.length < 1 || inputIds.length > mostIds)
        throw bad(`${path}.input_ids.input_ids`, `${inputIds.length} ids, must be 1 to ${mostIds}`)
      if (inputIds.includes('')) throw bad(`${path}.input_ids.input_ids`, 'one of them is empty')
      return { case: 'inputIds', value: { ...source.value, inputIds } }
    }
    case 'search':
      return { case: 'search', value: await normalSearch(source.value, `${path}.search`, 'input', app, db) }
    case 'dataset': {
      checkAction(app, 'readDatasets')
      const { id } = await findDataset(db, app, source.value.id, `${path}.dataset.id`)
      return { case: 'dataset', value: { ...source.value, id } }
    }
    default:
      throw bad(path, 'input_ids, search or dataset is required')
  }
}

/** Checked; one that has an id only is the saved one of that id. */
const normalSearch = async (sent: Search, path: string, subject: Subject, app: AppInUse, db: Db): Promise<Search> => {
  checkAction(app, subject === 'input' ? 'searchInputs' : 'searchAnnotations')
  const search = sent.id && !sent.query ? await savedOne(sent.id, path, subject, app, db) : sent
  await planOf(db, subject, search, path, { app: app.no, callerId: app.callerId, visible: undefined })
  return Object.assign(withoutMe(search, app.callerId), { save: false })
}

const savedOne = async (id: string, path: string, subject: Subject, app: AppInUse, db: Db): Promise<Search> => {
  checkAction(app, 'readSearches')
  const row = await findSavedSearch(db, app.no, id, `${path}.id`)
  if (subjectOf(row) !== subject) throw bad(`${path}.id`, `the saved search "${id}" finds ${row.kind}`)
  return fromBinary(SearchSchema, row.message)
}

const normalOperation = async (
  asked: Operation | undefined,
  path: string,
  app: AppInUse,
  deps: Deps,
): Promise<Operation> => {
  const both = [asked?.operation.case, asked?.annotationOperation.case].filter((name) => name !== undefined)
  if (!asked || both.length !== 1) throw bad(path, `${both.length} operations, must be one`)
  await checkOperation(asked, path, app, deps)
  const { operation } = asked
  if (operation.case !== 'deleteConcepts') return asked
  // RP:Operation: not set = the caller's own
  const named = operation.value.userIds.length > 0 ? operation.value.userIds : [app.callerId]
  const userIds = [...new Set(named.map((id) => (id === 'me' ? app.callerId : id)))]
  const value = { ...operation.value, userIds }
  return create(OperationSchema, { operation: { case: 'deleteConcepts', value } })
}

/** What it is given, and whether the caller may do such a thing at all. */
const checkOperation = async (
  { operation, annotationOperation }: Operation,
  path: string,
  app: AppInUse,
  deps: Deps,
): Promise<void> => {
  const at = `${path}.${snake(operation.case ?? annotationOperation.case ?? '')}`
  if (annotationOperation.case) return checkAction(app, 'deleteAnnotations')
  switch (operation.case) {
    case 'addConcepts':
      checkAction(app, 'addAnnotations')
      checkConcepts(operation.value.concepts, `${at}.concepts`, deps)
      return checkNewConcepts(operation.value.concepts, `${at}.concepts`, app, deps.store.read)
    case 'deleteConcepts':
      checkAction(app, 'addAnnotations')
      return checkConcepts(operation.value.concepts, `${at}.concepts`, deps)
    case 'addMetadata':
    case 'deleteMetadata':
      checkAction(app, 'addAnnotations')
      return checkMetadata(operation.value.metadata, `${at}.metadata`)
    case 'overwriteGeo':
      checkAction(app, 'addAnnotations')
      return checkPlace(operation.value.geo?.geoPoint, `${at}.geo.geo_point`)
    case 'deleteGeo':
      return checkAction(app, 'addAnnotations')
    case 'addToDataset':
      checkAction(app, 'addDatasetInputs')
      return void (await findDataset(deps.store.read, app, operation.value.datasetId, `${at}.dataset_id`))
    case 'deleteFromDataset':
      checkAction(app, 'deleteDatasetInputs')
      return void (await findDataset(deps.store.read, app, operation.value.datasetId, `${at}.dataset_id`))
    case 'splitIntoDatasets':
      checkAction(app, 'addDatasetInputs')
      return checkSplits(operation.value.datasetSplits, `${at}.dataset_splits`, app, deps.store.read)
  }
}

const checkConcepts = (concepts: readonly Concept[], path: string, { limits }: Deps): void => {
  if (concepts.length < 1 || concepts.length > limits.batch)
    throw bad(path, `${concepts.length} concepts, must be 1 to ${limits.batch}`)
  const seen = new Set<string>()
  for (const [i, { id, value }] of concepts.entries()) {
    const reason = whyNoId(id, limits.conceptIdBytes)
    if (reason) throw bad(`${path}[${i}].id`, reason)
    if (seen.has(id)) throw bad(`${path}[${i}].id`, `"${id}" is there twice`)
    if (!(value >= 0 && value <= 1)) throw bad(`${path}[${i}].value`, `${value} is outside [0, 1]`)
    seen.add(id)
  }
}

const checkNewConcepts = async (concepts: readonly Concept[], path: string, app: AppInUse, db: Db): Promise<void> => {
  if (mayDo(app, 'addConcepts')) return
  const ids = concepts.map(({ id }) => id)
  const fresh = await unknownConcepts(db, app.no, ids)
  if (fresh.length > 0) throw mayNotMake(path, fresh)
}

const metadataBytes = 64 * 1024 // as of datasets

const checkMetadata = (metadata: JsonObject | undefined, path: string): void => {
  if (!metadata || Object.keys(metadata).length === 0) throw bad(path, 'required')
  if (Buffer.byteLength(JSON.stringify(metadata)) > metadataBytes) throw bad(path, `larger than ${metadataBytes} bytes`)
}

const checkPlace = (point: { latitude: number; longitude: number } | undefined, path: string): void => {
  if (!point) throw bad(path, 'required')
  if (!isOnEarth(point)) throw bad(path, `${point.latitude}, ${point.longitude} is no place`)
}

/** What the shares leave of 100 goes into none of the datasets. */
const checkSplits = async (splits: readonly DatasetSplit[], path: string, app: AppInUse, db: Db): Promise<void> => {
  if (splits.length === 0) throw bad(path, 'required')
  const seen = new Set<string>()
  let sum = 0
  for (const [i, { dataset, methodInfo }] of splits.entries()) {
    const { id } = await findDataset(db, app, dataset?.id ?? '', `${path}[${i}].dataset.id`)
    if (seen.has(id)) throw bad(`${path}[${i}].dataset.id`, `"${id}" is there twice`)
    const share = methodInfo.case === 'percentage' ? methodInfo.value : 0
    if (share < 1 || share > 100) throw bad(`${path}[${i}].percentage`, `${share}, must be 1 to 100`)
    seen.add(id)
    sum += share
  }
  if (sum > 100) throw bad(path, `${sum} percent together`)
}
