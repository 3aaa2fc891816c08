import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { GetSentBackResponseSchema, type Team } from '#gen/marquee/v1/team_pb.ts'
import { type Annotation, AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { loadMasks } from '#proxy/service/annotations/annotationMasks.ts'
import { isNote } from '#proxy/service/annotations/annotationParts.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { studioApp } from '#proxy/service/studio/studio.ts'
import { loadTask } from '#proxy/service/tasks/taskInUse.ts'
import { timestampOf } from '#proxy/service/time.ts'
import type { Db } from '#proxy/store/open.ts'
import { type AnnotationWrite, annotationHistory, lastSentBack } from '#proxy/store/sentBack.ts'
import { checkNamed, foundAssignment, foundOrder, type Named } from './teamActs.ts'
import { reviewsOrders, seesEverybody, seesTask } from './teamRights.ts'
import { orderKey } from './workRecord.ts'

/** One piece of work, as the history knows it. */
interface Piece {
  readonly key: string
  readonly inputId: string
  readonly workerId: string
}

/** @throws ApiError CONN_DOES_NOT_EXIST, TASK_MISSING, TASK_PERMISSION_DENIED for another's work */
export const getSentBack: MethodImpl<typeof Team.method.getSentBack> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'readWork')
  checkNamed(request)
  const db = deps.store.read
  const { key, inputId, workerId } = await pieceOf(db, app, request, deps)
  const event = await lastSentBack(db, app.no, request.taskId, key)
  if (!event) return create(GetSentBackResponseSchema)
  const writes = (await annotationHistory(db, app.no, inputId)).filter((row) =>
    isOfWork(messageOf(row.after ?? row.before), request.taskId, workerId),
  )
  const then = [...lastWords(writes.slice(0, untilSentBack(writes, event)))].flatMap(([, message]) => message ?? [])
  await loadMasks(then, deps)
  return create(GetSentBackResponseSchema, {
    at: timestampOf(event.at),
    by: event.actor_id,
    annotations: then.map((annotation) => toBinary(AnnotationSchema, annotation)),
  })
}

const messageOf = (message: Uint8Array | null): Annotation | undefined =>
  message === null ? undefined : fromBinary(AnnotationSchema, message)

/** Of each annotation what it last was; undefined: deleted. */
const lastWords = (writes: readonly AnnotationWrite[]): Map<string, Annotation | undefined> =>
  new Map(writes.map((row) => [row.item_id, messageOf(row.after)]))

/**
 * How many of these writes had been made when the work was sent back: up to the last one by which its reviewer gave one
 * back. By the writes themselves, since their times are moved apart where they would be the same; by time where nothing
 * had been drawn.
 */
const untilSentBack = (
  writes: readonly AnnotationWrite[],
  event: { readonly at: number; readonly actor_id: string },
): number => {
  const last = writes.findLastIndex((row) => row.user_id === event.actor_id && isSendingBack(row))
  return last >= 0 ? last + 1 : writes.filter((row) => Number(row.at) <= event.at).length
}

const submitted: readonly (StatusCode | undefined)[] = [
  StatusCode.ANNOTATION_AWAITING_REVIEW,
  StatusCode.ANNOTATION_SUCCESS,
]
const open: readonly (StatusCode | undefined)[] = [StatusCode.ANNOTATION_PENDING, StatusCode.ANNOTATION_REVIEW_DENIED]

const isSendingBack = ({ before, after }: AnnotationWrite): boolean =>
  submitted.includes(messageOf(before)?.status?.code) && open.includes(messageOf(after)?.status?.code)

const isOfWork = (annotation: Annotation | undefined, taskId: string, workerId: string): boolean =>
  annotation?.userId === workerId && annotation.taskId === taskId && !annotation.inputLevel && !isNote(annotation)

const pieceOf = async (db: Db, app: AppInUse, request: Named, deps: Deps): Promise<Piece> => {
  if (request.taskId === '') {
    const row = await foundOrder(db, app, request)
    check(row.user_id === app.callerId || reviewsOrders(app) || seesEverybody(app), row.user_id)
    return { key: orderKey(row), inputId: row.input_id, workerId: row.user_id }
  }
  const work = await loadTask(db, app, request.taskId, deps)
  const row = await foundAssignment(db, work, request.itemId)
  check(row.worker_id === app.callerId || seesTask(work), row.worker_id)
  return { key: row.id, inputId: row.input_id, workerId: row.worker_id }
}

const check = (sees: boolean, workerId: string): void => {
  if (!sees) throw new ApiError(StatusCode.TASK_PERMISSION_DENIED, `item_id: it is the work of "${workerId}"`)
}
