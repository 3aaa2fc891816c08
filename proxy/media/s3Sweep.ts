import type { Sweeping } from './blobs.ts'
import { createTurnstile } from './turnstile.ts'

/** A blob, or with `derived`, its name, what was computed from one. */
export interface Listed {
  readonly hash: string
  readonly derived: string | undefined
  /** Bytes. */
  readonly size: number
  /** ms since 1970. */
  readonly modifiedAt: number
}

interface Bucket {
  /** ms since 1970; undefined when it is not there. */
  modifiedAt(hash: string): Promise<number | undefined>
  removeContent(hash: string): Promise<void>
  removeDerived(hash: string, name: string): Promise<void>
}

const hashesAtOnce = 500
const removalsAtOnce = 8

/**
 * S3 cannot remove an object on the condition that it is still old, so storing and sweeping agree here: what is on its
 * way or came since the sweep began stays, and what is being removed is stored only after that. Between servers on one
 * bucket the moment between looking and removing is left, of a blob nobody has named for a day.
 */
export function arrivals() {
  const onTheirWay = new Map<string, number>()
  const going = new Map<string, Promise<unknown>>()
  let sinceSweep: Set<string> | undefined
  return {
    async during<T>(hash: string, store: () => Promise<T>): Promise<T> {
      onTheirWay.set(hash, (onTheirWay.get(hash) ?? 0) + 1)
      sinceSweep?.add(hash)
      try {
        await going.get(hash)?.catch(() => undefined)
        return await store()
      } finally {
        const others = onTheirWay.get(hash)! - 1
        if (others > 0) onTheirWay.set(hash, others)
        else onTheirWay.delete(hash)
      }
    },
    async whileSweeping<T>(sweep: () => Promise<T>): Promise<T> {
      sinceSweep = new Set(onTheirWay.keys())
      try {
        return await sweep()
      } finally {
        sinceSweep = undefined
      }
    },
    /** Does nothing and answers false for what came meanwhile. */
    async unlessComing(hash: string, remove: () => Promise<boolean>): Promise<boolean> {
      if (onTheirWay.has(hash) || sinceSweep?.has(hash)) return false
      const removing = remove()
      going.set(hash, removing)
      try {
        return await removing
      } finally {
        going.delete(hash)
      }
    },
  }
}

/**
 * Of what is derived only the names count: what nobody names goes once all of it is old, marker before tiles as they
 * are listed, and can be computed again if that was an error.
 */
export const sweepS3 = (
  all: AsyncIterable<Listed>,
  coming: ReturnType<typeof arrivals>,
  { olderThan, signal, named }: Sweeping,
  bucket: Bucket,
): Promise<{ blobs: number; bytes: number }> =>
  coming.whileSweeping(async () => {
    const gone = { blobs: 0, bytes: 0 }
    const gate = createTurnstile(removalsAtOnce)
    const contents = new Map<string, number>()
    const derived = new Map<string, { names: string[]; newest: number }>()
    const removeContent = async (hash: string, size: number) => {
      const removed = await coming.unlessComing(hash, async () => {
        const modifiedAt = await bucket.modifiedAt(hash)
        if (modifiedAt === undefined || modifiedAt >= olderThan) return false
        await bucket.removeContent(hash)
        return true
      })
      if (!removed) return
      gone.blobs++
      gone.bytes += size
    }
    const removeDerived = async (hash: string, names: readonly string[]) => {
      for (const name of names) await bucket.removeDerived(hash, name)
    }
    const decide = async <T>(found: Map<string, T>, remove: (hash: string, what: T) => Promise<void>) => {
      const kept = await named([...found.keys()])
      const unnamed = [...found].filter(([hash]) => !kept.has(hash))
      await Promise.all(unnamed.map(([hash, what]) => gate.run(() => remove(hash, what))))
      found.clear()
    }
    const decideContents = () => decide(contents, removeContent)
    const decideDerived = () =>
      decide(derived, async (hash, { names, newest }) => {
        if (newest < olderThan) await removeDerived(hash, names)
      })
    for await (const { hash, derived: name, size, modifiedAt } of all) {
      if (signal.aborted) return gone
      if (name !== undefined) {
        // before a new hash begins: all names of one come one after the other
        if (!derived.has(hash) && derived.size >= hashesAtOnce) await decideDerived()
        const { names, newest } = derived.get(hash) ?? { names: [], newest: 0 }
        names.push(name)
        derived.set(hash, { names, newest: Math.max(newest, modifiedAt) })
      } else if (modifiedAt < olderThan) contents.set(hash, size)
      if (contents.size >= hashesAtOnce) await decideContents()
    }
    if (contents.size > 0) await decideContents()
    if (derived.size > 0) await decideDerived()
    return gone
  })
