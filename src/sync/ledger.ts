import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { OutboxStore, SlotUpdate } from './outboxStore.ts'
import { addressOf, inputKey } from './scope.ts'
import type { Slot } from './slot.ts'
import { decodeSlot, encodeSlot, type StoredSlot } from './slotCodec.ts'
import type { Tabs } from './tabs.ts'

export type AnnotationSlot = Slot<Annotation>
/** Pure: it runs at once on what this tab knows, and again on what is stored, which other tabs write too. */
export type Update = (slot: AnnotationSlot | undefined) => AnnotationSlot | undefined

/** What the server acknowledged in one go; undefined = gone. For the other tabs' query caches. */
export type Acknowledged = readonly (readonly [address: string, item: Annotation | undefined])[]

const NO_SLOTS: ReadonlyMap<string, AnnotationSlot> = new Map()

/**
 * The slots of one person, by address. The store is the truth that all tabs share; this is the tab's copy, which every
 * change reaches at once, before it is durable.
 */
export class Ledger {
  readonly #store: OutboxStore
  readonly #tabs: Tabs
  readonly #slots = new Map<string, AnnotationSlot>()
  readonly #byInput = new Map<string, Map<string, AnnotationSlot>>()
  /** inputs whose map is already a new one since the last notice; a batch copies each map once */
  readonly #copied = new Set<string>()
  /** transactions under way per address: until they end, the copy here is ahead of the store */
  readonly #writing = new Map<string, number>()
  readonly #revisions = new Map<string, number>()
  /** what could not be stored: this tab's copy is the truth */
  readonly #unstored = new Set<string>()
  readonly #listeners = new Set<() => void>()

  constructor(store: OutboxStore, tabs: Tabs) {
    this.#store = store
    this.#tabs = tabs
    tabs.onSlots((revision, slots) => {
      for (const [key, stored] of slots) this.#learn(key, stored, revision)
      this.#changed()
    })
  }

  /** Loads what an earlier visit left. */
  async load(): Promise<void> {
    for (const [key, stored] of await this.#store.slots())
      if (!this.#writing.has(key)) this.#set(key, decodeSlot(stored))
    this.#changed()
  }

  get slots(): ReadonlyMap<string, AnnotationSlot> {
    return this.#slots
  }

  /** By annotation id; the same map until one of them changes. */
  ofInput(input: string): ReadonlyMap<string, AnnotationSlot> {
    return this.#byInput.get(input) ?? NO_SLOTS
  }

  /** False while something is kept in this tab only. */
  get durable(): boolean {
    return this.#store.durable && this.#unstored.size === 0
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** In effect at once; resolves with the slots as stored, or as kept in memory if the device refuses them. */
  async apply(
    updates: ReadonlyMap<string, Update>,
    acknowledged: Acknowledged = [],
  ): Promise<ReadonlyMap<string, AnnotationSlot | undefined>> {
    for (const [key, update] of updates) {
      this.#set(key, update(this.#slots.get(key)))
      this.#writing.set(key, (this.#writing.get(key) ?? 0) + 1)
    }
    this.#changed()
    try {
      const { revision, slots } = await this.#store.update(this.#stored(updates))
      for (const key of slots.keys()) this.#unstored.delete(key)
      this.#tabs.postSlots(revision, [...slots], acknowledged)
      return this.#finish(updates.keys(), (key) => this.#learn(key, slots.get(key), revision))
    } catch (error) {
      console.warn('This device cannot keep the change; it is kept in this tab only.', error)
      for (const key of updates.keys()) this.#unstored.add(key)
      return this.#finish(updates.keys(), () => undefined)
    }
  }

  #stored(updates: ReadonlyMap<string, Update>): ReadonlyMap<string, SlotUpdate> {
    const copy = (slot: AnnotationSlot | undefined): StoredSlot | undefined => slot && encodeSlot(slot)
    const whole = (key: string): SlotUpdate => {
      const mine = this.#slots.get(key)
      return () => copy(mine)
    }
    const all = [...updates].map(([key, update]): [string, SlotUpdate] =>
      this.#unstored.has(key) ? [key, whole(key)] : [key, (stored) => copy(update(stored && decodeSlot(stored)))],
    )
    // a device that was full may have room again
    return new Map([...[...this.#unstored].map((key): [string, SlotUpdate] => [key, whole(key)]), ...all])
  }

  #finish(keys: Iterable<string>, settle: (key: string) => void): ReadonlyMap<string, AnnotationSlot | undefined> {
    const left = new Map<string, AnnotationSlot | undefined>()
    for (const key of keys) {
      const others = (this.#writing.get(key) ?? 1) - 1
      if (others > 0) this.#writing.set(key, others)
      else this.#writing.delete(key)
      settle(key)
      left.set(key, this.#slots.get(key))
    }
    this.#changed()
    return left
  }

  #learn(key: string, stored: StoredSlot | undefined, revision: number): void {
    if (this.#writing.has(key) || revision < (this.#revisions.get(key) ?? 0)) return
    this.#revisions.set(key, revision)
    this.#unstored.delete(key)
    this.#set(key, stored && decodeSlot(stored))
  }

  #set(key: string, slot: AnnotationSlot | undefined): void {
    if (slot === this.#slots.get(key)) return
    if (slot) this.#slots.set(key, slot)
    else this.#slots.delete(key)
    const { annotation, ...scope } = addressOf(key)
    const input = inputKey(scope)
    const slots = (this.#copied.has(input) && this.#byInput.get(input)) || new Map(this.#byInput.get(input))
    this.#copied.add(input)
    if (slot) slots.set(annotation, slot)
    else slots.delete(annotation)
    if (slots.size > 0) this.#byInput.set(input, slots)
    else this.#byInput.delete(input)
  }

  #changed(): void {
    this.#copied.clear()
    for (const listener of this.#listeners) listener()
  }
}
