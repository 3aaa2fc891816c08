import { clone, create } from '@bufbuild/protobuf'
import { type Annotation, AnnotationSchema, DataSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { passedWords } from '#proxy/service/compare.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { type PatchAction, patched } from '#proxy/service/patch.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { personFor, type TaskRules, whyNotChange } from '#proxy/service/tasks/taskRules.ts'
import { checkStaysNote } from '#proxy/service/team/notes.ts'
import { type OrderRules, personForOrder, whyNotInOrder } from '#proxy/service/team/orderRules.ts'
import { microsOf } from '#proxy/service/time.ts'
import { checkId, invalid } from '#proxy/service/validate.ts'
import type { AnnotationRow } from '#proxy/store/annotations.ts'
import { type Person, whyNot } from './annotationAccess.ts'
import { nameRegions, saidTask, stripConcepts } from './annotationForm.ts'
import { storeMasks } from './annotationMasks.ts'
import { hasPlace, isEmptyData, regionOf } from './annotationParts.ts'
import { stored } from './annotationReading.ts'
import { placeKey, type RegionPlaces } from './annotationRegions.ts'
import { checkSize } from './annotationSize.ts'
import { subjectOf } from './annotationSubject.ts'
import { saidWorker, setWorker, type WorkerKey } from './annotationWorker.ts'
import { checkData, checkOneShape, statusOf } from './validateAnnotation.ts'

/** A sent patch, checked as far as the database is not needed, in stored form. */
export interface Patch {
  readonly path: string
  readonly sent: Annotation
  readonly worker: WorkerKey | undefined
  /** The version the sender has seen (µs), when versions are compared (decisions §4); undefined = sent none. */
  readonly seen: number | undefined
}

/** @throws ApiError of the item */
export const patchOf = async (
  asked: Annotation,
  path: string,
  action: PatchAction,
  callerId: string,
  deps: Deps,
): Promise<Patch> => {
  statusOf(asked, path)
  checkSize(asked, path, deps.limits)
  if (action === 'remove') checkNamed(asked, path, deps)
  else {
    checkData(asked.data, `${path}.data`, deps.limits, action === 'merge')
    checkOneShape(asked.data, `${path}.data`)
  }
  const sent = create(AnnotationSchema, {
    ...asked,
    data: asked.data && clone(DataSchema, asked.data),
    taskId: saidTask(asked, path),
  })
  stripConcepts(sent.data)
  if (action !== 'remove') await storeMasks(sent.data, `${path}.data`, deps)
  const seen = asked.modifiedAt && microsOf(asked.modifiedAt)
  return { path, sent, worker: saidWorker(asked, path, callerId), seen }
}

/** What is to be removed is named by ids; its values do not matter. */
const checkNamed = ({ data }: Annotation, path: string, { limits }: Deps): void => {
  for (const [i, concept] of data?.concepts.entries() ?? [])
    checkId(`${path}.data.concepts[${i}].id`, concept.id, limits.conceptIdBytes)
}

/** The annotation and its row's facts as the patches of one call see it: one patch builds on the other. */
export interface Current {
  readonly row: AnnotationRow
  readonly annotation: Annotation
}

export const currentOf = (row: AnnotationRow): Current => ({ row, annotation: stored(row) })

/** What patching needs to know besides the annotation. */
export interface PatchContext {
  readonly action: PatchAction
  readonly person: Person
  readonly compare: boolean
  readonly places: RegionPlaces
  readonly tasks: TaskRules
  readonly orders: OrderRules
  readonly app: AppInUse
  readonly people: ReadonlySet<string>
  readonly deps: Deps
  /** Who last wrote an annotation, for the message about a version that has passed. */
  readonly lastWriter: (row: AnnotationRow) => string
}

/** The patched annotation. @throws ApiError of the item: not allowed, another version, invalid */
export const applyPatch = (patch: Patch, current: Current, context: PatchContext): Annotation => {
  checkRights(patch, current, context)
  if (context.compare) checkVersion(patch, current, context)
  const annotation = clone(AnnotationSchema, patched(current.annotation, patch.sent, context.action, patch.path))
  setAuthor(annotation, patch, context)
  placeRegion(annotation, patch, context.places)
  nameRegions(annotation.data, context.deps.newId)
  checkSize(annotation, patch.path, context.deps.limits)
  checkData(annotation.data, `${patch.path}.data`, context.deps.limits)
  checkStaysNote(current.annotation, annotation, patch.path)
  return annotation
}

const denied = (path: string, reason: string): ApiError =>
  new ApiError(StatusCode.ANNOTATION_PERMISSION_DENIED, `${path}: ${reason}`)

const checkRights = ({ sent, path }: Patch, { row, annotation }: Current, context: PatchContext): void => {
  const { tasks, orders, app } = context
  const order = orders.of(annotation)
  const person = personForOrder(context.person, app, order)
  const subject = subjectOf(row)
  const now = {
    ...subject,
    status: annotation.status?.code ?? StatusCode.ANNOTATION_SUCCESS,
    assigned: subject.assigned || order !== undefined,
  }
  const status = sent.status?.code || undefined
  const only = isEmptyData(sent.data) && sent.annotationInfo === undefined
  const reason =
    whyNotInOrder(annotation, status, person, orders, `${path}.id`) ??
    whyNot(personFor(person, annotation, tasks), { do: 'patch', subject: now, status, statusOnly: only }) ??
    whyNotChange(annotation, { status, taskId: sent.taskId }, person, tasks)
  if (reason) throw denied(`${path}.id`, reason)
  const { inputId, userId, taskId } = annotation
  const none = sent.taskId !== taskId && tasks.whyNone({ inputId, userId, taskId: sent.taskId })
  if (none) throw invalid(`${path}.task_id`, none)
}

const checkVersion = ({ seen, path }: Patch, { row }: Current, context: PatchContext): void => {
  if (seen === row.modified_at) return
  const words = passedWords(seen, row.modified_at, context.lastWriter(row))
  throw new ApiError(StatusCode.ANNOTATION_MODIFY_FAILED, `${path}.modified_at: ${words}`)
}

/** Only the owner gives an annotation to somebody else; saying who made it, as it is, says nothing. */
const setAuthor = (annotation: Annotation, patch: Patch, { person, people }: PatchContext): void => {
  const { worker, path } = patch
  if (worker?.kind !== 'user' || worker.id === annotation.userId) return
  const subject = { author: annotation.userId, status: StatusCode.ZERO, inputLevel: false, assigned: false }
  const reason = whyNot(person, { do: 'changeAuthor', subject })
  if (reason) throw denied(`${path}.user_id`, reason)
  if (!people.has(worker.id)) throw invalid(`${path}.user_id`, `there is no user "${worker.id}"`)
  setWorker(annotation, worker, undefined)
}

/** A region that came by its id only gets the place of that region. */
const placeRegion = (annotation: Annotation, patch: Patch, places: RegionPlaces): void => {
  const region = regionOf(annotation.data)
  if (!region?.id || hasPlace(region.regionInfo)) return
  const place = places.get(placeKey(annotation.inputId, region.id))
  if (!place) throw invalid(`${patch.path}.data.regions[0].id`, `the input has no region "${region.id}"`)
  region.regionInfo = place
}
