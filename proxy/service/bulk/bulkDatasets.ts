import { createHash } from 'node:crypto'
import type { DatasetSplit } from '#gen/proto/clarifai/api/resources_pb.ts'
import { findDataset } from '#proxy/service/datasets/datasetFinding.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { addToDataset, removeFromDataset } from '#proxy/store/datasets.ts'
import type { Db } from '#proxy/store/open.ts'
import type { Handled } from './bulkWrites.ts'

// What operations do with some inputs and datasets, within one transaction.

/** Those that are in it stay where they are. */
export const putIntoDataset = async (
  tx: Db,
  app: AppInUse,
  ids: readonly string[],
  datasetId: string,
  deps: Deps,
): Promise<Handled> => {
  const dataset = await findDataset(tx, app, datasetId)
  const { unknown } = await addToDataset(tx, app.no, Number(dataset.no), ids, deps.now())
  const failures = [...unknown].map((id) => ({ id, reason: `the app has no input "${id}"` }))
  return { count: ids.length, failures }
}

/** Those that are not in it are passed over. */
export const takeFromDataset = async (
  tx: Db,
  app: AppInUse,
  ids: readonly string[],
  datasetId: string,
): Promise<Handled> => {
  const dataset = await findDataset(tx, app, datasetId)
  await removeFromDataset(tx, Number(dataset.no), ids)
  return { count: ids.length, failures: [] }
}

/** What a split is made from. */
export interface Split {
  readonly splits: readonly DatasetSplit[]
  /** The shares of all inputs by their place: an index of `splits`, or 255 for none. */
  readonly shares: Uint8Array
  /** The place of the first of the ids. */
  readonly first: number
}

export const splitIntoDatasets = async (
  tx: Db,
  app: AppInUse,
  ids: readonly string[],
  { splits, shares, first }: Split,
  deps: Deps,
): Promise<Handled> => {
  const failures = new Map<string, string>()
  for (const [which, { dataset }] of splits.entries()) {
    const own = ids.filter((_, i) => shares[first + i] === which)
    if (own.length === 0) continue
    const handled = await putIntoDataset(tx, app, own, dataset!.id, deps)
    for (const { id, reason } of handled.failures) failures.set(id, reason)
  }
  return { count: ids.length, failures: [...failures].map(([id, reason]) => ({ id, reason })) }
}

const none = 255

/**
 * At random which of `total` inputs goes where: of each share as many as its percentage says, to within one. The same
 * seed gives the same shares, so that a split goes on after an interruption as it began.
 */
export const sharesOf = (total: number, splits: readonly DatasetSplit[], seed: string): Uint8Array => {
  const percentages = splits.map(({ methodInfo }) => (methodInfo.case === 'percentage' ? methodInfo.value : 0))
  const shares = new Uint8Array(total).fill(none)
  let sum = 0
  for (const [which, percentage] of percentages.entries()) {
    // ends of shares are rounded, not their lengths, so that nothing is left over when they are 100 together
    const from = Math.round((total * sum) / 100)
    sum += percentage
    shares.fill(which, from, Math.round((total * sum) / 100))
  }
  shuffle(shares, seed)
  return shares
}

/** Fisher and Yates', by a generator that is begun with a hash of the seed (mulberry32). */
const shuffle = (items: Uint8Array, seed: string): void => {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0)
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const item = items[i]!
    items[i] = items[j]!
    items[j] = item
  }
}
