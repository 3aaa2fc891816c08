import { create } from '@bufbuild/protobuf'
import {
  AnnotationKeySchema,
  RestoreAnnotationsResponseSchema,
  RestoreInputsResponseSchema,
  type Studio,
} from '#gen/marquee/v1/marquee_pb.ts'
import { UserAppIDSetSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { type Person, whyNot } from '#proxy/service/annotations/annotationAccess.ts'
import { stored } from '#proxy/service/annotations/annotationReading.ts'
import { subjectOf } from '#proxy/service/annotations/annotationSubject.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { personIn } from '#proxy/service/appSettings.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { checkBatch } from '#proxy/service/paging.ts'
import { findApp } from '#proxy/service/people/access.ts'
import { personFor, taskRules } from '#proxy/service/tasks/taskRules.ts'
import { type AnnotationRow, annotationsByKey, livingInputs } from '#proxy/store/annotations.ts'
import { lockApp } from '#proxy/store/apps.ts'
import { refreshLabelled } from '#proxy/store/labelled.ts'
import { restoreAnnotations as bringBack, restoreInputs as bringInputsBack } from '#proxy/store/restores.ts'

/** What was deleted is kept this long (decisions §2), in µs. */
export const keptMicros = 30 * 24 * 3600 * 1_000_000

const addressOf = ({ userId, appId }: { userId: string; appId: string }) =>
  create(UserAppIDSetSchema, { userId, appId })

/**
 * RestoreAnnotations: who may delete an annotation may bring it back. All or nothing where rights are lacking; answers
 * those that are there now, whether they came back or had never gone. @throws ApiError 24156
 */
export const restoreAnnotations: MethodImpl<typeof Studio.method.restoreAnnotations> = async (request, call, deps) => {
  const app = await findApp(deps, call, addressOf(request), 'deleteAnnotations')
  checkBatch(request.annotations, 'annotations', deps.limits.batch)
  const keys = request.annotations.map(({ inputId, annotationId }) => ({ input_id: inputId, id: annotationId }))
  const restored = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const deleted = (await annotationsByKey(tx, app.no, keys)).filter((row) => row.deleted_at !== null)
    const annotations = deleted.map(stored)
    const tasks = await taskRules(tx, app.no, annotations)
    for (const [i, row] of deleted.entries()) checkRight(row, personFor(personIn(app), annotations[i]!, tasks))
    await bringBack(tx, app.no, deleted, { by: app.callerId, now: deps.now(), since: deps.now() - keptMicros })
    await refreshLabelled(
      tx,
      app.no,
      deleted.map((row) => row.input_id),
    )
    return (await annotationsByKey(tx, app.no, keys)).filter((row) => row.deleted_at === null)
  })
  const there = new Set(restored.map((row) => `${row.input_id}/${row.id}`))
  return create(RestoreAnnotationsResponseSchema, {
    restored: keys
      .filter((key) => there.has(`${key.input_id}/${key.id}`))
      .map((key) => create(AnnotationKeySchema, { inputId: key.input_id, annotationId: key.id })),
  })
}

const checkRight = (row: AnnotationRow, person: Person): void => {
  const reason = whyNot(person, { do: 'delete', subject: subjectOf(row) })
  if (reason) throw new ApiError(StatusCode.ANNOTATION_PERMISSION_DENIED, `annotations: "${row.id}": ${reason}`)
}

/** RestoreInputs, with the annotations that went with them. Answers those that are there now. */
export const restoreInputs: MethodImpl<typeof Studio.method.restoreInputs> = async (request, call, deps) => {
  const app = await findApp(deps, call, addressOf(request), 'deleteInputs')
  checkBatch(request.inputIds, 'input_ids', deps.limits.batch)
  const there = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const doing = { by: app.callerId, now: deps.now(), since: deps.now() - keptMicros }
    await refreshLabelled(tx, app.no, await bringInputsBack(tx, app.no, request.inputIds, doing))
    return livingInputs(tx, app.no, request.inputIds)
  })
  return create(RestoreInputsResponseSchema, { restored: request.inputIds.filter((id) => there.has(id)) })
}
