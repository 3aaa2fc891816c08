import { promises as timers } from 'node:timers'
import type { Deps } from '#proxy/service/deps.ts'
import { blobsInMessages, namedBlobs } from '#proxy/store/blobNames.ts'
import type { Db } from '#proxy/store/open.ts'
import { type Purging, purgeAnnotations, purgeInputs } from '#proxy/store/purge.ts'
import { purgeApps, purgeConcepts } from '#proxy/store/purgeApps.ts'

/** decisions §2: what was deleted is kept so long. */
export const keptDays = 30
const dayMicros = 86_400_000_000
/** A blob is stored before the row that names it: for so long after it came it is not looked at. */
const graceMs = 86_400_000

export interface Purged {
  readonly annotations: number
  readonly inputs: number
  /** Concepts, and rows of apps that were deleted as a whole. */
  readonly others: number
  readonly blobs: number
  readonly bytes: number
}

export interface PurgeRules {
  readonly rows: number
  /** Between two transactions, for those who wait to write. */
  readonly pauseMs: number
}
const usualRules: PurgeRules = { rows: 500, pauseMs: 20 }

/**
 * Takes away for good what was deleted more than 30 days ago, and the bytes that nothing names any more. Small
 * transactions with pauses between them; may run beside writes, beside itself on another server, and be cut off
 * anywhere: what is left is found the next time.
 */
export const runPurge = async (
  deps: Deps,
  signal: AbortSignal = new AbortController().signal,
  rules: PurgeRules = usualRules,
): Promise<Purged> => {
  const before = deps.now() - keptDays * dayMicros
  const inTurns = async (purge: (tx: Db, purging: Purging) => Promise<number>): Promise<number> => {
    let all = 0
    while (!signal.aborted) {
      const gone = await deps.store.write.transaction().execute((tx) => purge(tx, { before, rows: rules.rows }))
      if (gone === 0) break
      all += gone
      await timers.setTimeout(rules.pauseMs, undefined, { signal }).catch(() => undefined)
    }
    return all
  }
  const annotations = await inTurns(purgeAnnotations)
  const inputs = signal.aborted ? 0 : await inTurns(purgeInputs)
  const others = signal.aborted ? 0 : (await inTurns(purgeConcepts)) + (await inTurns(purgeApps))
  const { blobs, bytes } = signal.aborted ? { blobs: 0, bytes: 0 } : await sweepBlobs(before, deps, signal)
  return { annotations, inputs, others, blobs, bytes }
}

const sweepBlobs = async (before: number, deps: Deps, signal: AbortSignal) => {
  let inMessages: Promise<Set<string>> | undefined
  return deps.blobs.sweep({
    olderThan: Math.floor(deps.now() / 1000) - graceMs,
    signal,
    named: async (hashes) => {
      const named = new Set((await namedBlobs(deps.store.read, hashes, before)).keys())
      // only now, for it reads the whole history: on most days there is nothing to look up
      if (named.size < hashes.length) inMessages ??= blobsInMessages(deps.store.read, before)
      const more = (await inMessages) ?? new Set()
      return new Set(hashes.filter((hash) => named.has(hash) || more.has(hash)))
    },
  })
}

const firstMs = 10 * 60_000
const everyMs = 6 * 3_600_000

/** Purges a while after the start and then some times a day, until it is stopped. */
export const startPurge = (deps: Deps): { stop(): Promise<void> } => {
  const stopping = new AbortController()
  const loop = async () => {
    for (let waitMs = firstMs; ; waitMs = everyMs) {
      await timers.setTimeout(waitMs, undefined, { signal: stopping.signal, ref: false })
      try {
        const purged = await runPurge(deps, stopping.signal)
        if (Object.values(purged).some((count) => count > 0)) deps.log.info(purged, 'purged what was deleted')
      } catch (err) {
        deps.log.error({ err }, 'purging')
      }
    }
  }
  const running = loop().catch(() => undefined) // only the wait can fail, when it is cut short
  return {
    stop: () => {
      stopping.abort()
      return running
    },
  }
}
