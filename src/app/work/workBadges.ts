import type { WorkItem } from '#gen/marquee/v1/team_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import type { Command } from '#sync/commands.ts'
import { workState } from './workStates.ts'

/** How far a piece of work is, as its badge shows it (workflow.md §2). */
export type BadgeKind =
  | 'todo'
  | 'draft'
  | 'submitted'
  | 'waiting'
  | 'approved'
  | 'returned'
  | 'denied'
  | 'leased'
  | 'skipped'

export const badgeLabels: Readonly<Record<BadgeKind, string>> = {
  todo: 'To do',
  draft: 'Begun',
  submitted: 'Submitted, on its way to the server',
  waiting: 'Waiting for review',
  approved: 'Done',
  returned: 'Returned to you',
  denied: 'Denied',
  leased: 'Somebody else has it now',
  skipped: 'Skipped for now',
}

/** Submitted here, whether the server knows or not; what it has refused is still to do. */
export const isSubmit = (pending: Command | undefined): boolean => pending?.body.is === 'submit' && !pending.refused

/** @param pending what is asked of the server about it and not answered yet; what it has refused does not count */
export function badgeOf(item: WorkItem, pending: Command | undefined): BadgeKind {
  const asked = pending?.refused ? undefined : pending?.body.is
  if (asked === 'submit') return 'submitted'
  if (asked === 'skip') return 'skipped'
  if (asked === 'unsubmit') return 'draft'
  switch (item.state) {
    case workState.returned:
      return isDenied(item) ? 'denied' : 'returned'
    case workState.waiting:
      return 'waiting'
    case workState.done:
      return 'approved'
    default:
      if (item.regions > 0) return 'draft'
      if (item.skips > 0) return 'skipped'
      return item.begun ? 'draft' : 'todo'
  }
}

export const isDenied = ({ statusCode }: Pick<WorkItem, 'statusCode'>): boolean =>
  statusCode === StatusCode.TASK_ASSIGNMENT_REJECTED || statusCode === StatusCode.ANNOTATION_REVIEW_DENIED

/** Waits for other labelers, not for a reviewer: it cannot be taken back. */
export const waitsForOthers = ({ statusCode }: Pick<WorkItem, 'statusCode'>): boolean =>
  statusCode === StatusCode.TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW ||
  statusCode === StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW
