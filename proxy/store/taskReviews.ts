import { type Selectable, sql } from 'kysely'
import { batches } from './batches.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'
import type { AssignmentRow } from './taskAssignments.ts'

export type ReviewRow = Selectable<Tables['task_review']>

/** Everybody's part in the review of these assignments. */
export const reviewsOf = async (db: Db, app: number, taskId: string, ids: readonly string[]): Promise<ReviewRow[]> => {
  const found: ReviewRow[] = []
  for (const batch of batches(ids, 1000))
    found.push(
      ...(await db
        .selectFrom('task_review')
        .selectAll()
        .where('app', '=', app)
        .where('task_id', '=', taskId)
        .where('assignment_id', 'in', batch)
        .execute()),
    )
  return found
}

/** What a reviewer has open, on inputs that are there, in the task's order; of these workers only, if given. */
export const openReviews = (
  db: Db,
  app: number,
  taskId: string,
  reviewerId: string,
  workerIds: readonly string[],
  limit: number,
): Promise<AssignmentRow[]> => {
  let query = db
    .selectFrom('task_review')
    .innerJoin('task_assignment', (join) =>
      join
        .onRef('task_assignment.app', '=', 'task_review.app')
        .onRef('task_assignment.task_id', '=', 'task_review.task_id')
        .onRef('task_assignment.id', '=', 'task_review.assignment_id'),
    )
    .selectAll('task_assignment')
    .where('task_review.app', '=', app)
    .where('task_review.task_id', '=', taskId)
    .where('reviewer_id', '=', reviewerId)
    .where('task_review.status_code', '=', 54301)
    .where('task_assignment.status_code', '=', 54202)
    .where('withdrawn_at', 'is', null)
    .where(sql<boolean>`exists (select 1 from input where input.app = task_assignment.app
      and input.id = task_assignment.input_id and input.deleted_at is null)`)
  if (workerIds.length > 0) query = query.where('worker_id', 'in', workerIds)
  return query.orderBy('task_assignment.place').orderBy('worker_id').limit(limit).execute()
}

/** Writes a reviewer's part in some reviews, whatever it was before. */
export const putReviews = async (
  tx: Db,
  app: number,
  taskId: string,
  assignmentIds: readonly string[],
  review: {
    readonly reviewerId: string
    readonly statusCode: number
    readonly leaseUntil: number
    readonly now: number
  },
): Promise<void> => {
  const { reviewerId, statusCode, leaseUntil, now } = review
  for (const batch of batches(assignmentIds, 1000))
    await tx
      .insertInto('task_review')
      .values(
        batch.map((assignment_id) => ({
          app,
          task_id: taskId,
          assignment_id,
          reviewer_id: reviewerId,
          status_code: statusCode,
          lease_until: leaseUntil,
          created_at: now,
          modified_at: now,
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['app', 'task_id', 'assignment_id', 'reviewer_id'])
          .doUpdateSet({ status_code: statusCode, lease_until: leaseUntil, modified_at: now }),
      )
      .execute()
}

/** Others no longer have these open: somebody took them over, or the matter is decided. */
export const dismissReviews = async (
  tx: Db,
  app: number,
  taskId: string,
  assignmentIds: readonly string[],
  except: string,
  now: number,
): Promise<void> => {
  for (const batch of batches(assignmentIds, 1000))
    await tx
      .updateTable('task_review')
      .set({ status_code: 54302, modified_at: now })
      .where('app', '=', app)
      .where('task_id', '=', taskId)
      .where('assignment_id', 'in', batch)
      .where('reviewer_id', '<>', except)
      .where('status_code', '=', 54301)
      .execute()
}

/** Forgets the reviews of these: their work starts anew. */
export const removeReviews = async (
  tx: Db,
  app: number,
  taskId: string,
  assignmentIds: readonly string[],
): Promise<void> => {
  for (const batch of batches(assignmentIds, 1000))
    await tx
      .deleteFrom('task_review')
      .where('app', '=', app)
      .where('task_id', '=', taskId)
      .where('assignment_id', 'in', batch)
      .execute()
}
