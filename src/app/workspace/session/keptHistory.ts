import type { History, SavedHistory, Step } from '#editor/history.ts'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { type MaskPatch, patched, patchOf } from '#geometry/maskPatch.ts'
import type { Edit } from '#model/change.ts'
import type { TagChange } from '#model/imageTags.ts'
import type { Region, RegionKey } from '#model/region.ts'
import { type InputScope, inputKey } from '#sync/scope.ts'
import { decodeAnnotation, encodeAnnotation } from '#sync/slotCodec.ts'
import type { Sync } from '#sync/sync.ts'

/** What is kept on this device per person and input. */
export interface Kept {
  readonly history: SavedHistory
  /** deleted annotations that undo may bring back, by id */
  readonly removed: ReadonlyMap<string, Annotation>
  readonly hidden: readonly RegionKey[]
  readonly locked: readonly RegionKey[]
}

export type Device = Pick<Sync, 'keepAll' | 'loadAll'>

/** Where a step begins, when that is where an earlier step of this number left the same region. */
interface Earlier {
  readonly step: number
}

/** Where a step leads, when it changed a part of the mask that it began with: a stroke costs what it changed. */
interface Patched extends Omit<Region, 'shape'> {
  readonly patch: MaskPatch
}

/** A step as it is written: once, whatever comes after it. */
interface KeptStep {
  readonly edits: readonly (readonly [
    key: RegionKey,
    before: Region | Earlier | undefined,
    after: Region | Patched | undefined,
  ])[]
  readonly tags?: TagChange | undefined
  readonly selectedBefore: readonly RegionKey[]
  readonly selectedAfter: readonly RegionKey[]
  readonly at: number
  readonly reshapes: boolean
}

/** The part that is written each time: small, and of no history. */
interface KeptState {
  readonly version: 2
  /** number of the last step that is not taken back; 0 = none */
  readonly past: number
  readonly hidden: readonly RegionKey[]
  readonly locked: readonly RegionKey[]
}

/** What is known of a step on the device. */
interface Written {
  readonly number: number
  /** steps that it refers to */
  readonly leans: ReadonlySet<number>
}

/**
 * The history of one image on this device, a record a step: a new one is added, one that fell out is removed, and what
 * is there is never written again, so that a step costs what it changed and not what the history has grown to. A mask
 * that one step leaves and the next begins with is written once. Steps are numbered by the time they are written, so
 * that those of two tabs lie in one row.
 */
export class HistoryKeeper {
  readonly #device: Device
  readonly #prefix: string
  readonly #now: () => number
  /** by the step's `change`, which a step keeps when it is undone and redone */
  #written = new Map<object, Written>()
  /** which step left this region */
  #leftBy = new WeakMap<Region, number>()
  readonly #removed = new Set<string>()
  #last = 0

  constructor(device: Device, scope: InputScope, now: () => number = Date.now) {
    this.#device = device
    this.#prefix = `history/${inputKey(scope)}/`
    this.#now = now
  }

