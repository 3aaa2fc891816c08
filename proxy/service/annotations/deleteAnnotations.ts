import { create } from '@bufbuild/protobuf'
import type { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { appSettings, personIn } from '#proxy/service/appSettings.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { checkBatch } from '#proxy/service/paging.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { ok } from '#proxy/service/status.ts'
import { personFor, taskRules, whyNotChange } from '#proxy/service/tasks/taskRules.ts'
import { settleOrders } from '#proxy/service/team/orderMoves.ts'
import { orderRules, whyNotInOrder } from '#proxy/service/team/orderRules.ts'
import { invalid } from '#proxy/service/validate.ts'
import { deleteAnnotations as deleteRows } from '#proxy/store/annotationDeletes.ts'
import { type AnnotationKey, type AnnotationRow, annotationByKey, annotationsByKey } from '#proxy/store/annotations.ts'
import { lockApp } from '#proxy/store/apps.ts'
import { refreshLabelled } from '#proxy/store/labelled.ts'
import type { Db } from '#proxy/store/open.ts'
import { isOrder } from '#proxy/store/orders.ts'
import { othersAnnotation } from '#proxy/store/othersAnnotation.ts'
import { type Person, whyNot } from './annotationAccess.ts'
import { stored } from './annotationReading.ts'
import { subjectOf } from './annotationSubject.ts'
import { pairs } from './readAnnotations.ts'

/** DeleteAnnotation. @throws ApiError CONN_DOES_NOT_EXIST, 24155 for an input-level one, 24156 for another's */
export const deleteAnnotation: MethodImpl<typeof V2.method.deleteAnnotation> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteAnnotations')
  const key = { input_id: request.inputId, id: request.annotationId }
  await deps.store.together(async (tx) => {
    await lockApp(tx, app.no)
    const row = await annotationByKey(tx, app.no, key)
    if (!row)
      throw new ApiError(
        StatusCode.CONN_DOES_NOT_EXIST,
        `annotation_id: no annotation "${key.id}" of input "${key.input_id}"`,
      )
    await checkDeletes(tx, app, [row], () => 'annotation_id')
    await remove(tx, app, { keys: [key] }, deps)
  })
  return create(BaseResponseSchema, { status: ok(call) })
}

/**
 * DeleteAnnotations: exactly the given pairs, or all of the given inputs but the input-level ones. All or nothing;
 * pairs that are not there are passed over (api.md §8).
 */
export const deleteAnnotations: MethodImpl<typeof V2.method.deleteAnnotations> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteAnnotations')
  checkBatch(request.inputIds, 'input_ids', deps.limits.batch)
  const keys = pairs(request.ids, request.inputIds)
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    if (keys.length > 0) await deletePairs(tx, app, keys, deps)
    else await deleteOfInputs(tx, app, [...new Set(request.inputIds)], deps)
  })
  return create(BaseResponseSchema, { status: ok(call) })
}

const deletePairs = async (tx: Db, app: AppInUse, keys: readonly AnnotationKey[], deps: Deps): Promise<void> => {
  const rows = await annotationsByKey(tx, app.no, keys)
  const places = new Map(keys.map((key, i) => [`${key.input_id}/${key.id}`, i]))
  const living = rows.filter((row) => row.deleted_at === null)
  await checkDeletes(tx, app, living, (row) => `ids[${places.get(`${row.input_id}/${row.id}`)}]`)
  await remove(tx, app, { keys }, deps)
}

const deleteOfInputs = async (tx: Db, app: AppInUse, inputIds: readonly string[], deps: Deps): Promise<void> => {
  const others = app.role === 'owner' ? undefined : await othersAnnotation(tx, app.no, inputIds, app.callerId)
  if (others) checkDelete(others, personIn(app), `input_ids: annotation "${others.id}" of input "${others.input_id}"`)
  await remove(tx, app, { inputIds }, deps)
}

/** What is approved, or was ordered of somebody, is not theirs to delete. @throws ApiError of the first one */
const checkDeletes = async (
  tx: Db,
  app: AppInUse,
  rows: readonly AnnotationRow[],
  pathOf: (row: AnnotationRow) => string,
): Promise<void> => {
  const person = personIn(app)
  const annotations = rows.map(stored)
  const tasks = await taskRules(tx, app.no, annotations)
  // reviewers fix what they review (decisions §9), which may be one region too many
  for (const [i, row] of rows.entries()) checkDelete(row, personFor(person, annotations[i]!, tasks), pathOf(row))
  if (person.role === 'owner') return
  const orders = await orderRules(tx, app, annotations)
  for (const [i, annotation] of annotations.entries()) {
    const reason =
      (isOrder(rows[i]!) && (orders.isGiven(annotation) || annotation.userId !== person.id)
        ? 'it was given to somebody to label: skip it instead'
        : undefined) ??
      whyNotInOrder(annotation, undefined, person, orders, pathOf(rows[i]!)) ??
      whyNotChange(annotation, { status: undefined, taskId: '' }, person, tasks)
    if (reason) throw new ApiError(StatusCode.ANNOTATION_PERMISSION_DENIED, `${pathOf(rows[i]!)}: ${reason}`)
  }
}

const checkDelete = (row: AnnotationRow, person: Person, path: string): void => {
  if (row.input_level)
    throw invalid(path, `"${row.id}" is the annotation of the input itself: delete the input instead`)
  const reason = whyNot(person, { do: 'delete', subject: subjectOf(row) })
  if (reason) throw new ApiError(StatusCode.ANNOTATION_PERMISSION_DENIED, `${path}: ${reason}`)
}

type Which = { readonly keys: readonly AnnotationKey[] } | { readonly inputIds: readonly string[] }

const remove = async (tx: Db, app: AppInUse, which: Which, deps: Deps): Promise<void> => {
  await deleteRows(tx, { app: app.no, ...which }, { by: app.callerId, now: deps.now() })
  if (appSettings(app.message).review === 'consensus')
    await settleOrders(tx, app, 'keys' in which ? which.keys.map((key) => key.input_id) : which.inputIds, deps)
  await refreshLabelled(tx, app.no, 'keys' in which ? which.keys.map((key) => key.input_id) : which.inputIds)
}
