import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

export interface KeptAnswer {
  readonly data: unknown
  /** ms since 1970 */
  readonly at: number
  /** of which build of the app: another one may mean something else by the same fields */
  readonly build: string
}

/** Where answers of the server lie on this device. Without IndexedDB there is nowhere, and nothing fails. */
export interface AnswerStore {
  load(key: string): Promise<KeptAnswer | undefined>
  /** The youngest whose key begins so and that is wanted. */
  find(prefix: string, wanted: (answer: KeptAnswer) => boolean): Promise<KeptAnswer | undefined>
  /** undefined forgets it. */
  save(answers: ReadonlyMap<string, KeptAnswer | undefined>): Promise<void>
  /** Forgets what `stays` does not want, then the oldest beyond `most`. */
  prune(stays: (key: string, answer: KeptAnswer) => boolean, most: number): Promise<void>
  clear(): Promise<void>
}

interface Tables extends DBSchema {
  answers: { key: string; value: KeptAnswer; indexes: { at: number } }
}

const DATABASE = 'marquee-answers'
const VERSION = 1

export class DeviceAnswers implements AnswerStore {
  #opened: Promise<IDBPDatabase<Tables>> | undefined

  async load(key: string): Promise<KeptAnswer | undefined> {
    return (await this.#database())?.get('answers', key)
  }

  async find(prefix: string, wanted: (answer: KeptAnswer) => boolean): Promise<KeptAnswer | undefined> {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
    const all = (await (await this.#database())?.getAll('answers', range)) ?? []
    return all.filter(wanted).toSorted((a, b) => b.at - a.at)[0]
  }

  async save(answers: ReadonlyMap<string, KeptAnswer | undefined>): Promise<void> {
    const transaction = (await this.#database())?.transaction('answers', 'readwrite')
    if (!transaction) return
    const work = [...answers].map(([key, answer]) =>
      answer ? transaction.store.put(answer, key) : transaction.store.delete(key),
    )
    // said outright, so that a page that is being left need not live until the answers come
    transaction.commit()
    await Promise.all([...work, transaction.done])
  }

  async prune(stays: (key: string, answer: KeptAnswer) => boolean, most: number): Promise<void> {
    const transaction = (await this.#database())?.transaction('answers', 'readwrite')
    if (!transaction) return
    let count = 0
    for (let cursor = await transaction.store.index('at').openCursor(null, 'prev'); cursor; ) {
      if (++count > most || !stays(cursor.primaryKey, cursor.value)) await cursor.delete()
      cursor = await cursor.continue()
    }
    await transaction.done
  }

  async clear(): Promise<void> {
    await (await this.#database())?.clear('answers')
  }

  #database(): Promise<IDBPDatabase<Tables> | undefined> {
    if (!globalThis.indexedDB) return Promise.resolve(undefined)
    this.#opened ??= openDB<Tables>(DATABASE, VERSION, {
      upgrade: (db) => void db.createObjectStore('answers').createIndex('at', 'at'),
      blocking: (_, __, event) => (event.target as IDBDatabase).close(),
      terminated: () => {
        this.#opened = undefined
      },
    })
    // a private window that lets nobody store anything: as without
    return this.#opened.catch(() => undefined)
  }
}
