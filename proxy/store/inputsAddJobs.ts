import { type Selectable, sql } from 'kysely'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type InputsAddJobRow = Selectable<Tables['inputs_add_job']>

export const inputsAddJobById = (db: Db, app: number, id: string): Promise<InputsAddJobRow | undefined> =>
  db.selectFrom('inputs_add_job').selectAll().where('app', '=', app).where('id', '=', id).executeTakeFirst()

/** A page of an app's jobs, oldest first. */
export const listInputsAddJobs = (
  db: Db,
  app: number,
  page: { limit: number; offset: number },
): Promise<InputsAddJobRow[]> =>
  db
    .selectFrom('inputs_add_job')
    .selectAll()
    .where('app', '=', app)
    .orderBy('created_at')
    .orderBy('id')
    .limit(page.limit)
    .offset(page.offset)
    .execute()

/** Adds to the counters of a job, which is made by its first inputs. @returns the job as it is now */
export const countInJob = (
  tx: Db,
  app: number,
  id: string,
  { succeeded, failed, now }: { readonly succeeded: number; readonly failed: number; readonly now: number },
): Promise<InputsAddJobRow> =>
  tx
    .insertInto('inputs_add_job')
    .values({ app, id, succeeded, failed, created_at: now, modified_at: now, cancelled_at: null })
    .onConflict((conflict) =>
      conflict.columns(['app', 'id']).doUpdateSet({
        succeeded: sql`inputs_add_job.succeeded + ${succeeded}`,
        failed: sql`inputs_add_job.failed + ${failed}`,
        modified_at: now,
      }),
    )
    .returningAll()
    .executeTakeFirstOrThrow()

/** From now (µs) on it takes no more inputs; harmless twice. */
export const cancelJob = async (tx: Db, app: number, id: string, now: number): Promise<void> => {
  await tx
    .updateTable('inputs_add_job')
    .set({ cancelled_at: now, modified_at: now })
    .where('app', '=', app)
    .where('id', '=', id)
    .where('cancelled_at', 'is', null)
    .execute()
}
