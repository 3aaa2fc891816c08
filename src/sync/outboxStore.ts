import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { StoredSlot } from './slotCodec.ts'

/** What a change makes of one stored slot; undefined = nothing stored. Pure: it may run on memory and on disk. */
export type SlotUpdate = (slot: StoredSlot | undefined) => StoredSlot | undefined

/** What a transaction left behind. `revision` grows with every transaction of any tab. */
export interface Written {
  readonly revision: number
  readonly slots: ReadonlyMap<string, StoredSlot | undefined>
}

/** Keeps the slots of one person on one server, and what else belongs to them on this device. */
export interface OutboxStore {
  /** false: what is kept is gone when the tab closes */
  readonly durable: boolean
  /** Every slot by its address. */
  slots(): Promise<ReadonlyMap<string, StoredSlot>>
  /** Applies all updates in one transaction, durable when it resolves. @throws DOMException, e.g. QuotaExceededError */
  update(updates: ReadonlyMap<string, SlotUpdate>): Promise<Written>
  /** Keeps a structured-cloneable value beside the slots; undefined forgets it. */
  keep(key: string, value: unknown): Promise<void>
  /** Several at once, all or none. */
  keepAll(values: ReadonlyMap<string, unknown>): Promise<void>
  load(key: string): Promise<unknown>
  /** Everything that is kept under keys that begin so, by key in ascending order. */
  loadAll(prefix: string): Promise<ReadonlyMap<string, unknown>>
  close(): void
}

type Key = [server: string, user: string, key: string]

interface Tables extends DBSchema {
  /** the outbox: key ends in the annotation's address */
  slots: { key: Key; value: StoredSlot }
  /** the editor's history and the like */
  kept: { key: Key; value: unknown }
  /** `revision` per person */
  counters: { key: Key; value: number }
}

const DATABASE = 'marquee'
const VERSION = 1

export interface OutboxOwner {
  readonly serverId: string
  readonly userId: string
}

/** The store on this device; in memory if the browser has no IndexedDB or does not let us use it (private windows). */
export const outboxStoreOf = (owner: OutboxOwner): OutboxStore => new DeviceStore(owner)

