import { fromBinary } from '@bufbuild/protobuf'
import { AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { PutTaskAssignmentsRequestAction as Action } from '#gen/web/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { listAnnotations } from './annotations.ts'
import type { SettleBody } from './commands.ts'
import { ApiFailure, failureOf } from './errors.ts'
import { noteOf } from './notes.ts'
import { type InputScope, userAppId } from './scope.ts'
import { gone, isStatus, moveAll, type Person } from './statusMoves.ts'
import { workItems } from './work.ts'

const { ANNOTATION_AWAITING_REVIEW, ANNOTATION_REVIEW_DENIED, ANNOTATION_SUCCESS } = StatusCode
/** WorkState.WAITING and DONE, without the code that comes with the enum. */
const [WAITING, DONE] = [3, 4]

/**
 * One answer of several: what the reviewer adds is posted, what is no part of it is denied, and the work it is in is
 * approved, so that nobody has to do it again. Each step may be repeated. First it is asked whether all of it still
 * waits: somebody else's verdict stands. @throws ApiFailure, ConnectError
 */
export async function settle(person: Person, scope: InputScope, body: SettleBody): Promise<void> {
  await checkWaits(person, scope, body)
  const { clients, headers } = person
  if (body.add.length > 0) {
    const annotations = body.add.map((bytes) => fromBinary(AnnotationSchema, bytes))
    const answer = await clients.api.postAnnotations({ userAppId: userAppId(scope), annotations }, { headers })
    if (answer.status?.code !== StatusCode.SUCCESS)
      throw failureOf(answer.annotations.find(({ status }) => isRefusal(status?.code))?.status ?? answer.status)
  }
  const drop = new Set(body.drop)
  const all = await listAnnotations(clients, scope, new AbortController().signal)
  const waiting = all.filter(
    (annotation) => annotation.taskId === body.task && isStatus(annotation, ANNOTATION_AWAITING_REVIEW),
  )
  const denied = waiting.filter(({ id }) => drop.has(id))
  await moveAll(person, scope, denied, ANNOTATION_REVIEW_DENIED)
  if (body.task !== '') return approve(person, scope, body)
  const people = new Set(all.filter(({ id }) => body.items.includes(id)).map(({ userId }) => userId))
  const kept = waiting.filter((one) => people.has(one.userId) && !drop.has(one.id) && !one.inputLevel && !noteOf(one))
  await moveAll(person, scope, kept, ANNOTATION_SUCCESS)
}

const isRefusal = (code: StatusCode | undefined): boolean => code !== undefined && code !== ANNOTATION_SUCCESS

async function checkWaits({ clients }: Person, scope: InputScope, { task, items }: SettleBody): Promise<void> {
  const found = await workItems(clients, scope, { task, workers: [], input: scope.input, perPage: 100 })
  for (const id of items) {
    const item = found.items.find((one) => one.id === id)
    if (!item) throw gone(id)
    // done already: a repeat of this very command
    if (item.state === WAITING || (item.state === DONE && item.decidedBy !== '')) continue
    throw new ApiFailure({
      code: StatusCode.TASK_CONFLICT,
      details: item.decidedBy
        ? `"${item.decidedBy}" has decided on the work of "${item.workerId}" already`
        : `the work of "${item.workerId}" does not wait for a verdict any more`,
      description: '',
      requestId: '',
    })
  }
}

async function approve({ clients, headers }: Person, scope: InputScope, { task, items }: SettleBody): Promise<void> {
  const answer = await clients.api.putTaskAssignments(
    {
      userAppId: userAppId(scope),
      taskId: task,
      action: Action.REVIEW_APPROVE,
      actionConfig: { case: 'reviewApproveConfig', value: { taskAssignments: items.map((id) => ({ id })) } },
    },
    { headers },
  )
  if (answer.status?.code !== StatusCode.SUCCESS)
    throw failureOf(
      answer.taskAssignments.find(({ status }) => status?.code !== StatusCode.TASK_ASSIGNMENT_SUCCESS)?.status ??
        answer.status,
    )
}
