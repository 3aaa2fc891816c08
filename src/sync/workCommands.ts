import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { PutTaskAssignmentsRequestAction as Action } from '#gen/web/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { listAnnotations } from './annotations.ts'
import type { Clients } from './client.ts'
import type { Command, SubmitTarget, Verdict, VerdictBody } from './commands.ts'
import { classify, failureOf } from './errors.ts'
import { newNote, noteOf } from './notes.ts'
import { type InputScope, userAppId } from './scope.ts'
import { settle } from './settleCommand.ts'
import { gone, isStatus, moveAll, type Person } from './statusMoves.ts'

const { ANNOTATION_SUCCESS, ANNOTATION_PENDING, ANNOTATION_AWAITING_REVIEW, ANNOTATION_REVIEW_DENIED } = StatusCode
const { ANNOTATION_AWAITING_CONSENSUS_REVIEW } = StatusCode

const statusOfTarget: Readonly<Record<SubmitTarget, StatusCode>> = {
  done: ANNOTATION_SUCCESS,
  review: ANNOTATION_AWAITING_REVIEW,
  consensus: ANNOTATION_AWAITING_CONSENSUS_REVIEW,
}

/** Does a person's commands on the server; each may be repeated. @throws ApiFailure, ConnectError */
export const workCommands =
  (clients: Clients, userId: string) =>
  async ({ id, scope, body }: Command): Promise<void> => {
    const person: Person = { clients, userId, headers: { 'x-marquee-user': userId } }
    switch (body.is) {
      case 'submit':
        return body.task === '' ? submitOrder(person, scope, body.item, body.to) : submitTask(person, scope, body)
      case 'unsubmit':
        return unsubmit(person, scope, body.task, body.item)
      case 'skip':
        return skip(person, scope, body)
      case 'verdict':
        return decide(person, scope, id, body)
      case 'settle':
        return settle(person, scope, body)
    }
  }

async function submitTask(
  { clients, headers }: Person,
  scope: InputScope,
  { task, item }: { task: string; item: string },
): Promise<void> {
  const answer = await clients.api.putTaskAssignments(
    {
      userAppId: userAppId(scope),
      taskId: task,
      action: Action.LABEL_SUBMIT,
      actionConfig: { case: 'labelSubmitConfig', value: { taskAssignments: [{ id: item }] } },
    },
    { headers },
  )
  if (answer.status?.code === StatusCode.SUCCESS) return
  throw failureOf(answer.taskAssignments[0]?.status ?? answer.status)
}

/** The order and the person's own regions on its input together (decisions §8). */
async function submitOrder(person: Person, scope: InputScope, order: string, to: SubmitTarget): Promise<void> {
  const own = await ownAnnotations(person, scope, '')
  const open = own.filter(
    (annotation) => isStatus(annotation, ANNOTATION_PENDING) || isStatus(annotation, ANNOTATION_REVIEW_DENIED),
  )
  if (!own.some(({ id }) => id === order)) throw gone(order)
  // sent back or denied work goes to the reviewers again, whatever the rule for the first time
  const denied = open.some((annotation) => isStatus(annotation, ANNOTATION_REVIEW_DENIED))
  await moveAll(person, scope, open, denied ? ANNOTATION_AWAITING_REVIEW : statusOfTarget[to])
}

/** In a task, the server opens the whole assignment again with the first of its annotations. */
async function unsubmit(person: Person, scope: InputScope, task: string, item: string): Promise<void> {
  const own = await ownAnnotations(person, scope, task)
  const submitted = own.filter(
    (annotation) => isStatus(annotation, ANNOTATION_AWAITING_REVIEW) || isStatus(annotation, ANNOTATION_SUCCESS),
  )
  if (own.length === 0) throw gone(item)
  await moveAll(person, scope, submitted, ANNOTATION_PENDING)
}

async function skip(
  { clients, headers }: Person,
  scope: InputScope,
  { task, item, reason }: { task: string; item: string; reason: string },
): Promise<void> {
  const team = await clients.team()
  await team.skipWork(
    {
      userId: scope.owner,
      appId: scope.app,
      taskId: task,
      itemId: item,
      inputId: scope.input,
      reason: reason.slice(0, 500),
    },
    { headers },
  )
}

/**
 * The reason first, so that the labeler never has work back without it; it goes again where the verdict is refused. The
 * server lets the first verdict stand, and the same one again change nothing.
 */
async function decide(person: Person, scope: InputScope, id: string, body: VerdictBody): Promise<void> {
  const { task, item, verdict, reason } = body
  if (reason !== '') await tell(person, scope, id, body)
  try {
    if (task === '') await decideOrder(person, scope, item, body)
    else await decideTask(person, scope, task, item, verdict)
  } catch (error) {
    const final = classify(error) === 'refused' || classify(error) === 'conflict'
    if (final && reason !== '') await untell(person, scope, id)
    throw error
  }
}

