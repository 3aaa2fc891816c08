import { type Selectable, sql } from 'kysely'
import { batches } from './batches.ts'
import type { Dialect } from './dialect.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type JobRow = Selectable<Tables['job']>

const rowsPerStatement = 1000

/** What is to run: a version of a workflow (its `no`) on some inputs of its app. Times are µs. */
export interface Queued {
  readonly app: number
  readonly workflowVersion: number
  readonly inputIds: readonly string[]
  readonly now: number
}

/**
 * Puts jobs into the queue, in the transaction that made them necessary. One that was there begins anew, unless it is
 * running: then what is asked for is happening.
 */
export const queueJobs = async (tx: Db, { app, workflowVersion, inputIds, now }: Queued): Promise<void> => {
  for (const ids of batches(inputIds, rowsPerStatement))
    await tx
      .insertInto('job')
      .values(ids.map((input_id) => ({ app, input_id, workflow_version: workflowVersion, ...fresh(now) })))
      .onConflict((conflict) =>
        conflict
          .columns(['app', 'input_id', 'workflow_version'])
          .doUpdateSet(again(now))
          .where('job.state', '<>', 'running'),
      )
      .execute()
}

const again = (now: number) =>
  ({ state: 'waiting', attempts: 0, due_at: now, lease: null, written: '[]', error: '', modified_at: now }) as const

const fresh = (now: number) => ({ ...again(now), created_at: now })

/** {@link queueJobs} for every input of an app. */
export const queueAllInputs = async (
  tx: Db,
  { app, workflowVersion, now }: Omit<Queued, 'inputIds'>,
): Promise<void> => {
  await sql`insert into job
      (app, input_id, workflow_version, state, attempts, due_at, lease, written, error, created_at, modified_at)
    select app, id, ${workflowVersion}, 'waiting', 0, ${now}, null, '[]', '', ${now}, ${now} from input
      where app = ${app} and deleted_at is null order by created_at
    on conflict (app, input_id, workflow_version) do update
      set state = 'waiting', attempts = 0, due_at = ${now}, lease = null, written = '[]', error = '', modified_at = ${now}
      where job.state <> 'running'`.execute(tx)
}

/** Whether a claim would find anything: a look that takes no lock. */
export const anyJobDue = async (db: Db, now: number): Promise<boolean> =>
  (await db.selectFrom('job').select('no').where('due_at', '<=', now).limit(1).executeTakeFirst()) !== undefined

export interface Claim {
  readonly now: number
  /** When the lease ends, µs. */
  readonly until: number
  readonly lease: string
  /** Apps that have their share of this worker already. */
  readonly without: readonly number[]
}

/**
 * Takes a job that has been due longest, for as long as its lease: waiting ones, and running ones whose lease ended
 * because whoever had it died. No two callers get the same one: SQLite has one writer, on PostgreSQL rows that
 * somebody else is taking are passed over.
 */
export const claimJob = async (db: Db, dialect: Dialect, claim: Claim): Promise<JobRow | undefined> => {
  const { now, until, lease, without } = claim
  let due = db.selectFrom('job').select('no').where('due_at', '<=', now).orderBy('due_at').limit(1)
  if (without.length > 0) due = due.where('app', 'not in', without)
  if (dialect === 'postgres') due = due.forUpdate().skipLocked()
  return db
    .updateTable('job')
    .set((eb) => ({ state: 'running', attempts: eb('attempts', '+', 1), due_at: until, lease, modified_at: now }))
    .where('no', '=', due)
    .returningAll()
    .executeTakeFirst()
}

/** What becomes of a job that somebody holds. Whatever is absent stays. */
export type JobChange = Partial<Pick<JobRow, 'state' | 'attempts' | 'due_at' | 'lease' | 'written' | 'error'>>

/** Changes a job while its lease holds. @returns false when somebody else has it by now */
export const changeJob = async (
  tx: Db,
  job: Pick<JobRow, 'no' | 'lease'>,
  change: JobChange,
  now: number,
): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable('job')
    .set({ ...change, modified_at: now })
    .where('no', '=', job.no)
    .where('lease', '=', job.lease)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Ends the leases of a process that is known to be gone: SQLite's database belongs to one process at a time. */
export const endLeases = async (db: Db, now: number): Promise<void> => {
  await db.updateTable('job').set({ due_at: now }).where('state', '=', 'running').where('due_at', '>', now).execute()
}

/** A job with what it is about, for people. */
export type JobForPeople = Pick<JobRow, 'no' | 'input_id' | 'state' | 'attempts' | 'error' | 'modified_at'> & {
  readonly owner: string
  readonly app: string
  readonly workflow: string
}

/** The last of those that failed, newest first. */
export const failedJobs = (db: Db, limit: number): Promise<JobForPeople[]> =>
  db
    .selectFrom('job')
    .innerJoin('app', 'app.no', 'job.app')
    .innerJoin('workflow_version', 'workflow_version.no', 'job.workflow_version')
    .innerJoin('workflow', 'workflow.no', 'workflow_version.parent')
    .select(['job.no', 'job.input_id', 'job.state', 'job.attempts', 'job.error', 'job.modified_at'])
    .select(['app.user_id as owner', 'app.id as app', 'workflow.id as workflow'])
    .where('job.state', '=', 'failed')
    .orderBy('job.modified_at', 'desc')
    .limit(limit)
    .execute()

/** How many jobs are in each state. */
export const jobCounts = async (db: Db): Promise<ReadonlyMap<JobRow['state'], number>> => {
  const rows = await db
    .selectFrom('job')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute()
  return new Map(rows.map((row) => [row.state, Number(row.count)]))
}

/** Lets failed jobs begin anew, all of them or one. What they have stored stays stored. @returns how many */
export const retryJobs = async (db: Db, no: number | 'all', now: number): Promise<number> => {
  let query = db
    .updateTable('job')
    .set({ state: 'waiting', attempts: 0, due_at: now, lease: null, error: '', modified_at: now })
    .where('state', '=', 'failed')
  if (no !== 'all') query = query.where('no', '=', no)
  return Number((await query.executeTakeFirst()).numUpdatedRows)
}
