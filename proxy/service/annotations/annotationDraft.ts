import { clone, create, equals } from '@bufbuild/protobuf'
import { type Annotation, AnnotationSchema, type RegionInfo } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { checkNote } from '#proxy/service/team/notes.ts'
import { checkId, invalid } from '#proxy/service/validate.ts'
import { type Person, whyNot } from './annotationAccess.ts'
import { bareStatus, nameRegions, saidTask, stripConcepts } from './annotationForm.ts'
import { storeMasks } from './annotationMasks.ts'
import { hasPlace, isEmptyData, regionOf } from './annotationParts.ts'
import { checkSize } from './annotationSize.ts'
import { saidWorker, setWorker, type WorkerKey } from './annotationWorker.ts'
import { checkData, checkOneShape, statusOf } from './validateAnnotation.ts'

/** A posted annotation in the form it is stored in, but for its times and for what only the database knows. */
export interface Draft {
  readonly annotation: Annotation
  /** `annotations[3]` */
  readonly path: string
  readonly worker: WorkerKey
  /** The annotation came without an id; the one made here is nobody's. */
  readonly namedHere?: boolean
  /** The region came without an id, which was made here. */
  readonly regionNamedHere: boolean
  /** The region is there by its id only: `region_info` is copied from the region that has it (api.md §9-20). */
  readonly placeless: boolean
  /** The state it was posted with; undefined when none was said. */
  readonly saidStatus: StatusCode | undefined
}

/**
 * Everything about a posted annotation that can be checked without the database, and its masks stored. Takes what was
 * posted over: its data is changed and becomes the draft's.
 * @throws ApiError of the item: 24155 invalid, 24156 not allowed, 30102 without input
 */
export const draftOf = async (posted: Annotation, path: string, person: Person, deps: Deps): Promise<Draft> => {
  if (posted.inputId === '') throw new ApiError(StatusCode.INPUT_DOES_NOT_EXIST, `${path}.input_id: required`)
  if (posted.id) checkId(`${path}.id`, posted.id, deps.limits.conceptIdBytes)
  const status = statusOf(posted, path)
  checkSomething(posted, path)
  checkSize(posted, path, deps.limits)
  checkNote(posted, path)
  const worker = saidWorker(posted, path, person.id) ?? ({ kind: 'user', id: person.id } as const)
  checkRight(worker, path, person)
  checkData(posted.data, `${path}.data`, deps.limits)
  if (worker.kind === 'user') checkOneShape(posted.data, `${path}.data`)
  const annotation = create(AnnotationSchema, {
    id: posted.id || deps.newId(),
    inputId: posted.inputId,
    ...(posted.data && { data: posted.data }),
    ...(posted.annotationInfo && { annotationInfo: posted.annotationInfo }),
    ...(posted.consensusInfo && { consensusInfo: posted.consensusInfo }),
    embedModelVersionId: posted.embedModelVersionId,
    taskId: saidTask(posted, path),
    status: bareStatus(status ?? StatusCode.ANNOTATION_SUCCESS),
    trusted: worker.kind === 'user',
  })
  setWorker(annotation, worker, posted.worker)
  const namedHere = posted.id === ''
  return { annotation, path, worker, namedHere, saidStatus: status, ...(await finishData(annotation, path, deps)) }
}

/** An assignment has a state and no data, a note or mark only its info; what says nothing at all is a mistake. */
const checkSomething = (posted: Annotation, path: string): void => {
  if (isEmptyData(posted.data) && !posted.status?.code && !posted.annotationInfo)
    throw invalid(`${path}.data`, 'required, unless a status is given')
}

const checkRight = (worker: WorkerKey, path: string, person: Person): void => {
  const reason = whyNot(person, { do: 'post', author: worker.kind === 'user' ? worker.id : undefined })
  if (reason) throw new ApiError(StatusCode.ANNOTATION_PERMISSION_DENIED, `${path}.user_id: ${reason}`)
}

const finishData = async ({ data }: Annotation, path: string, deps: Deps) => {
  const region = regionOf(data)
  const regionNamedHere = region !== undefined && region.id === ''
  stripConcepts(data)
  nameRegions(data, deps.newId)
  await storeMasks(data, `${path}.data`, deps)
  return { regionNamedHere, placeless: region !== undefined && !hasPlace(region.regionInfo) }
}

/** Gives a region that is there by its id only the place of that region. Changes the draft. */
export const placeRegion = (draft: Draft, place: RegionInfo | undefined): void => {
  const region = regionOf(draft.annotation.data)
  if (!draft.placeless || !region) return
  if (!place) throw invalid(`${draft.path}.data.regions[0].id`, `the input has no region "${region.id}"`)
  region.regionInfo = place
}

/**
 * Whether a stored annotation is what the draft says: then the post is a repeat (decisions §3). Times do not count, nor
 * what the server added the first time: the id of a nameless region, the place of one named by its id only.
 */
export const isRepeat = (draft: Draft, before: Annotation): boolean => {
  const again = clone(AnnotationSchema, draft.annotation)
  const [region, old] = [regionOf(again.data), regionOf(before.data)]
  if (region && old && draft.regionNamedHere) region.id = old.id
  if (region && old && draft.placeless && region.id === old.id && old.regionInfo) region.regionInfo = old.regionInfo
  const { createdAt, modifiedAt } = before
  return equals(
    AnnotationSchema,
    { ...again, ...(createdAt && { createdAt }), ...(modifiedAt && { modifiedAt }) },
    before,
  )
}
