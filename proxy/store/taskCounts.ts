import { sql } from 'kysely'
import type { Db } from './open.ts'

/** How many of one worker's things are in one state. */
export interface StateCount {
  readonly kind: 'user' | 'model' | 'workflow'
  /** A user's id, or the id of the version of a model or workflow. */
  readonly worker: string
  readonly statusCode: number
  readonly count: number
}

/** Assignments of a task by worker and state, on inputs that are there. */
export const countAssignments = async (db: Db, app: number, taskId: string): Promise<StateCount[]> => {
  const rows = await db
    .selectFrom('task_assignment')
    .innerJoin('input', (join) =>
      join.onRef('input.app', '=', 'task_assignment.app').onRef('input.id', '=', 'task_assignment.input_id'),
    )
    .select(['worker_id', 'task_assignment.status_code'])
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('task_assignment.app', '=', app)
    .where('task_id', '=', taskId)
    .where('withdrawn_at', 'is', null)
    .where('input.deleted_at', 'is', null)
    .groupBy(['worker_id', 'task_assignment.status_code'])
    .execute()
  return rows.map((row) => ({
    kind: 'user',
    worker: row.worker_id,
    statusCode: row.status_code,
    count: Number(row.count),
  }))
}

/** Annotations of a task by worker and state: those that say something, which work orders and notes do not. */
export const countTaskAnnotations = async (db: Db, app: number, taskId: string): Promise<StateCount[]> => {
  const rows = await db
    .selectFrom('annotation')
    .select(['user_id', 'model_version_id', 'workflow_version_id', 'status_code'])
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .where('task_id', '=', taskId)
    .where((eb) => eb.or([eb('has_data', '=', 1), eb('marks_empty', '=', 1)]))
    .groupBy(['user_id', 'model_version_id', 'workflow_version_id', 'status_code'])
    .execute()
  return rows.map((row) => ({
    ...(row.user_id !== null
      ? { kind: 'user', worker: row.user_id }
      : row.model_version_id !== null
        ? { kind: 'model', worker: row.model_version_id }
        : { kind: 'workflow', worker: row.workflow_version_id ?? '' }),
    statusCode: row.status_code,
    count: Number(row.count),
  }))
}

/** Numbers about the inputs of a task that are there. */
export interface TaskProgress {
  readonly inputs: number
  /** All their people have submitted, and nobody is missing. */
  readonly worked: number
  /** Worked, and nothing of it waits for anybody. */
  readonly settled: number
  /** Something of it waits for review. */
  readonly waiting: number
}

export const taskProgress = async (db: Db, app: number, taskId: string): Promise<TaskProgress> => {
  const result = await sql<Record<keyof TaskProgress, number>>`
    select count(*) as inputs,
      coalesce(sum(case when free = 0 and given > 0 and open = 0 then 1 else 0 end), 0) as worked,
      coalesce(sum(case when free = 0 and given > 0 and open = 0 and waits = 0 then 1 else 0 end), 0) as settled,
      coalesce(sum(case when reviewing > 0 then 1 else 0 end), 0) as waiting
    from (
      select ti.free, count(a.id) as given,
        coalesce(sum(case when a.status_code = 54201 then 1 else 0 end), 0) as open,
        coalesce(sum(case when a.status_code in (54202, 54203) then 1 else 0 end), 0) as waits,
        coalesce(sum(case when a.status_code = 54202 then 1 else 0 end), 0) as reviewing
      from task_input ti
      join input i on i.app = ti.app and i.id = ti.input_id and i.deleted_at is null
      left join task_assignment a on a.app = ti.app and a.task_id = ti.task_id and a.input_id = ti.input_id
        and a.withdrawn_at is null
      where ti.app = ${app} and ti.task_id = ${taskId}
      group by ti.input_id, ti.free
    ) as each_input`.execute(db)
  const row = result.rows[0]!
  return {
    inputs: Number(row.inputs),
    worked: Number(row.worked),
    settled: Number(row.settled),
    waiting: Number(row.waiting),
  }
}

/** Inputs by reviewer and by how far that review is (TASK_ASSIGNMENT_REVIEW_*): on how many inputs they have one. */
export const reviewProgress = async (
  db: Db,
  app: number,
  taskId: string,
): Promise<{ reviewer: string; statusCode: number; inputs: number }[]> => {
  const rows = await db
    .selectFrom('task_review as r')
    .innerJoin('task_assignment as a', (join) =>
      join.onRef('a.app', '=', 'r.app').onRef('a.task_id', '=', 'r.task_id').onRef('a.id', '=', 'r.assignment_id'),
    )
    .select(['r.reviewer_id', 'r.status_code'])
    .select((eb) => eb.fn.count<number>('a.input_id').distinct().as('inputs'))
    .where('r.app', '=', app)
    .where('r.task_id', '=', taskId)
    .where('a.withdrawn_at', 'is', null)
    .groupBy(['r.reviewer_id', 'r.status_code'])
    .execute()
  return rows.map((row) => ({
    reviewer: row.reviewer_id,
    statusCode: row.status_code,
    inputs: Number(row.inputs),
  }))
}
