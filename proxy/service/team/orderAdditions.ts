import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { appSettings } from '#proxy/service/appSettings.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import type { Db } from '#proxy/store/open.ts'
import { labelsOf, ordersOfInputs } from '#proxy/store/orders.ts'
import type { Decided } from './reviewerLabels.ts'
import { writeStatus } from './statusWrites.ts'

const { ANNOTATION_SUCCESS, ANNOTATION_PENDING, ANNOTATION_AWAITING_REVIEW, ANNOTATION_REVIEW_DENIED } = StatusCode

/**
 * What reviewers added to orders goes with the verdict, as in tasks (reviewerLabels.ts): approved by who made it; sent
 * back or denied with the work once nothing else on the input waits; what somebody else's approval leaves behind is
 * denied. An addition is a label of a reviewer who has no order on the input, AWAITING_REVIEW, or PENDING since a round
 * before; what else they label there is theirs alone.
 */
export const followOrderVerdict = async (
  tx: Db,
  app: AppInUse,
  inputId: string,
  to: Decided,
  now: number,
): Promise<void> => {
  const reviewers = [...new Set([...appSettings(app.message).reviewers, app.user_id, app.callerId])]
  const orders = await ordersOfInputs(tx, app.no, [inputId])
  const ordered = new Set(orders.map((order) => order.user_id))
  const free = reviewers.filter((id) => !ordered.has(id))
  if (free.length === 0) return
  const labels = await labelsOf(tx, app.no, inputId, free)
  const awaiting = labels.filter((row) => row.status_code === ANNOTATION_AWAITING_REVIEW)
  const own = (row: { readonly user_id: string | null }) => row.user_id === app.callerId
  if (to === ANNOTATION_SUCCESS) {
    const returned = labels.filter((row) => row.status_code === ANNOTATION_PENDING)
    await writeStatus(tx, app, [...awaiting, ...returned].filter(own), ANNOTATION_SUCCESS, now)
  }
  if (orders.some((order) => order.status_code === ANNOTATION_AWAITING_REVIEW)) return
  const left = to === ANNOTATION_SUCCESS ? awaiting.filter((row) => !own(row)) : awaiting
  await writeStatus(tx, app, left, to === ANNOTATION_PENDING ? to : ANNOTATION_REVIEW_DENIED, now)
}
