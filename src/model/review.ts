import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'

/** The five statuses that people and workflows give to annotations. */
export const annotationStatuses = [
  StatusCode.ANNOTATION_SUCCESS,
  StatusCode.ANNOTATION_PENDING,
  StatusCode.ANNOTATION_AWAITING_REVIEW,
  StatusCode.ANNOTATION_REVIEW_DENIED,
  StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW,
] as const

export type AnnotationStatus = (typeof annotationStatuses)[number]

export const isAnnotationStatus = (code: number): code is AnnotationStatus =>
  (annotationStatuses as readonly number[]).includes(code)

const labels: Readonly<Record<AnnotationStatus, string>> = {
  [StatusCode.ANNOTATION_SUCCESS]: 'Done',
  [StatusCode.ANNOTATION_PENDING]: 'To do',
  [StatusCode.ANNOTATION_AWAITING_REVIEW]: 'Waiting for review',
  [StatusCode.ANNOTATION_REVIEW_DENIED]: 'Denied',
  [StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW]: 'Waiting for the others',
}

/** The name of a status for people; codes that no annotation has are named by their number. */
export const statusLabel = (code: number): string => (isAnnotationStatus(code) ? labels[code] : `Status ${code}`)

/** What somebody is to an annotation when they ask to move it. One person may be several. */
export type Actor = 'author' | 'owner' | 'reviewer' | 'server'

export interface Edge {
  /** 'new': it does not exist yet */
  readonly from: AnnotationStatus | 'new'
  readonly to: AnnotationStatus
  readonly by: readonly Actor[]
  /** the same edge, but only until a reviewer has opened it */
  readonly unopened?: true
}

const { ANNOTATION_SUCCESS, ANNOTATION_PENDING, ANNOTATION_AWAITING_REVIEW } = StatusCode
const { ANNOTATION_REVIEW_DENIED, ANNOTATION_AWAITING_CONSENSUS_REVIEW } = StatusCode

/** decisions §7. Binding for annotations that carry a task or came from an assignment. */
export const edges: readonly Edge[] = [
  // free labeling, the default of the API
  { from: 'new', to: ANNOTATION_SUCCESS, by: ['author', 'owner', 'reviewer'] },
  // the owner for another person; anyone's new region in assigned work
  { from: 'new', to: ANNOTATION_PENDING, by: ['author', 'owner'] },
  // what a reviewer adds to the work of others while it waits
  { from: 'new', to: ANNOTATION_AWAITING_REVIEW, by: ['owner', 'reviewer'] },
  // Submit, as the review strategy says
  { from: ANNOTATION_PENDING, to: ANNOTATION_AWAITING_REVIEW, by: ['author'] },
  { from: ANNOTATION_PENDING, to: ANNOTATION_AWAITING_CONSENSUS_REVIEW, by: ['author'] },
  { from: ANNOTATION_PENDING, to: ANNOTATION_SUCCESS, by: ['author'] },
  // the last needed person has submitted
  { from: ANNOTATION_AWAITING_CONSENSUS_REVIEW, to: ANNOTATION_SUCCESS, by: ['server'] },
  { from: ANNOTATION_AWAITING_CONSENSUS_REVIEW, to: ANNOTATION_AWAITING_REVIEW, by: ['server'] },
  // Approve, Request changes, Deny
  { from: ANNOTATION_AWAITING_REVIEW, to: ANNOTATION_SUCCESS, by: ['reviewer', 'owner'] },
  { from: ANNOTATION_AWAITING_REVIEW, to: ANNOTATION_PENDING, by: ['reviewer', 'owner'] },
  { from: ANNOTATION_AWAITING_REVIEW, to: ANNOTATION_REVIEW_DENIED, by: ['reviewer', 'owner'] },
  // Unsubmit
  { from: ANNOTATION_AWAITING_REVIEW, to: ANNOTATION_PENDING, by: ['author'], unopened: true },
  // submitting again
  { from: ANNOTATION_REVIEW_DENIED, to: ANNOTATION_AWAITING_REVIEW, by: ['author'] },
  // Reopen
  { from: ANNOTATION_SUCCESS, to: ANNOTATION_PENDING, by: ['owner', 'reviewer'] },
]

export interface Move {
  readonly from: AnnotationStatus | 'new'
  readonly to: AnnotationStatus
  /** everything the asking person is to this annotation */
  readonly actors: readonly Actor[]
  /** it carries a task id or came from an assignment; else its author and the owner are free */
  readonly assigned: boolean
  /** a reviewer has opened it since it was submitted */
  readonly opened?: boolean
}

/** Whether the status may move so. Staying where it is, is no move and always allowed. */
export function mayMove({ from, to, actors, assigned, opened = false }: Move): boolean {
  if (from === to) return true
  if (!assigned && (actors.includes('author') || actors.includes('owner'))) return true
  return edges.some(
    (edge) =>
      edge.from === from &&
      edge.to === to &&
      !(edge.unopened && opened) &&
      edge.by.some((actor) => actors.includes(actor)),
  )
}