/** Finds out at the first use what the device offers. */
class DeviceStore implements OutboxStore {
  #durable = true
  readonly #found: Promise<OutboxStore>
  constructor(owner: OutboxOwner) {
    this.#found = findStore(owner)
    void this.#found.then(({ durable }) => {
      this.#durable = durable
    })
  }

  get durable(): boolean {
    return this.#durable
  }

  async slots(): Promise<ReadonlyMap<string, StoredSlot>> {
    return (await this.#found).slots()
  }

  async update(updates: ReadonlyMap<string, SlotUpdate>): Promise<Written> {
    return (await this.#found).update(updates)
  }

  async keep(key: string, value: unknown): Promise<void> {
    await (await this.#found).keep(key, value)
  }

  async keepAll(values: ReadonlyMap<string, unknown>): Promise<void> {
    await (await this.#found).keepAll(values)
  }

  async loadAll(prefix: string): Promise<ReadonlyMap<string, unknown>> {
    return (await this.#found).loadAll(prefix)
  }

  async load(key: string): Promise<unknown> {
    return (await this.#found).load(key)
  }

  close(): void {
    void this.#found.then((store) => store.close())
  }
}

async function findStore(owner: OutboxOwner): Promise<OutboxStore> {
  if (!globalThis.indexedDB) return new MemoryStore()
  const store = new IndexedDbStore(owner)
  try {
    await store.slots()
    return store
  } catch (error) {
    console.warn('IndexedDB cannot be used; changes are kept in this tab only.', error)
    return new MemoryStore()
  }
}

class IndexedDbStore implements OutboxStore {
  readonly durable = true
  readonly #owner: OutboxOwner
  #opened: Promise<IDBPDatabase<Tables>> | undefined
  constructor(owner: OutboxOwner) {
    this.#owner = owner
  }

  async slots(): Promise<ReadonlyMap<string, StoredSlot>> {
    const db = await this.#database()
    const transaction = db.transaction('slots')
    const range = this.#mine()
    const [keys, values] = await Promise.all([transaction.store.getAllKeys(range), transaction.store.getAll(range)])
    return new Map(keys.map(([, , key], i) => [key, values[i]!]))
  }

  async update(updates: ReadonlyMap<string, SlotUpdate>): Promise<Written> {
    const db = await this.#database()
    const transaction = db.transaction(['slots', 'counters'], 'readwrite', { durability: 'strict' })
    const slots = transaction.objectStore('slots')
    const counters = transaction.objectStore('counters')
    const left = new Map<string, StoredSlot | undefined>()
    const one = async (key: string, update: SlotUpdate): Promise<void> => {
      const slot = update(await slots.get(this.#key(key)))
      left.set(key, slot)
      await (slot ? slots.put(slot, this.#key(key)) : slots.delete(this.#key(key)))
    }
    const counted = async (): Promise<number> => {
      const revision = ((await counters.get(this.#key('revision'))) ?? 0) + 1
      await counters.put(revision, this.#key('revision'))
      return revision
    }
    const work = Promise.all([...updates].map(([key, update]) => one(key, update)))
    try {
      // `done` last: it is the transaction's oncomplete, after which the data is on the disk
      const [revision] = await Promise.all([counted(), work, transaction.done])
      return { revision, slots: left }
    } catch (error) {
      // a value that cannot be stored leaves the transaction open: without this the others would be written
      abort(transaction)
      throw error
    }
  }

  keep(key: string, value: unknown): Promise<void> {
    return this.keepAll(new Map([[key, value]]))
  }

  async keepAll(values: ReadonlyMap<string, unknown>): Promise<void> {
    const transaction = (await this.#database()).transaction('kept', 'readwrite')
    const work = [...values].map(([key, value]) =>
      value === undefined ? transaction.store.delete(this.#key(key)) : transaction.store.put(value, this.#key(key)),
    )
    // said outright, so that a page that is being left need not live until the answers come
    transaction.commit()
    try {
      await Promise.all([...work, transaction.done])
    } catch (error) {
      abort(transaction)
      throw error
    }
  }

  async loadAll(prefix: string): Promise<ReadonlyMap<string, unknown>> {
    const { store } = (await this.#database()).transaction('kept')
    const range = IDBKeyRange.bound(this.#key(prefix), this.#key(`${prefix}\uffff`))
    const [keys, values] = await Promise.all([store.getAllKeys(range), store.getAll(range)])
    return new Map(keys.map(([, , key], i) => [key, values[i]]))
  }

  async load(key: string): Promise<unknown> {
    return (await this.#database()).get('kept', this.#key(key))
  }

  close(): void {
    void this.#opened?.then((db) => db.close())
    this.#opened = undefined
  }

  #key(key: string): Key {
    return [this.#owner.serverId, this.#owner.userId, key]
  }

  /** Every key of this person: an array is above every string. */
  #mine(): IDBKeyRange {
    const { serverId, userId } = this.#owner
    return IDBKeyRange.bound([serverId, userId, ''], [serverId, userId, []])
  }

  #database(): Promise<IDBPDatabase<Tables>> {
    this.#opened ??= openDB<Tables>(DATABASE, VERSION, {
      upgrade: (db) => {
        for (const name of ['slots', 'kept', 'counters'] as const) db.createObjectStore(name)
      },
      // a newer page in another tab wants to change the database: let it; the next use opens it again or fails
      blocking: () => this.close(),
      terminated: () => {
        this.#opened = undefined
      },
    }).catch((error: unknown) => {
      this.#opened = undefined
      throw error
    })
    return this.#opened
  }
}

/** Unless it has ended by itself. */
function abort(transaction: { abort: () => void }): void {
  try {
    transaction.abort()
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error
  }
}

/** For a browser without IndexedDB: lasts as long as the tab. */
export class MemoryStore implements OutboxStore {
  readonly durable = false
  readonly #slots = new Map<string, StoredSlot>()
  readonly #kept = new Map<string, unknown>()
  #revision = 0

  async slots(): Promise<ReadonlyMap<string, StoredSlot>> {
    return new Map(this.#slots)
  }

  async update(updates: ReadonlyMap<string, SlotUpdate>): Promise<Written> {
    const left = new Map<string, StoredSlot | undefined>()
    for (const [key, update] of updates) {
      const slot = update(this.#slots.get(key))
      left.set(key, slot)
      if (slot) this.#slots.set(key, slot)
      else this.#slots.delete(key)
    }
    return { revision: ++this.#revision, slots: left }
  }

  async keep(key: string, value: unknown): Promise<void> {
    await this.keepAll(new Map([[key, value]]))
  }

  async keepAll(values: ReadonlyMap<string, unknown>): Promise<void> {
    for (const [key, value] of structuredClone(values)) {
      if (value === undefined) this.#kept.delete(key)
      else this.#kept.set(key, value)
    }
  }

  async loadAll(prefix: string): Promise<ReadonlyMap<string, unknown>> {
    return new Map([...this.#kept].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  async load(key: string): Promise<unknown> {
    return this.#kept.get(key)
  }

  close(): void {}
}
