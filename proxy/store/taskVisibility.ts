import { type RawBuilder, sql } from 'kysely'
import type { Db } from './open.ts'

/**
 * The tasks of an app in which this person labels and the labelers' work is hidden from each other until their own
 * submit (decisions §10). Empty for nearly everybody.
 */
export const hidingTasksOf = async (
  db: Db,
  app: number,
  userId: string,
): Promise<{ id: string; reviews: boolean }[]> => {
  const rows = await db
    .selectFrom('task')
    .innerJoin('task_member as mine', (join) =>
      join.onRef('mine.app', '=', 'task.app').onRef('mine.task_id', '=', 'task.id').on('mine.role', '=', 'worker'),
    )
    .leftJoin('task_member as review', (join) =>
      join
        .onRef('review.app', '=', 'task.app')
        .onRef('review.task_id', '=', 'task.id')
        .onRef('review.member_id', '=', 'mine.member_id')
        .on('review.role', '=', 'reviewer'),
    )
    .select(['task.id', 'review.member_id as reviewer'])
    .where('task.app', '=', app)
    .where('task.hides', '=', 1)
    .where('task.deleted_at', 'is', null)
    .where('mine.member_id', '=', userId)
    .execute()
  return rows.map(({ id, reviewer }) => ({ id, reviews: reviewer !== null }))
}

/**
 * A condition on rows of `annotation` that leaves out what `userId` may not see yet, or undefined when there is no such
 * thing: another's annotation in a consensus task, while one's own work on that input is open, or, for those who do not
 * review the task, before their own submit as long as the annotation is not settled; what known answers were taken
 * from; with `ordersApart` the work of others who have an order on the same input. Notes are hidden only where
 * another labeler wrote them: what a reviewer says is for the one whose work it is.
 */
export const visibleTo = async (
  db: Db,
  app: number,
  userId: string,
  { ordersApart }: { readonly ordersApart: boolean },
): Promise<RawBuilder<boolean> | undefined> => {
  const conditions = [
    ...((await hasKnownAnswers(db, app)) ? [notKnownAnswer(userId)] : []),
    ...(ordersApart ? [notOrderedToo(userId)] : []),
    ...((await fromTasks(db, app, userId)) ?? []),
  ]
  return conditions.length > 0 ? sql<boolean>`(${sql.join(conditions, sql` and `)})` : undefined
}

const fromTasks = async (db: Db, app: number, userId: string): Promise<RawBuilder<boolean>[] | undefined> => {
  const tasks = await hidingTasksOf(db, app, userId)
  if (tasks.length === 0) return undefined
  const all = sql.join(tasks.map(({ id }) => id))
  const labelling = tasks.filter(({ reviews }) => !reviews).map(({ id }) => id)
  const own = sql`select 1 from task_assignment own where own.app = annotation.app
    and own.task_id = annotation.task_id and own.input_id = annotation.input_id and own.worker_id = ${userId}
    and own.withdrawn_at is null`
  const unsettled =
    labelling.length > 0
      ? sql`(annotation.task_id in (${sql.join(labelling)}) and annotation.status_code not in (24150, 24158)
          and not exists (${own} and own.status_code <> 54201))`
      : sql`1 = 0`
  const shown = sql<boolean>`(annotation.task_id is null or annotation.task_id not in (${all})
    or annotation.user_id is null or annotation.user_id = ${userId}
    or (annotation.is_note = 1 and not exists (select 1 from task_member other where other.app = annotation.app
      and other.task_id = annotation.task_id and other.role = 'worker' and other.member_id = annotation.user_id))
    or not (exists (${own} and own.status_code = 54201) or ${unsettled}))`
  return [shown]
}

const hasKnownAnswers = async (db: Db, app: number): Promise<boolean> =>
  (await db.selectFrom('known_answer').select('input_id').where('app', '=', app).limit(1).executeTakeFirst()) !==
  undefined

/** What the known answers of an input were taken from is shown only to the one who made it. */
const notKnownAnswer = (userId: string) => sql<boolean>`(annotation.user_id is null or annotation.user_id = ${userId}
  or not exists (select 1 from known_answer answer where answer.app = annotation.app
    and answer.input_id = annotation.input_id and answer.kept_by = annotation.user_id))`

/** Where several people are to label an input apart: not what the others of them made, while one's own order is open. */
const notOrderedToo = (userId: string) => sql<boolean>`(annotation.user_id is null or annotation.user_id = ${userId}
  or annotation.task_id is not null
  or not exists (select 1 from annotation mine where mine.app = annotation.app and mine.input_id = annotation.input_id
    and mine.is_order = 1 and mine.deleted_at is null and mine.user_id = ${userId} and mine.status_code = 24151)
  or not exists (select 1 from annotation theirs where theirs.app = annotation.app
    and theirs.input_id = annotation.input_id and theirs.is_order = 1 and theirs.deleted_at is null
    and theirs.user_id = annotation.user_id))`