  /** What is kept of the image; undefined for none, or of a form that is not known here. */
  async load(): Promise<Kept | undefined> {
    const records = await this.#device.loadAll(this.#prefix).catch(() => new Map<string, unknown>())
    const state = records.get(`${this.#prefix}state`) as KeptState | undefined
    if (state?.version !== 2) return undefined
    const past: Step[] = []
    const future: Step[] = []
    const made = new Map<number, Map<RegionKey, Region>>()
    const removed = new Map<string, Annotation>()
    const pause = pauses()
    for (const [key, record] of records) {
      await pause()
      const [kind, name = ''] = key.slice(this.#prefix.length).split('/')
      if (kind === 'removed') {
        removed.set(name, decodeAnnotation(record as Uint8Array))
        this.#removed.add(name)
      }
      if (kind !== 'step') continue
      const number = Number(name)
      const step = this.#read(number, record as KeptStep, made)
      this.#last = Math.max(this.#last, number)
      if (!step) continue
      if (number <= state.past) past.push(step)
      else future.unshift(step)
    }
    return { history: { version: 1, past, future }, removed, hidden: state.hidden, locked: state.locked }
  }

  /** Writes what is new, and forgets what is no more. */
  async save({ history, hidden, locked, removed }: Kept): Promise<void> {
    const steps = [...history.past, ...history.future.toReversed()]
    const live = new Set<object>(steps.map((step) => step.change))
    const records = new Map<string, unknown>()
    for (const [change, { number }] of this.#written) {
      if (live.has(change)) continue
      records.set(this.#step(number), undefined)
      this.#written.delete(change)
    }
    const numbers = new Set<number>([...this.#written.values()].map(({ number }) => number))
    for (const step of steps) {
      const known = this.#written.get(step.change)
      if (known?.leans.isSubsetOf(numbers)) continue
      const number = known?.number ?? this.#next()
      records.set(this.#step(number), this.#write(number, step, numbers))
      numbers.add(number)
    }
    for (const [id, annotation] of removed)
      if (!this.#removed.has(id)) records.set(`${this.#prefix}removed/${id}`, encodeAnnotation(annotation))
    const last = history.past.at(-1)
    const past = last ? this.#written.get(last.change)!.number : 0
    const state: KeptState = { version: 2, past, hidden, locked }
    records.set(`${this.#prefix}state`, state)
    for (const id of removed.keys()) this.#removed.add(id)
    try {
      await this.#device.keepAll(records)
    } catch (error) {
      // a device that was full may have room the next time
      for (const [change, { number }] of this.#written)
        if (records.has(this.#step(number))) this.#written.delete(change)
      for (const id of removed.keys()) if (records.has(`${this.#prefix}removed/${id}`)) this.#removed.delete(id)
      throw error
    }
  }

  #read(number: number, kept: KeptStep, made: Map<number, Map<RegionKey, Region>>): Step | undefined {
    const change = new Map<RegionKey, Edit<Region>>()
    const left = new Map<RegionKey, Region>()
    const leans = new Set<number>()
    made.set(number, left)
    for (const [key, before, written] of kept.edits) {
      const leansOn = before && 'step' in before ? before.step : undefined
      const from = leansOn === undefined ? (before as Region | undefined) : made.get(leansOn)?.get(key)
      if (leansOn !== undefined) {
        leans.add(leansOn)
        // another tab has removed what this step begins with: it cannot be taken back any more
        if (!from) return undefined
      }
      const after = written && 'patch' in written ? withPatch(from, written) : written
      if (after) {
        left.set(key, after)
        this.#leftBy.set(after, number)
      }
      change.set(key, { before: from, after })
    }
    this.#written.set(change, { number, leans })
    const { tags, selectedBefore, selectedAfter, at, reshapes } = kept
    return { change, tags, selectedBefore, selectedAfter, at, reshapes }
  }

  #write(number: number, step: Step, numbers: ReadonlySet<number>): KeptStep {
    const leans = new Set<number>()
    const edits = [...step.change].map(([key, { before, after }]) => {
      if (after) this.#leftBy.set(after, number)
      const by = before && this.#leftBy.get(before)
      const short = before && after ? patchedFrom(before, after) : after
      if (by === undefined || by >= number || !numbers.has(by)) return [key, before, short] as const
      leans.add(by)
      return [key, { step: by }, short] as const
    })
    this.#written.set(step.change, { number, leans })
    const { tags, selectedBefore, selectedAfter, at, reshapes } = step
    return { edits, tags, selectedBefore, selectedAfter, at, reshapes }
  }

  #next(): number {
    this.#last = Math.max(this.#last + 1, Math.floor(this.#now()))
    return this.#last
  }

  /** So many digits that keys are in the order of numbers. */
  #step(number: number): string {
    return `${this.#prefix}step/${String(number).padStart(16, '0')}`
  }
}

/** The region as what changed of its mask, where that is less than the mask. */
function patchedFrom(before: Region, after: Region): Region | Patched {
  const { shape, ...rest } = after
  if (shape.kind !== 'mask' || before.shape.kind !== 'mask' || shape === before.shape) return after
  const patch = patchOf(before.shape, shape)
  return patch ? { ...rest, patch } : after
}

function withPatch(before: Region | undefined, { patch, ...rest }: Patched): Region | undefined {
  const shape = before?.shape.kind === 'mask' ? patched(before.shape, patch) : undefined
  return shape && { ...rest, shape }
}

/** ms of reading at a time, so that a long history of large masks keeps nobody waiting. */
const PATIENCE_MS = 8

function pauses(): () => Promise<void> {
  let began = performance.now()
  return async () => {
    if (performance.now() - began < PATIENCE_MS) return
    await new Promise((resolve) => setTimeout(resolve))
    began = performance.now()
  }
}

const nothing: Kept = { history: { version: 1, past: [], future: [] }, removed: new Map(), hidden: [], locked: [] }

/** Puts "these were added" on the history of an image that is not open, so that Ctrl+Z there takes it back. */
export async function addKeptStep(
  device: Device,
  scope: InputScope,
  added: readonly Region[],
  at: number,
): Promise<void> {
  const step: Step = {
    change: new Map(added.map((region) => [region.key, { after: region }])),
    selectedBefore: [],
    selectedAfter: added.map(({ key }) => key),
    at,
    reshapes: false,
  }
  await changeKept(device, scope, ({ past }) => ({ past: [...past, step], future: [] }))
}

/** Takes that step off again, if it is there. */
export const dropKeptStep = (device: Device, scope: InputScope, at: number): Promise<void> =>
  changeKept(device, scope, ({ past, future }) => ({ past: past.filter((step) => step.at !== at), future }))

async function changeKept(device: Device, scope: InputScope, change: (history: History) => History): Promise<void> {
  const keeper = new HistoryKeeper(device, scope)
  const kept = (await keeper.load()) ?? nothing
  const history: SavedHistory = { version: 1, ...change(kept.history) }
  // losing the history loses no work: the edits themselves are in the outbox
  await keeper.save({ ...kept, history }).catch(() => undefined)
}
