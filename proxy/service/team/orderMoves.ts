import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { stored } from '#proxy/service/annotations/annotationReading.ts'
import { appSettings } from '#proxy/service/appSettings.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { agree } from '#proxy/service/tasks/taskAgreement.ts'
import type { AnnotationRow } from '#proxy/store/annotations.ts'
import type { Db } from '#proxy/store/open.ts'
import { isOrder, labelsOf, markOrder, type OrderRow, ordersOfInputs } from '#proxy/store/orders.ts'
import type { WorkAction } from '#proxy/store/schema.ts'
import { addEvents } from '#proxy/store/workEvents.ts'
import { speakerOf } from './consensusCopies.ts'
import { followOrderVerdict } from './orderAdditions.ts'
import type { Decided } from './reviewerLabels.ts'
import { writeStatus } from './statusWrites.ts'
import { orderEvent } from './workRecord.ts'

const { ANNOTATION_SUCCESS, ANNOTATION_PENDING, ANNOTATION_AWAITING_REVIEW } = StatusCode
const { ANNOTATION_AWAITING_CONSENSUS_REVIEW, ANNOTATION_REVIEW_DENIED } = StatusCode

/** An annotation that was patched: after, and its row before. */
interface Moved {
  readonly after: Annotation
  readonly current: { readonly row: AnnotationRow }
}

/** After annotations were patched: notes what was done with those that are orders, and decides what can be decided. */
export const followOrders = async (tx: Db, app: AppInUse, applied: readonly Moved[], deps: Deps): Promise<void> => {
  const moved = applied.filter(
    ({ after, current: { row } }) => isOrder(row) && (after.status?.code ?? row.status_code) !== row.status_code,
  )
  for (const { after, current } of moved) await follow(tx, app, current.row, after.status!.code, deps)
  for (const { after, current } of moved) {
    const to = decidedBy(current.row.status_code, after.status!.code, current.row.user_id === app.callerId)
    if (to !== undefined) await followOrderVerdict(tx, app, after.inputId, to, deps.now())
  }
  await settleOrders(
    tx,
    app,
    moved.map(({ after }) => after.inputId),
    deps,
  )
}

const follow = async (tx: Db, app: AppInUse, row: AnnotationRow, to: StatusCode, deps: Deps): Promise<void> => {
  const order = { input_id: row.input_id, id: row.id, user_id: row.user_id ?? '' }
  const action = actionOf(row.status_code, to, order.user_id === app.callerId)
  if (action === undefined) return
  await addEvents(tx, [orderEvent(app, order, action, deps.now())])
  const submits = action === 'submit' || action === 'finish'
  await markOrder(
    tx,
    app.no,
    { inputId: row.input_id, id: row.id },
    {
      decided_by: submits ? null : app.callerId,
      ...((submits || to === ANNOTATION_PENDING) && { opened_by: null, opened_at: null }),
      ...(to === ANNOTATION_PENDING && { round: row.round + 1 }),
    },
  )
}

/** What a reviewer's verdict makes of it; undefined when it is none. */
const decidedBy = (from: number, to: StatusCode, own: boolean): Decided | undefined => {
  if (from !== ANNOTATION_AWAITING_REVIEW || (own && to === ANNOTATION_PENDING)) return undefined
  return ([ANNOTATION_SUCCESS, ANNOTATION_PENDING, ANNOTATION_REVIEW_DENIED] as const).find((one) => one === to)
}

const actionOf = (from: number, to: StatusCode, own: boolean): WorkAction | undefined => {
  if (from === ANNOTATION_PENDING || from === ANNOTATION_REVIEW_DENIED)
    return to === ANNOTATION_SUCCESS ? 'finish' : 'submit'
  if (from === ANNOTATION_SUCCESS) return to === ANNOTATION_PENDING ? 'reopen' : undefined
  if (to === ANNOTATION_SUCCESS) return 'approve'
  if (to === ANNOTATION_REVIEW_DENIED) return 'deny'
  return to === ANNOTATION_PENDING ? (own ? 'unsubmit' : 'return') : undefined
}

/** Two people's labels agree when their regions overlap by this much, unless the app's settings say otherwise. */
const usualOverlap = 0.5

/**
 * Decides, for inputs on which somebody's order waits for the others, once nobody has it open any more: all agree, and
 * all is approved; or not, and all goes to the reviewers.
 */
export const settleOrders = async (
  tx: Db,
  app: AppInUse,
  inputIds: readonly string[],
  deps: Pick<Deps, 'now'>,
): Promise<void> => {
  const orders = await ordersOfInputs(tx, app.no, inputIds)
  for (const [inputId, some] of Map.groupBy(orders, (row) => row.input_id)) {
    const waiting = some.filter((row) => row.status_code === ANNOTATION_AWAITING_CONSENSUS_REVIEW)
    const open = some.filter(
      (row) => row.status_code === ANNOTATION_PENDING || row.status_code === ANNOTATION_REVIEW_DENIED,
    )
    if (waiting.length > 0 && open.length === 0) await settle(tx, app, inputId, waiting, deps)
  }
}

const settle = async (
  tx: Db,
  app: AppInUse,
  inputId: string,
  waiting: readonly OrderRow[],
  deps: Pick<Deps, 'now'>,
): Promise<void> => {
  const rows = await labelsOf(
    tx,
    app.no,
    inputId,
    waiting.map((row) => row.user_id),
  )
  const opinions = waiting.map((order) => rows.filter((row) => row.user_id === order.user_id).map(stored))
  const overlap = appSettings(app.message).overlap ?? usualOverlap
  const agreed = opinions.every((one, i) => opinions.slice(i + 1).every((other) => agree(one, other, overlap)))
  const to = agreed ? ANNOTATION_SUCCESS : ANNOTATION_AWAITING_REVIEW
  const speaker = agreed
    ? speakerOf(waiting.map((order, i) => ({ worker: order.user_id, annotations: opinions[i]! })))
    : undefined
  const moving = rows.filter((row) => row.status_code === ANNOTATION_AWAITING_CONSENSUS_REVIEW)
  await writeStatus(tx, app, moving, to, deps.now(), (row) => (row.is_order ? undefined : speaker))
  const events = waiting.map((row) => ({
    ...orderEvent(app, row, agreed ? 'agree' : 'disagree', deps.now()),
    actor_id: '',
  }))
  await addEvents(tx, events)
}
