import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { Person } from '#proxy/service/annotations/annotationAccess.ts'
import { isNote, marqueeInfo } from '#proxy/service/annotations/annotationParts.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { type AppSettings, appSettings } from '#proxy/service/appSettings.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import type { Db } from '#proxy/store/open.ts'
import { type OrderRow, ordersOfInputs, ordersOn } from '#proxy/store/orders.ts'

// What an order outside of tasks (decisions §8) means for posting and patching: what its person puts on the input goes
// with it. Orders and what belongs to them are bound by the edges of decisions §7, as work in tasks is.

const { ANNOTATION_SUCCESS, ANNOTATION_PENDING, ANNOTATION_AWAITING_REVIEW } = StatusCode
const { ANNOTATION_AWAITING_CONSENSUS_REVIEW, ANNOTATION_REVIEW_DENIED } = StatusCode

export interface OrderRules {
  readonly review: AppSettings['review']
  /** The order that an annotation is, or belongs to; undefined for what is in a task, notes, and all else. */
  of(annotation: Annotation): OrderRow | undefined
  /** An order that somebody gave out as one of a batch (`annotation_info.marquee.assignment`). */
  isGiven(annotation: Annotation): boolean
  /** In an app that asks several people apart: who else's answer on the input is approved; undefined when nobody's is. */
  answerOf(order: OrderRow): string | undefined
}

/** What is needed to judge these annotations, read within the transaction that writes them. */
export const orderRules = async (tx: Db, app: AppInUse, annotations: readonly Annotation[]): Promise<OrderRules> => {
  const { review } = appSettings(app.message)
  const pairs = new Map(
    annotations
      .filter((annotation) => mayBelong(annotation))
      .map(({ inputId, userId }) => [`${inputId}/${userId}`, { inputId, userId }]),
  )
  const rows = await ordersOn(tx, app.no, [...pairs.values()])
  const byKey = new Map(rows.toSorted(byWeight).map((row) => [`${row.input_id}/${row.user_id}`, row]))
  const beside =
    review === 'consensus'
      ? await ordersOfInputs(
          tx,
          app.no,
          rows.map((row) => row.input_id),
        )
      : []
  const answers = beside.filter((row) => row.status_code === ANNOTATION_SUCCESS)
  const byId = new Map(rows.map((row) => [`${row.input_id}/${row.id}`, row]))
  return {
    review,
    of: (annotation) =>
      mayBelong(annotation)
        ? (byId.get(`${annotation.inputId}/${annotation.id}`) ??
          byKey.get(`${annotation.inputId}/${annotation.userId}`))
        : undefined,
    isGiven: (annotation) => typeof marqueeInfo(annotation).assignment === 'string',
    answerOf: (order) => answers.find((row) => row.input_id === order.input_id && row.id !== order.id)?.user_id,
  }
}

const mayBelong = (annotation: Annotation): boolean =>
  annotation.taskId === '' && annotation.userId !== '' && !annotation.inputLevel && !isNote(annotation)

/** Of several orders on one input the open one counts, then the newest. */
const byWeight = (a: OrderRow, b: OrderRow): number =>
  Number(isOpen(a)) - Number(isOpen(b)) || a.created_at - b.created_at

const isOpen = ({ status_code }: OrderRow): boolean =>
  status_code === ANNOTATION_PENDING || status_code === ANNOTATION_REVIEW_DENIED

/** Where the app has nobody else to review, its owner decides on their own work. */
export const personForOrder = (person: Person, app: AppInUse, order: OrderRow | undefined): Person => {
  if (!order || person.role !== 'owner') return person
  const others = appSettings(app.message).reviewers.filter((id) => id !== person.id)
  return others.length > 0 ? person : { ...person, reviewsOwnWork: true }
}

/**
 * The state a new annotation is posted in: what was ordered, and is reviewed, is PENDING until it is submitted; where
 * nobody reviews, the API's own default stays. `said` as posted, undefined = none.
 */
export const statusInOrder = (
  annotation: Annotation,
  said: StatusCode | undefined,
  rules: OrderRules,
): StatusCode | undefined => {
  const order = rules.of(annotation)
  return said ?? (order && isOpen(order) && rules.review !== 'none' ? ANNOTATION_PENDING : undefined)
}

