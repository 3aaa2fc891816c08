import type { Deps } from '#proxy/service/deps.ts'
import { PredictionFailed } from '#proxy/service/models/predictFailure.ts'
import { anyJobDue, changeJob, claimJob, endLeases, type JobChange, type JobRow } from '#proxy/store/jobs.ts'
import { JobDropped, JobLost } from './jobErrors.ts'
import { runJob } from './jobRun.ts'

/** A job that this process holds. */
export type HeldJob = JobRow

/** When to give up, and how long to wait before that. */
export interface JobRules {
  /** Attempts in all. */
  readonly attempts: number
  /** After the first failure; each further pause is four times as long. */
  readonly firstPauseMs: number
}

/** Six attempts within eleven minutes: a runner may be restarted meanwhile, but nobody waits a day to see it is dead. */
export const usualJobRules: JobRules = { attempts: 6, firstPauseMs: 2_000 }

const microsPerMs = 1000

/**
 * Takes the next job that is due, with a lease of `leaseMs`, or undefined when there is none.
 * `without`: apps (their numbers) that have their share of this worker already.
 */
export const takeJob = async (
  { store, now, newId }: Deps,
  leaseMs: number,
  without: readonly number[],
): Promise<HeldJob | undefined> => {
  if (!(await anyJobDue(store.read, now()))) return undefined
  const claim = { now: now(), until: now() + leaseMs * microsPerMs, lease: newId(), without }
  return claimJob(store.write, store.dialect, claim)
}

/** Prolongs the lease. @returns false when somebody else has the job by now: whatever is done for it must stop */
export const keepJob = ({ store, now }: Deps, job: HeldJob, leaseMs: number): Promise<boolean> =>
  changeJob(store.write, job, { due_at: now() + leaseMs * microsPerMs }, now())

/**
 * What an earlier process of this server left running is due again. Only SQLite's database is known to belong to one
 * process; on PostgreSQL another server may be at work, so leases run out by themselves.
 */
export const recoverJobs = async ({ store, now }: Deps): Promise<void> => {
  if (store.dialect === 'sqlite') await endLeases(store.write, now())
}

/**
 * Runs a job that is held to its end, and writes down how it ended; never throws for what a runner does. When the signal
 * aborts, the job goes back to the queue as if it had not begun.
 */
export const finishJob = async (
  deps: Deps,
  job: HeldJob,
  signal: AbortSignal,
  rules = usualJobRules,
): Promise<void> => {
  if (job.attempts > rules.attempts) {
    await settle(deps, job, failure(`the server stopped while it ran, ${job.attempts - 1} times`))
    return
  }
  try {
    await runJob(deps, job, signal)
    await settle(deps, job, { state: 'done', due_at: null, error: '' })
  } catch (error) {
    const change = signal.aborted
      ? ({ state: 'waiting', attempts: job.attempts - 1, due_at: deps.now() } as const)
      : afterError(deps, job, error, rules)
    if (change) await settle(deps, job, change)
  }
}

const settle = async ({ store, now }: Deps, job: HeldJob, change: JobChange): Promise<void> => {
  await changeJob(store.write, job, { ...change, lease: null }, now())
}

const failure = (error: string) => ({ state: 'failed', due_at: null, error }) as const

/** undefined: the job is somebody else's by now. */
const afterError = (deps: Deps, job: HeldJob, error: unknown, rules: JobRules): JobChange | undefined => {
  if (error instanceof JobLost) return undefined
  const reason = error instanceof Error ? error.message : String(error)
  const about = { job: job.no, app: job.app, input: job.input_id, attempt: job.attempts }
  if (error instanceof JobDropped) {
    deps.log.info({ ...about, reason }, 'job dropped')
    return { state: 'dropped', due_at: null, error: reason }
  }
  const isKnown = error instanceof PredictionFailed
  if (isKnown && !error.mayPass) return gaveUp(deps, about, reason)
  // what is no answer of a runner is a fault of ours, or of the database: it may pass, and it is logged whole
  if (!isKnown) deps.log.error({ ...about, err: error }, 'job failed unexpectedly')
  if (job.attempts >= rules.attempts) return gaveUp(deps, about, reason)
  const pauseMs = rules.firstPauseMs * 4 ** (job.attempts - 1)
  deps.log.warn({ ...about, reason, pauseMs }, 'job failed, will be tried again')
  return { state: 'waiting', due_at: deps.now() + pauseMs * microsPerMs, error: reason }
}

const gaveUp = (deps: Deps, about: object, reason: string): JobChange => {
  deps.log.error({ ...about, reason }, 'job failed for good')
  return failure(reason)
}
