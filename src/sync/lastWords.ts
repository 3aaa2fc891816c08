import { base64Decode, base64Encode } from '@bufbuild/protobuf/wire'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Edit } from '#model/change.ts'
import { isLockHeld, tabLock } from './browser.ts'
import { cloneFromText, cloneText } from './cloneText.ts'
import { sameContent } from './content.ts'
import type { AnnotationSlot, Ledger } from './ledger.ts'
import type { Outbox } from './outbox.ts'
import type { OutboxStore } from './outboxStore.ts'
import { shown } from './slot.ts'
import { decodeAnnotation, encodeAnnotation } from './slotCodec.ts'

const WORDS = 'marquee.words:'
/** What was to be kept beside the edits, such as steps of undo: under a name of its own, since edits must have room. */
const KEPT = 'marquee.kept:'
/** By then a page that was closed is gone. */
const HEAR_AFTER_MS = 1000

/** Storage that has what it was given when the call returns. */
export type AtOnce = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

export type Said = readonly (readonly [address: string, edit: Edit<Annotation>])[]

type Written = readonly (readonly [address: string, before: string | undefined, after: string | undefined])[]

/** Records to be kept by key; undefined forgets one. */
type Records = ReadonlyMap<string, unknown>

/** What pages left that are gone. */
interface Words {
  readonly said: Said
  readonly kept: Records
  /** once both are on the device */
  readonly forget: () => void
  /** pages that still speak themselves */
  readonly living: number
}

/**
 * Edits, and what is kept beside them, that the device's database has not confirmed when the page is being left. A page that dies may not live to see
 * a transaction through, but what it puts into the browser's own storage is there when the call returns. Every tab
 * has words of its own; whoever starts next takes all of them up, which is safe to do twice.
 */
export class LastWords {
  readonly #person: string
  readonly #tab: string
  readonly #storage: AtOnce | undefined
  readonly #pending = new Map<number, readonly [string, Edit<Annotation>]>()
  readonly #keeping = new Map<number, Records>()
  readonly #wrote = new Set<string>()
  #count = 0
  #leaving = false

  constructor(person: string, tab: string, storage: AtOnce | undefined = browserStorage()) {
    this.#person = `${person}:`
    this.#tab = tab
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
      if (this.#wrote.size > 0) this.#write()
    }
  }

  /** These are to be kept beside the edits. Returns what to call when they have arrived, or cannot. */
  beginKeeping(records: Records): () => void {
    const number = ++this.#count
    this.#keeping.set(number, records)
    if (this.#leaving) this.#write()
    return () => {
      this.#keeping.delete(number)
      if (this.#wrote.size > 0) this.#write()
    }
  }

  /** What pages left that are gone; `forget` it once it is on the device. */
  async others(): Promise<Words> {
    const tabs = [...new Set([...this.#tabs(WORDS), ...this.#tabs(KEPT)])]
    const lives = await Promise.all(tabs.map((tab) => isLockHeld(tabLock(tab))))
    const gone = tabs.filter((_, i) => !lives[i])
    const written = (kind: string) => gone.map((tab) => this.#storage?.getItem(kind + this.#person + tab) ?? '')
    return {
      said: written(WORDS).flatMap(read),
      kept: new Map(written(KEPT).flatMap(readKept)),
      forget: () => {
        for (const tab of gone) for (const kind of [WORDS, KEPT]) this.#storage?.removeItem(kind + this.#person + tab)
      },
      living: tabs.length - gone.length,
    }
  }

  /** Other tabs that have left something of this kind. */
  #tabs(kind: string): readonly string[] {
    const storage = this.#storage
    if (!storage) return []
    const prefix = kind + this.#person
    return Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '')
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
      .filter((tab) => tab !== this.#tab)
  }

  #write(): void {
    const written: Written = [...this.#pending.values()].map(([address, { before, after }]) => [
      address,
      before && base64Encode(encodeAnnotation(before)),
      after && base64Encode(encodeAnnotation(after)),
    ])
    const kept = [...this.#keeping.values()].flatMap((records) => [...records])
    this.#put(WORDS, written.length > 0 ? JSON.stringify(written) : undefined)
    this.#put(KEPT, kept.length > 0 ? cloneText(kept) : undefined)
  }

  #put(kind: string, text: string | undefined): void {
    const key = kind + this.#person + this.#tab
    try {
      if (text !== undefined) {
        this.#wrote.add(key)
        this.#storage?.setItem(key, text)
      } else if (this.#wrote.delete(key)) this.#storage?.removeItem(key)
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

function readKept(text: string): readonly (readonly [string, unknown])[] {
  try {
    return cloneFromText(text) as readonly (readonly [string, unknown])[]
  } catch {
    return []
  }
}

/** Edits that pages left which were closed before the device had them. Returns how many pages have not said all yet. */
export async function takeUp(
  words: LastWords,
  { ledger, store }: { readonly ledger: Ledger; readonly store: Pick<OutboxStore, 'keepAll'> },
  outbox: Outbox<Annotation>,
  now: () => number,
): Promise<number> {
  const { said, kept, forget, living } = await words.others()
  // one after the other: there may be several of one annotation
  for (const [key, edit] of said) {
    const append = (slot: AnnotationSlot | undefined) => (has(slot, edit) ? slot : outbox.append(slot, edit, now()))
    await ledger.apply(new Map([[key, append]]))
  }
  // losing these loses no work
  if (kept.size > 0) await store.keepAll(kept).catch(() => undefined)
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
      if ((key?.startsWith(WORDS) || key?.startsWith(KEPT)) && newValue !== null) this.#soon()
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