/** Why a person may not add this to what was ordered of them; undefined when they may. */
export const whyNotAdd = (
  annotation: Annotation,
  said: StatusCode | undefined,
  person: Person,
  rules: OrderRules,
): string | undefined => {
  const order = rules.of(annotation)
  if (!order || rules.review === 'none' || person.role === 'owner') return undefined
  if (isOpen(order))
    return said && said !== ANNOTATION_PENDING ? 'what was ordered of you is PENDING until you submit it' : undefined
  return order.status_code === ANNOTATION_SUCCESS
    ? `your work on input "${annotation.inputId}" is approved: ask for it to be reopened`
    : `your work on input "${annotation.inputId}" is submitted: take it back first`
}

/**
 * Why a person may not change something that was ordered, apart from the edges; undefined when they may.
 * @throws ApiError ANNOTATION_MODIFY_FAILED when somebody else has decided in the meantime
 */
export const whyNotInOrder = (
  annotation: Annotation,
  to: StatusCode | undefined,
  person: Person,
  rules: OrderRules,
  path: string,
): string | undefined => {
  const order = rules.of(annotation)
  if (!order) return undefined
  const from = annotation.status?.code
  const moves = to !== undefined && to !== from
  const own = annotation.userId === person.id
  if (moves && !own && (person.reviewer || person.role === 'owner')) {
    checkDecided(order, from, to, person, path)
    if (to === ANNOTATION_SUCCESS) checkAnswer(rules.answerOf(order), path)
  }
  if (moves && to === ANNOTATION_AWAITING_CONSENSUS_REVIEW && rules.review !== 'consensus')
    return 'the settings of the app ask for no consensus'
  if (!own || rules.review === 'none') return undefined
  if (moves && (from === ANNOTATION_PENDING || from === ANNOTATION_REVIEW_DENIED)) return whyNotSubmit(from, to, rules)
  if (from !== order.status_code || (person.role === 'owner' && person.reviewsOwnWork)) return undefined
  if (from === ANNOTATION_SUCCESS && order.decided_by !== null) return 'it is approved: ask for it to be reopened'
  if (from === ANNOTATION_AWAITING_CONSENSUS_REVIEW) return 'it is submitted and waits for the others'
  if (from === ANNOTATION_AWAITING_REVIEW && order.opened_by !== null && order.opened_by !== person.id)
    return `reviewer "${order.opened_by}" has opened it`
  return undefined
}

/** Submit leads where the app's settings say; what was sent back goes to the reviewers again. */
const whyNotSubmit = (from: StatusCode, to: StatusCode, { review }: OrderRules): string | undefined => {
  const wanted =
    from === ANNOTATION_PENDING && review === 'consensus'
      ? [ANNOTATION_AWAITING_CONSENSUS_REVIEW, ANNOTATION_AWAITING_REVIEW]
      : [ANNOTATION_AWAITING_REVIEW]
  return (wanted as StatusCode[]).includes(to) ? undefined : 'the settings of the app say that it is reviewed'
}

/** The first verdict stands; whoever comes later is told whose it is. */
const checkDecided = (
  order: OrderRow,
  from: StatusCode | undefined,
  to: StatusCode,
  person: Person,
  path: string,
): void => {
  const decided = order.decided_by !== null && order.decided_by !== person.id
  if (!decided || from === ANNOTATION_AWAITING_REVIEW) return
  if (from === ANNOTATION_SUCCESS && to === ANNOTATION_PENDING && person.role === 'owner') return
  throw new ApiError(StatusCode.ANNOTATION_MODIFY_FAILED, `${path}: ${words(order)} by "${order.decided_by}" already`)
}

/** Datasets would hold each object twice. */
const checkAnswer = (answer: string | undefined, path: string): void => {
  if (answer === undefined) return
  const words = `the answer of "${answer}" on the input is approved already`
  throw new ApiError(StatusCode.ANNOTATION_MODIFY_FAILED, `${path}: ${words}`)
}

const words = ({ status_code }: OrderRow): string => {
  if (status_code === ANNOTATION_SUCCESS) return 'it was approved'
  return status_code === ANNOTATION_REVIEW_DENIED ? 'it was denied' : 'it was sent back'
}
