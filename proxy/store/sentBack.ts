import { sql } from 'kysely'
import type { Db } from './open.ts'
import type { WorkAction } from './schema.ts'

const sentBack: readonly WorkAction[] = ['return', 'deny', 'reopen']

/** When and by whom a piece of work was last sent back; undefined: never. */
export const lastSentBack = (
  db: Db,
  app: number,
  taskId: string,
  itemId: string,
): Promise<{ at: number; actor_id: string } | undefined> =>
  db
    .selectFrom('work_event')
    .select(['at', 'actor_id'])
    .where('app', '=', app)
    .where('task_id', '=', taskId)
    .where('item_id', '=', itemId)
    .where('action', 'in', sentBack)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()

/** Every write of an input's annotations, oldest first. */
export const annotationHistory = (db: Db, app: number, inputId: string) =>
  db
    .selectFrom('history')
    .select(['item_id', 'user_id', 'before', 'after', 'at'])
    .where('app', '=', app)
    .where('kind', '=', 'annotation')
    .where('input_id', '=', inputId)
    .where(sql<boolean>`input_id <> ''`)
    .orderBy('rev')
    .execute()

export type AnnotationWrite = Awaited<ReturnType<typeof annotationHistory>>[number]
