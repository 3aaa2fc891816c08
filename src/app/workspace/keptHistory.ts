import type { SavedHistory, Step } from '#editor/history.ts'
import type { Region, RegionKey } from '#model/region.ts'
import { type InputScope, inputKey } from '#sync/scope.ts'
import type { Sync } from '#sync/sync.ts'

/** What is kept on this device per person and input. */
export interface Kept {
  readonly version: 1
  readonly history: SavedHistory
  /** messages of deleted annotations that undo may bring back */
  readonly removed: readonly Uint8Array[]
  readonly hidden: readonly RegionKey[]
  readonly locked: readonly RegionKey[]
}

export const historyKey = (scope: InputScope): string => `history/${inputKey(scope)}`

/** What is kept of an input; undefined for none, or of a form that is not known here. */
export async function loadKept(sync: Pick<Sync, 'load'>, scope: InputScope): Promise<Kept | undefined> {
  const kept = (await sync.load(historyKey(scope)).catch(() => undefined)) as Kept | undefined
  return kept?.version === 1 ? kept : undefined
}

const nothing: Kept = { version: 1, history: { version: 1, past: [], future: [] }, removed: [], hidden: [], locked: [] }

/** Puts "these were added" on the history of an image that is not open, so that Ctrl+Z there takes it back. */
export async function addKeptStep(sync: Sync, scope: InputScope, added: readonly Region[], at: number): Promise<void> {
  const kept = (await loadKept(sync, scope)) ?? nothing
  const step: Step = {
    change: new Map(added.map((region) => [region.key, { after: region }])),
    selectedBefore: [],
    selectedAfter: added.map(({ key }) => key),
    at,
    reshapes: false,
  }
  const history: SavedHistory = { version: 1, past: [...kept.history.past, step], future: [] }
  await sync.keep(historyKey(scope), { ...kept, history }).catch(() => undefined)
}

/** Takes that step off again, if it is there. */
export async function dropKeptStep(sync: Sync, scope: InputScope, at: number): Promise<void> {
  const kept = await loadKept(sync, scope)
  if (!kept?.history.past.some((step) => step.at === at)) return
  const history = { ...kept.history, past: kept.history.past.filter((step) => step.at !== at) }
  await sync.keep(historyKey(scope), { ...kept, history }).catch(() => undefined)
}
