import { type Shape, sameShape } from '#geometry/shape.ts'
import { sameAttributes } from '#model/attributes.ts'
import { type Change, compose, type Edit, invert } from '#model/change.ts'
import type { TagChange, TagKey, Tags } from '#model/imageTags.ts'
import type { Region, RegionKey } from '#model/region.ts'

export type RegionChange = Change<RegionKey, Region>

/** One step of undo: what changed, and what was selected around it. */
export interface Step {
  readonly change: RegionChange
  /** what is said of the whole image */
  readonly tags?: TagChange | undefined
  readonly selectedBefore: readonly RegionKey[]
  readonly selectedAfter: readonly RegionKey[]
  /** ms since 1970 */
  readonly at: number
  /** only shapes moved or changed size: such steps of the same regions merge within {@link mergeMs} */
  readonly reshapes: boolean
}

/** Past and future of one image for one person; unlimited, and a structured clone of it is the same history. */
export interface History {
  readonly past: readonly Step[]
  readonly future: readonly Step[]
}

export type SavedHistory = History & { readonly version: 1 }

export const emptyHistory: History = { past: [], future: [] }

/** Successive nudges and drags of the same regions within this time are one step. */
export const mergeMs = 250

/** The history after a new step; what was undone before is forgotten. */
export function record(history: History, step: Step): History {
  const last = history.past.at(-1)
  const merges =
    last?.reshapes &&
    step.reshapes &&
    history.future.length === 0 &&
    step.at - last.at <= mergeMs &&
    !last.tags &&
    !step.tags &&
    step.change.size === last.change.size &&
    [...step.change.keys()].every((key) => last.change.has(key))
  if (!merges) return { past: [...history.past, step], future: [] }
  const change = new Map<RegionKey, Edit<Region>>()
  for (const [key, edit] of step.change) change.set(key, compose(last.change.get(key)!, edit))
  return { past: [...history.past.slice(0, -1), { ...step, change, selectedBefore: last.selectedBefore }], future: [] }
}

/** Coordinates come back from the server as float32 fractions: this much of a side is no change. */
const relativeTolerance = 1e-6

/** Whether nobody has changed the region in what a person can change: shape, concepts, attributes, order. */
export function sameRegion(a: Region, b: Region, side: number): boolean {
  if (a === b) return true
  return (
    a.z === b.z &&
    sameAttributes(a.attributes, b.attributes) &&
    a.concepts.length === b.concepts.length &&
    a.concepts.every(
      (concept, i) => concept.id === b.concepts[i]!.id && Math.abs(concept.value - b.concepts[i]!.value) < 1e-6,
    ) &&
    sameShape(a.shape, b.shape, side * relativeTolerance)
  )
}

export type Taken =
  | { readonly kind: 'nothing' }
  /** the step no longer fits and is dropped */
  | { readonly kind: 'skipped'; readonly history: History; readonly reason: string }
  | {
      readonly kind: 'done'
      readonly history: History
      readonly change: RegionChange
      readonly tags?: TagChange | undefined
      readonly selected: readonly RegionKey[]
    }

export interface Now {
  readonly regions: ReadonlyMap<RegionKey, Region>
  readonly tags: Tags
  /** the longer side of the image, px */
  readonly side: number
  /** why the person may not change this region now */
  readonly whyNot: (region: Region) => string | undefined
}

/** The newest step taken back, as a new change; or skipped whole, if any region of it is not as the step left it. */
export function undo(history: History, now: Now): Taken {
  const step = history.past.at(-1)
  if (!step) return { kind: 'nothing' }
  const past = history.past.slice(0, -1)
  const tags = step.tags && invert(step.tags)
  const change = whyTagsDiffer(tags, now.tags) ?? fitted(invert(step.change), now)
  if (typeof change === 'string') {
    return { kind: 'skipped', history: { past, future: history.future }, reason: `Undo skipped a step: ${change}` }
  }
  return {
    kind: 'done',
    history: { past, future: [...history.future, step] },
    change,
    tags,
    selected: step.selectedBefore,
  }
}

export function redo(history: History, now: Now): Taken {
  const step = history.future.at(-1)
  if (!step) return { kind: 'nothing' }
  const future = history.future.slice(0, -1)
  const change = whyTagsDiffer(step.tags, now.tags) ?? fitted(step.change, now)
  if (typeof change === 'string') {
    return { kind: 'skipped', history: { past: history.past, future }, reason: `Redo skipped a step: ${change}` }
  }
  // its time is long ago, so that nothing merges into it
  return {
    kind: 'done',
    history: { past: [...history.past, { ...step, at: 0 }], future },
    change,
    tags: step.tags,
    selected: step.selectedAfter,
  }
}

/**
 * The change on the regions as they are now: `before` is what is there, `after` keeps the status it has there (a
 * stale step must not undo a verdict). A reason instead, if it no longer fits.
 */
function fitted(change: RegionChange, now: Now): RegionChange | string {
  const out = new Map<RegionKey, Edit<Region>>()
  for (const [key, { before, after }] of change) {
    const current = now.regions.get(key)
    if (!before !== !current)
      return current ? 'a deleted region is there again.' : 'a region of it was deleted elsewhere since.'
    if (before && current && !sameRegion(asRead(before, current), current, now.side))
      return 'a region of it was changed elsewhere since.'
    const why = now.whyNot(current ?? after!)
    if (why !== undefined) return why
    const next = after && current ? { ...asRead(after, current), status: current.status } : after
    out.set(key, { before: current, after: next })
  }
  return out
}

/** A mask that had not been read when the step was made is what it has been read as since. */
const asRead = (then: Region, now: Region): Region =>
  then.shape.kind === 'asReceived' && then.shape.what === 'mask' && isMask(now.shape)
    ? { ...then, shape: now.shape }
    : then

const isMask = (shape: Shape): boolean =>
  shape.kind === 'mask' || (shape.kind === 'asReceived' && shape.what === 'mask')

function whyTagsDiffer(change: TagChange | undefined, tags: ReadonlyMap<TagKey, number>): string | undefined {
  for (const [key, { before }] of change ?? []) {
    const current = tags.get(key)
    const same = current === before || Math.abs((current ?? Number.NaN) - (before ?? Number.NaN)) < 1e-6
    if (!same) return 'a concept of the image was changed meanwhile.'
  }
  return undefined
}
