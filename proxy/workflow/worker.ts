import type { Deps } from '#proxy/service/deps.ts'
import {
  finishJob,
  type HeldJob,
  type JobRules,
  keepJob,
  recoverJobs,
  takeJob,
  usualJobRules,
} from '#proxy/service/workflows/jobs.ts'

export interface WorkerOptions {
  /** Jobs at a time; most of their time they wait for a runner. */
  readonly slots: number
  /** Of these at most for one app, so that one dead runner does not hold up everybody. */
  readonly slotsPerApp: number
  /** How often to look for work when there was none. */
  readonly pollMs: number
  /** How long a job is safe from other servers after this one has died. */
  readonly leaseMs: number
  readonly rules: JobRules
  /** Take over at once what an earlier process left running: for the first worker of a process that owns the database. */
  readonly recover: boolean
}

export const usualOptions: WorkerOptions = {
  slots: 8,
  slotsPerApp: 4,
  pollMs: 300,
  leaseMs: 30_000,
  rules: usualJobRules,
  recover: false,
}

/** Runs workflows on inputs until it is stopped. */
export interface Worker {
  /** Takes no more jobs, gives running ones `deadlineMs` to end, then puts them back into the queue. Harmless twice. */
  stop(deadlineMs: number): Promise<void>
}

interface Running {
  readonly app: number
  readonly stop: AbortController
  readonly ended: Promise<void>
}

/** Starts a worker; several may work on one database, in one process or many. */
export const startWorker = (deps: Deps, change: Partial<WorkerOptions> = {}): Worker => {
  const options = { ...usualOptions, ...change }
  const running = new Set<Running>()
  let stopping: Promise<void> | undefined
  let looking: Promise<void> = options.recover ? recovered(deps) : Promise.resolve()
  let again: NodeJS.Timeout | undefined

  const look = (): void => {
    clearTimeout(again)
    if (stopping) return
    looking = looking
      .then(() => fill())
      .catch((err: unknown) => deps.log.error({ err }, 'no jobs could be taken'))
      .finally(() => {
        clearTimeout(again)
        if (!stopping) again = setTimeout(look, options.pollMs).unref()
      })
  }
  const fill = async (): Promise<void> => {
    while (!stopping && running.size < options.slots) {
      const job = await takeJob(deps, options.leaseMs, fullApps(running, options.slotsPerApp))
      if (!job) return
      start(job)
    }
  }
  const start = (job: HeldJob): void => {
    const stop = new AbortController()
    const entry: Running = {
      app: job.app,
      stop,
      ended: work(deps, job, stop, options).finally(() => {
        running.delete(entry)
        look()
      }),
    }
    running.add(entry)
  }
  const stopNow = async (deadlineMs: number): Promise<void> => {
    clearTimeout(again)
    await looking
    const deadline = setTimeout(() => {
      for (const { stop } of running) stop.abort(new Error('the server is stopping'))
    }, deadlineMs)
    await Promise.all([...running].map(({ ended }) => ended))
    clearTimeout(deadline)
  }
  look()
  return { stop: (deadlineMs) => (stopping ??= stopNow(deadlineMs)) }
}

const recovered = (deps: Deps): Promise<void> =>
  recoverJobs(deps).catch((err: unknown) => deps.log.error({ err }, 'jobs could not be recovered'))

const fullApps = (running: ReadonlySet<Running>, most: number): number[] => {
  const counts = new Map<number, number>()
  for (const { app } of running) counts.set(app, (counts.get(app) ?? 0) + 1)
  return [...counts].filter(([, count]) => count >= most).map(([app]) => app)
}

/** Runs one job, its lease kept meanwhile. Never rejects. */
const work = async (deps: Deps, job: HeldJob, stop: AbortController, options: WorkerOptions): Promise<void> => {
  const keep = setInterval(() => {
    keepJob(deps, job, options.leaseMs).then(
      (isOurs) => isOurs || stop.abort(new Error('the lease of the job ended')),
      (err: unknown) => deps.log.warn({ err, job: job.no }, 'the lease of a job could not be kept'),
    )
  }, options.leaseMs / 3)
  try {
    await finishJob(deps, job, stop.signal, options.rules)
  } catch (err) {
    deps.log.error({ err, job: job.no }, 'how a job ended could not be written down')
  } finally {
    clearInterval(keep)
  }
}
