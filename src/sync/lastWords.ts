import { base64Decode, base64Encode } from '@bufbuild/protobuf/wire'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Edit } from '#model/change.ts'
import { isLockHeld, tabLock } from './browser.ts'
import { sameContent } from './content.ts'
import type { AnnotationSlot, Ledger } from './ledger.ts'
import type { Outbox } from './outbox.ts'
import { shown } from './slot.ts'
import { decodeAnnotation, encodeAnnotation } from './slotCodec.ts'

const WORDS = 'marquee.words:'
/** By then a page that was closed is gone. */
const HEAR_AFTER_MS = 1000

/** Storage that has what it was given when the call returns. */
export type AtOnce = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

export type Said = readonly (readonly [address: string, edit: Edit<Annotation>])[]

type Written = readonly (readonly [address: string, before: string | undefined, after: string | undefined])[]

/**
 * Edits that the device's database has not confirmed when the page is being left. A page that dies may not live to see
 * a transaction through, but what it puts into the browser's own storage is there when the call returns. Every tab
 * has words of its own; whoever starts next takes all of them up, which is safe to do twice.
 */
export class LastWords {
  readonly #prefix: string
  readonly #key: string
  readonly #storage: AtOnce | undefined
  readonly #pending = new Map<number, readonly [string, Edit<Annotation>]>()
  #count = 0
  #leaving = false
  #wrote = false

  constructor(person: string, tab: string, storage: AtOnce | undefined = browserStorage()) {
    this.#prefix = `${WORDS}${person}:`
    this.#key = this.#prefix + tab
    this.#storage = storage
  }

  /** While the page is being left, or is out of sight, whatever is not on the device yet is written at once. */
  set leaving(leaving: boolean) {
    this.#leaving = leaving
    if (leaving) this.#write()
  }

  /** These are on their way to the device. Returns what to call when they have arrived. */
  begin(edits: Said): () => void {
    const numbers = edits.map((edit) => {
      this.#pending.set(++this.#count, edit)
      return this.#count
    })
    if (this.#leaving) this.#write()
    return () => {
      for (const number of numbers) this.#pending.delete(number)
      if (this.#wrote) this.#write()
    }
  }

  /** What pages left that are gone; `forget` it once it is on the device. `living`: pages that still speak themselves. */
  async others(): Promise<{ readonly said: Said; readonly forget: () => void; readonly living: number }> {
    const all = this.#keys()
    const lives = await Promise.all(all.map((key) => isLockHeld(tabLock(key.slice(this.#prefix.length)))))
    const keys = all.filter((_, i) => !lives[i])
    const said = keys.flatMap((key) => read(this.#storage?.getItem(key) ?? ''))
    return { said, forget: () => this.#forget(keys), living: all.length - keys.length }
  }

  #forget(keys: readonly string[]): void {
    for (const key of keys) this.#storage?.removeItem(key)
  }

  #keys(): readonly string[] {
    const storage = this.#storage
    if (!storage) return []
    return Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '').filter(
      (key) => key.startsWith(this.#prefix) && key !== this.#key,
    )
  }

  #write(): void {
    const written: Written = [...this.#pending.values()].map(([address, { before, after }]) => [
      address,
      before && base64Encode(encodeAnnotation(before)),
      after && base64Encode(encodeAnnotation(after)),
    ])
    try {
      if (written.length > 0) this.#storage?.setItem(this.#key, JSON.stringify(written))
      else if (this.#wrote) this.#storage?.removeItem(this.#key)
      this.#wrote = written.length > 0
    } catch {
      // full: the database may still make it
    }
  }
}

function read(text: string): Said {
  try {
    return (JSON.parse(text) as Written).map(([address, before, after]) => [
      address,
      {
        before: before === undefined || before === null ? undefined : decodeAnnotation(base64Decode(before)),
        after: after === undefined || after === null ? undefined : decodeAnnotation(base64Decode(after)),
      },
    ])
  } catch {
    return [] // cut off, or of another version
  }
}

/** Edits that pages left which were closed before the device had them. Returns how many pages have not said all yet. */
export async function takeUp(
  words: LastWords,
  ledger: Ledger,
  outbox: Outbox<Annotation>,
  now: () => number,
): Promise<number> {
  const { said, forget, living } = await words.others()
  // one after the other: there may be several of one annotation
  for (const [key, edit] of said) {
    const append = (slot: AnnotationSlot | undefined) => (has(slot, edit) ? slot : outbox.append(slot, edit, now()))
    await ledger.apply(new Map([[key, append]]))
  }
  forget()
  return living
}

/** Listens to pages that die while this one lives. */
export class Listening {
  readonly #takeUp: () => Promise<number>
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(takeUp: () => Promise<number>) {
    this.#takeUp = takeUp
  }

  /** Returns how to stop. */
  start(): () => void {
    if (typeof window === 'undefined') return () => undefined
    const heard = ({ key, newValue }: StorageEvent) => {
      if (key?.startsWith(WORDS) && newValue !== null) this.#soon()
    }
    window.addEventListener('storage', heard)
    return () => {
      window.removeEventListener('storage', heard)
      clearTimeout(this.#timer)
    }
  }

  #soon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#hear(), HEAR_AFTER_MS)
  }

  async #hear(): Promise<void> {
    if ((await this.#takeUp()) > 0) this.#soon()
  }
}

/** It has arrived after all. */
function has(slot: AnnotationSlot | undefined, { after }: Edit<Annotation>): boolean {
  const seen = slot && shown(slot)
  if (!seen) return false
  return seen.value && after ? sameContent(seen.value, after) : seen.value === after
}

/** Naming it throws where storage is off. */
export function browserStorage(): AtOnce | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}
