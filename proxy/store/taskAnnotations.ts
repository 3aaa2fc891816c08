import { sql } from 'kysely'
import type { AnnotationRow } from './annotations.ts'
import { batches } from './batches.ts'
import type { Db } from './open.ts'

/** What people made of inputs in a task: their annotations that carry it, deleted and input-level ones not. */
const madeIn = (db: Db, app: number, taskId: string) =>
  db
    .selectFrom('annotation')
    .selectAll()
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .where('task_id', '=', taskId)
    .where('input_level', '=', 0)
    .where('is_note', '=', 0)
    .where('user_id', 'is not', null)

/** Those by these people on these inputs, oldest first. */
export const annotationsOfWork = async (
  db: Db,
  app: number,
  taskId: string,
  works: readonly { readonly inputId: string; readonly userId: string }[],
): Promise<AnnotationRow[]> => {
  const wanted = new Set(works.map((work) => `${work.inputId}/${work.userId}`))
  const rows = await annotationsOnInputs(
    db,
    app,
    taskId,
    works.map((work) => work.inputId),
  )
  return rows.filter((row) => wanted.has(`${row.input_id}/${row.user_id}`))
}

/** Those on these inputs, whoever made them, oldest first. */
export const annotationsOnInputs = async (
  db: Db,
  app: number,
  taskId: string,
  inputIds: readonly string[],
): Promise<AnnotationRow[]> => {
  const found: AnnotationRow[] = []
  for (const batch of batches([...new Set(inputIds)], 500)) {
    const rows = await db
      .selectFrom('annotation')
      .selectAll()
      .where('app', '=', app)
      .where('deleted_at', 'is', null)
      .where('input_id', 'in', batch)
      // as an expression: by their inputs they are few, by their task all there are
      .where(sql<boolean>`coalesce(task_id, '') = ${taskId}`)
      .where(sql<boolean>`input_level = 0 and is_note = 0`)
      .execute()
    found.push(...rows)
  }
  return found.sort((a, b) => Number(a.created_at) - Number(b.created_at))
}

/** Those by these people and in these states; empty lists do not restrict. */
export const annotationsOfTask = (
  db: Db,
  app: number,
  taskId: string,
  { userIds, statusCodes }: { readonly userIds: readonly string[]; readonly statusCodes: readonly number[] },
): Promise<AnnotationRow[]> => {
  let query = madeIn(db, app, taskId)
  if (userIds.length > 0) query = query.where('user_id', 'in', userIds)
  if (statusCodes.length > 0) query = query.where('status_code', 'in', statusCodes)
  return query.orderBy('created_at').execute()
}