async function tell(person: Person, scope: InputScope, id: string, body: VerdictBody): Promise<void> {
  const { clients, userId, headers } = person
  const { task, verdict, worker: to, reason: text } = body
  const note = newNote({ id, inputId: scope.input, userId, thread: id, text, task, verdict, to })
  const answer = await clients.api.postAnnotations({ userAppId: userAppId(scope), annotations: [note] }, { headers })
  if (answer.status?.code !== StatusCode.SUCCESS) throw failureOf(answer.annotations[0]?.status ?? answer.status)
}

/** As far as it goes: what is told is that the verdict was refused. */
async function untell({ clients, headers }: Person, scope: InputScope, annotationId: string): Promise<void> {
  await clients.api
    .deleteAnnotation({ userAppId: userAppId(scope), inputId: scope.input, annotationId }, { headers })
    .catch(() => undefined)
}

async function decideTask(
  { clients, headers }: Person,
  scope: InputScope,
  taskId: string,
  item: string,
  verdict: Verdict,
): Promise<void> {
  const value = { taskAssignments: [{ id: item }] }
  const asked = {
    approve: { action: Action.REVIEW_APPROVE, actionConfig: { case: 'reviewApproveConfig' as const, value } },
    changes: {
      action: Action.REVIEW_REQUEST_CHANGES,
      actionConfig: { case: 'reviewRequestChangesConfig' as const, value },
    },
    deny: { action: Action.REVIEW_REJECT, actionConfig: { case: 'reviewRejectConfig' as const, value } },
  }[verdict]
  const answer = await clients.api.putTaskAssignments({ userAppId: userAppId(scope), taskId, ...asked }, { headers })
  if (answer.status?.code !== StatusCode.SUCCESS) throw failureOf(answer.taskAssignments[0]?.status ?? answer.status)
}

const statusOfVerdict: Readonly<Record<Verdict, StatusCode>> = {
  approve: ANNOTATION_SUCCESS,
  changes: ANNOTATION_PENDING,
  deny: ANNOTATION_REVIEW_DENIED,
}

/** The order and its person's regions on the input together (docs/team.md). */
async function decideOrder(person: Person, scope: InputScope, order: string, body: VerdictBody): Promise<void> {
  const all = await listAnnotations(person.clients, scope, new AbortController().signal)
  const theirs = all.filter(
    (annotation) =>
      annotation.userId === body.worker && annotation.taskId === '' && !annotation.inputLevel && !noteOf(annotation),
  )
  const to = statusOfVerdict[body.verdict]
  const its = theirs.find(({ id }) => id === order)
  if (!its) throw gone(order)
  const moving = theirs.filter((annotation) => isStatus(annotation, ANNOTATION_AWAITING_REVIEW))
  if (!moving.includes(its) && !isStatus(its, to)) moving.unshift(its)
  await moveAll(person, scope, moving, to)
  await moveAll(person, scope, addedInReview(all, person.userId, body), to)
}

/**
 * What the reviewer added to an order, as far as the verdict decides on it (docs/team.md); a server of ours has moved it
 * already. Where they have an order of their own on the input, it belongs to that; sent back or denied it waits for what
 * else on the input does; what was returned with the work is approved with it.
 */
export function addedInReview(
  all: readonly Annotation[],
  userId: string,
  { verdict, worker }: Pick<VerdictBody, 'verdict' | 'worker'>,
): readonly Annotation[] {
  const labels = all.filter((one) => one.taskId === '' && !one.inputLevel && !noteOf(one))
  const own = labels.filter((one) => one.userId === userId)
  if (own.some(isOrder)) return []
  if (verdict === 'approve')
    return own.filter((one) => isStatus(one, ANNOTATION_AWAITING_REVIEW) || isStatus(one, ANNOTATION_PENDING))
  const waits = labels.some((one) => one.userId !== worker && isOrder(one) && isStatus(one, ANNOTATION_AWAITING_REVIEW))
  return waits ? [] : own.filter((one) => isStatus(one, ANNOTATION_AWAITING_REVIEW))
}

const isOrder = ({ data }: Annotation): boolean => !data || (data.regions.length === 0 && data.concepts.length === 0)

const ownAnnotations = async (
  { clients, userId }: Person,
  scope: InputScope,
  task: string,
): Promise<readonly Annotation[]> => {
  const all = await listAnnotations(clients, scope, new AbortController().signal)
  return all.filter(
    (annotation) =>
      annotation.userId === userId && annotation.taskId === task && !annotation.inputLevel && !noteOf(annotation),
  )
}
