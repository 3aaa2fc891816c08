import type { RegionChange } from '#editor/history.ts'
import type { Size } from '#geometry/point.ts'
import type { Mask } from '#geometry/shape.ts'
import { apply } from '#model/change.ts'
import type { TagChange, Tags } from '#model/imageTags.ts'
import { rememberPng } from '#model/maskPngs.ts'
import type { Region, RegionKey } from '#model/region.ts'
import { type EncodeMask, isSlowToEncode } from './maskEncoder.ts'

interface Commit {
  readonly change: RegionChange
  readonly tags: TagChange | undefined
  /** its masks are encoded, or will be as it is sent */
  ready: boolean
}

export interface CommitQueueOptions {
  /** of the image, px */
  readonly size: Size
  /** Makes messages of it and hands them to the outbox; masks it needs are encoded by then, or are encoded by it. */
  readonly send: (change: RegionChange, tags: TagChange | undefined) => void
  /** without it, nothing waits */
  readonly encode: EncodeMask | undefined
  /** Something has begun to wait; called back when nothing waits any more. */
  readonly busy: () => () => void
}

/**
 * What the person committed, in the order they did it, on its way to the outbox. A mask that is slow to encode is
 * encoded elsewhere while its commit waits here, and those made after it wait behind it; whoever leaves calls `flush`,
 * which encodes what is missing at once, so that nothing is lost.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions
  readonly #waiting: Commit[] = []
  #idle: (() => void) | undefined

  constructor(options: CommitQueueOptions) {
    this.#options = options
  }

  add(change: RegionChange, tags: TagChange | undefined): void {
    const { size, encode, busy, send } = this.#options
    const slow = encode ? slowMasks(change, size) : []
    if (slow.length === 0 && this.#waiting.length === 0) {
      send(change, tags)
      return
    }
    const commit: Commit = { change, tags, ready: slow.length === 0 }
    this.#waiting.push(commit)
    this.#idle ??= busy()
    if (!commit.ready) void this.#encode(commit, slow)
  }

  /** Everything that waits, at once. */
  flush(): void {
    for (const commit of this.#waiting) commit.ready = true
    this.#sendReady()
  }

  /** What is seen: these, as the outbox has them, and what waits. */
  regionsOver(regions: ReadonlyMap<RegionKey, Region>): ReadonlyMap<RegionKey, Region> {
    return this.#waiting.reduce<ReadonlyMap<RegionKey, Region>>((all, { change }) => apply(all, change), regions)
  }

  tagsOver(tags: Tags): Tags {
    return this.#waiting.reduce<Tags>((all, commit) => (commit.tags ? apply(all, commit.tags) : all), tags)
  }

  async #encode(commit: Commit, masks: readonly Mask[]): Promise<void> {
    const { size, encode } = this.#options
    const pngs = await Promise.all(masks.map((mask) => encode!(mask, size))).catch(() => [])
    // it has left meanwhile, encoded here
    if (commit.ready) return
    for (const [i, png] of pngs.entries()) if (png) rememberPng(masks[i]!, size, png)
    commit.ready = true
    this.#sendReady()
  }

  #sendReady(): void {
    while (this.#waiting[0]?.ready) {
      const { change, tags } = this.#waiting.shift()!
      this.#options.send(change, tags)
    }
    if (this.#waiting.length > 0) return
    this.#idle?.()
    this.#idle = undefined
  }
}

function slowMasks(change: RegionChange, size: Size): readonly Mask[] {
  return [...change.values()].flatMap(({ before, after }) => {
    const shape = after?.shape
    return shape?.kind === 'mask' && shape !== before?.shape && isSlowToEncode(shape, size) ? [shape] : []
  })
}
