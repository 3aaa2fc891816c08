import { promises as timers } from 'node:timers'
import { ApiError } from '#proxy/service/apiError.ts'
import { runMerges } from '#proxy/service/concepts/conceptRelabel.ts'
import { failExport, runExport } from '#proxy/service/datasets/datasetExportRun.ts'
import { failVersion, runVersion } from '#proxy/service/datasets/datasetSnapshot.ts'
import type { Deps } from '#proxy/service/deps.ts'
import {
  continueWork,
  endWork,
  renewLease,
  returnWork,
  takeBackWork,
  takeWork,
  type Work,
} from '#proxy/store/bulkQueue.ts'
import { failBulkOperation, runBulkOperation } from './bulkRun.ts'
import { onWake } from './bulkWake.ts'

/** How one kind of work is done. */
interface Doing {
  /**
   * Does it, or, when the answer is 'more', a part of it; what it did is durable when this resolves. Is run again after
   * the process was killed.
   */
  run(subject: number, deps: Deps, signal: AbortSignal): Promise<unknown>
  /** It will not be tried again. */
  fail(subject: number, reason: string, deps: Deps): Promise<void>
}

const kinds: Readonly<Record<Work['kind'], Doing>> = {
  dataset_version: { run: runVersion, fail: failVersion },
  dataset_export: { run: runExport, fail: failExport },
  bulk_operation: { run: runBulkOperation, fail: failBulkOperation },
  concept_merge: { run: runMerges, fail: async () => undefined },
}

const secondMicros = 1_000_000
const leaseMicros = 60 * secondMicros
const attemptsAtMost = 3
const idleMs = 2_000

/**
 * Does what is queued, one after the other, until `stop`, which waits for the part that runs, but not longer than
 * `deadlineMs`: what is cut off is done again. Several servers on one database share the work.
 */
export const startBulkWorker = (deps: Deps): { stop(deadlineMs: number): Promise<void> } => {
  const stopping = new AbortController()
  let wake = () => {}
  onWake(deps.store, () => wake())
  const rest = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, idleMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const loop = async () => {
    if (deps.store.dialect === 'sqlite') await takeBackWork(deps.store.write, deps.now())
    while (!stopping.signal.aborted) {
      const resting = rest() // before looking: who wakes us while we look is heard
      const busy = await doNext(deps, stopping.signal).catch((error: unknown) => {
        deps.log.error({ err: error }, 'background work')
        return false
      })
      if (!busy) await resting
      else wake()
    }
  }
  const running = loop().catch((error: unknown) => deps.log.error({ err: error }, 'background work ended'))
  return {
    stop: (deadlineMs) => {
      stopping.abort()
      wake()
      return Promise.race([running, timers.setTimeout(deadlineMs, undefined, { ref: false })])
    },
  }
}

/** Does all that is due: for tests, which have no worker. */
export const doAllWork = async (deps: Deps): Promise<void> => {
  while (await doNext(deps, new AbortController().signal));
}

/** @returns whether there was something to do */
const doNext = async (deps: Deps, signal: AbortSignal): Promise<boolean> => {
  const { store, now, newId } = deps
  const work = await takeWork(store.write, newId(), now(), now() + leaseMicros)
  if (!work) return false
  const doing = kinds[work.kind]
  try {
    await keepingLease(work, deps, () => doing.run(Number(work.subject), deps, signal))
  } catch (error) {
    await recover(work, error, deps, signal)
  }
  return true
}

/** Does it, renewing the lease all the while. */
const keepingLease = async (work: Work, deps: Deps, run: () => ReturnType<Doing['run']>): Promise<void> => {
  const done = new AbortController()
  const renewing = renewUntil(work, deps, done.signal)
  try {
    const left = await run()
    // behind what waits already, so that one long operation does not hold up the others
    if (left === 'more') await continueWork(deps.store.write, work, deps.now())
    else await endWork(deps.store.write, work)
  } finally {
    done.abort()
    await renewing
  }
}

/** Until `done`. A renewal that fails is no reason to end the work: the lease holds for two more tries. */
const renewUntil = async (work: Work, { store, now, log }: Deps, done: AbortSignal): Promise<void> => {
  const rest = () => timers.setTimeout(leaseMicros / 3 / 1000, true, { signal: done, ref: false }).catch(() => false)
  while (await rest())
    await renewLease(store.write, work, now() + leaseMicros).catch((error: unknown) =>
      log.error({ err: error, kind: work.kind, subject: work.subject }, 'lease of background work'),
    )
}

/** An expected failure is final; anything else is tried again a little later, three times in all. */
const recover = async (work: Work, error: unknown, deps: Deps, signal: AbortSignal): Promise<void> => {
  const { store, now, log } = deps
  if (signal.aborted) return returnWork(store.write, work, now())
  const isFinal = error instanceof ApiError || work.attempts >= attemptsAtMost
  if (!(error instanceof ApiError)) log.error({ err: error, kind: work.kind, subject: work.subject }, 'background work')
  if (!isFinal) return returnWork(store.write, work, now() + 5 * secondMicros * work.attempts)
  const reason = error instanceof ApiError ? error.details : 'an unexpected error; the log of the server says more'
  await kinds[work.kind].fail(Number(work.subject), reason, deps)
  await endWork(store.write, work)
}
