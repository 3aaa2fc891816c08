import { create } from '@bufbuild/protobuf'
import {
  InputSchema,
  type TaskAssignment,
  TaskAssignmentSchema,
  UserSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  PutTaskAssignmentsRequestAction as Action,
  MultiInputResponseSchema,
  MultiTaskAssignmentResponseSchema,
  type PutTaskAssignmentsRequest,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { stored } from '#proxy/service/annotations/annotationReading.ts'
import { readMasks } from '#proxy/service/annotations/maskPixels.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Attempt } from '#proxy/service/attempt.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { readableInputs } from '#proxy/service/inputs/inputReading.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { missingScopes } from '#proxy/service/people/scopes.ts'
import { failedItem, itemStatus, ok, overall } from '#proxy/service/status.ts'
import { keepAgreement } from '#proxy/service/team/agreementKeeping.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { lockApp } from '#proxy/store/apps.ts'
import { inputsById } from '#proxy/store/inputs.ts'
import type { Db } from '#proxy/store/open.ts'
import { annotationsOfWork } from '#proxy/store/taskAnnotations.ts'
import { type AssignmentRow, assignmentsById, assignmentsOfInputs } from '#proxy/store/taskAssignments.ts'
import { asWorker } from './taskAnswer.ts'
import { loadTask, type TaskInUse } from './taskInUse.ts'
import { startLabeling, submitLabels } from './taskLabel.ts'
import { review, startReview } from './taskReview.ts'

/**
 * PutTaskAssignments: one action on the work of a task, its effects on the annotations in the same transaction.
 * Everything may be repeated. Starts answer the assignments with their inputs, the others with the inputs' ids only.
 */
export const putTaskAssignments: MethodImpl<typeof V2.method.putTaskAssignments> = async (request, call, deps) => {
  const app = await workingApp(request, call, deps)
  if (isSubmit(request)) await readOpinions(app, request, deps)
  const { done, rows } = await deps.store.together(async (tx) => {
    await lockApp(tx, app.no)
    const work = await loadTask(tx, app, request.taskId, deps)
    const done = await act(tx, work, request, deps.limits.batch)
    const ids = done.flatMap((item) => (item.ok ? [item.value] : []))
    return { done, rows: await assignmentsById(tx, app.no, request.taskId, ids) }
  })
  if (isSubmit(request))
    await keepAgreement(app.no, request.taskId, [...new Set(rows.map((row) => row.input_id))], deps)
  const byId = new Map(rows.map((row) => [row.id, row]))
  const whole = isStart(request.action)
  const messages = await readableAssignments(rows, app, deps, whole)
  const taskAssignments = done.map((item, i) =>
    item.ok ? messages.get(byId.get(item.value)!.id)! : echo(request, i, item),
  )
  const failures = done.flatMap((item) => (item.ok ? [] : [failedItem(item.error)]))
  const status = overall(call, done.length, failures)
  return create(MultiTaskAssignmentResponseSchema, { status, taskAssignments })
}

/** Reading tasks and writing annotations are both needed, of the key and of the invitation. */
const workingApp = async (
  { userAppId }: Pick<PutTaskAssignmentsRequest, 'userAppId'>,
  call: Call,
  deps: Deps,
): Promise<AppInUse> => {
  const app = await findApp(deps, call, userAppId, 'readTasks')
  const missing = missingScopes(app.scopes, ['Annotations_Add'])
  if (missing.length === 0) return app
  throw new ApiError(StatusCode.CONN_INSUFFICIENT_SCOPES, `missing scopes: ${missing.join(', ')}`)
}

const isSubmit = (request: PutTaskAssignmentsRequest): boolean => actionOf(request) === Action.LABEL_SUBMIT

/** Masks that agreement may depend on are read before the transaction, in which nothing else is waited for. */
const readOpinions = async (app: AppInUse, request: PutTaskAssignmentsRequest, deps: Deps): Promise<void> => {
  const db = deps.store.read
  const { rules } = await loadTask(db, app, request.taskId, deps)
  if (rules.strategy !== 'consensus') return
  const config = request.actionConfig.case === 'labelSubmitConfig' ? request.actionConfig.value.taskAssignments : []
  const named = await assignmentsById(
    db,
    app.no,
    request.taskId,
    config.map(({ id }) => id),
  )
  const inputIds = [request.inputId, ...config.map(({ input }) => input?.id ?? ''), ...named.map((row) => row.input_id)]
  const standing = await assignmentsOfInputs(db, app.no, request.taskId, inputIds)
  const works = standing.map((row) => ({ inputId: row.input_id, userId: row.worker_id }))
  await readMasks((await annotationsOfWork(db, app.no, request.taskId, works)).map(stored), deps)
}

const isStart = (action: Action): boolean => action === Action.LABEL_START || action === Action.REVIEW_START

/** @returns the ids of the assignments concerned, in the order of the request @throws ApiError of the whole call */
const act = async (
  tx: Db,
  work: TaskInUse,
  request: PutTaskAssignmentsRequest,
  most: number,
): Promise<readonly Attempt<string>[]> => {
  switch (actionOf(request)) {
    case Action.LABEL_START:
      return idsOf(await startLabeling(tx, work))
    case Action.LABEL_SUBMIT:
      return submitLabels(tx, work, request, most)
    case Action.REVIEW_START:
      return idsOf(await startReview(tx, work, request))
    case Action.REVIEW_APPROVE:
      return review(tx, work, Action.REVIEW_APPROVE, request, most)
    case Action.REVIEW_REQUEST_CHANGES:
      return review(tx, work, Action.REVIEW_REQUEST_CHANGES, request, most)
    case Action.REVIEW_REJECT:
      return review(tx, work, Action.REVIEW_REJECT, request, most)
    default:
      throw new ApiError(
        StatusCode.CONN_INVALID_REQUEST,
        `action: ${request.action === 0 ? 'required' : `${request.action} is none`}`,
      )
  }
}

/** Only `input_id`, as of old, means to submit it. */
const actionOf = ({ action, inputId }: PutTaskAssignmentsRequest): Action =>
  action === Action.PUT_TASK_ASSIGNMENTS_REQUEST_ACTION_NOT_SET && inputId !== '' ? Action.LABEL_SUBMIT : action

const idsOf = (rows: readonly AssignmentRow[]): Attempt<string>[] =>
  rows.map((row) => ({ ok: true as const, value: row.id }))

const readableAssignments = async (
  rows: readonly AssignmentRow[],
  app: AppInUse,
  deps: Deps,
  whole: boolean,
): Promise<Map<string, TaskAssignment>> => {
  const inputRows = whole
    ? await inputsById(
        deps.store.read,
        app.no,
        rows.map((row) => row.input_id),
      )
    : []
  const inputs = new Map(
    (await readableInputs(inputRows, app, deps.store.read, deps)).map((input) => [input.id, input]),
  )
  return new Map(
    rows.map((row) => {
      const input = inputs.get(row.input_id) ?? create(InputSchema, { id: row.input_id })
      return [row.id, create(TaskAssignmentSchema, { ...message(row), input })]
    }),
  )
}

const message = (row: AssignmentRow) => ({
  id: row.id,
  createdAt: timestampOf(Number(row.created_at)),
  modifiedAt: timestampOf(Number(row.modified_at)),
  worker: asWorker(create(UserSchema, { id: row.worker_id })),
  status: itemStatus(row.status_code as StatusCode),
})

/** An item that was refused: what the request said of it, with the reason as its status. */
const echo = (
  { actionConfig, inputId }: PutTaskAssignmentsRequest,
  i: number,
  failed: Extract<Attempt<string>, { ok: false }>,
): TaskAssignment => {
  const config = actionConfig.value
  const sent = config && 'taskAssignments' in config ? config.taskAssignments[i] : undefined
  const input = sent?.input ?? (inputId ? create(InputSchema, { id: inputId }) : undefined)
  return create(TaskAssignmentSchema, {
    id: sent?.id ?? '',
    ...(input && { input: create(InputSchema, { id: input.id }) }),
    status: failedItem(failed.error),
  })
}

/** ListNextTaskAssignments: what LABEL_START answers, as inputs. */
export const listNextTaskAssignments: MethodImpl<typeof V2.method.listNextTaskAssignments> = async (
  request,
  call,
  deps,
) => {
  const app = await findApp(deps, call, request.userAppId, 'readTasks')
  const rows = await deps.store.together(async (tx) => {
    await lockApp(tx, app.no)
    return startLabeling(tx, await loadTask(tx, app, request.taskId, deps))
  })
  const found = await inputsById(
    deps.store.read,
    app.no,
    rows.map((row) => row.input_id),
  )
  const byId = new Map(found.map((row) => [row.id, row]))
  const inputs = await readableInputs(
    rows.flatMap((row) => byId.get(row.input_id) ?? []),
    app,
    deps.store.read,
    deps,
  )
  return create(MultiInputResponseSchema, { status: ok(call), inputs })
}
