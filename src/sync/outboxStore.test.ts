import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type OutboxStore, outboxStoreOf } from './outboxStore.ts'
import type { StoredSlot } from './slotCodec.ts'

const ana = { serverId: 's1', userId: 'ana' }

const slot = (value: number): StoredSlot => ({
  belief: { at: 'absent' },
  queued: { after: new Uint8Array([value]) },
  trail: [],
  doubts: [],
})

const put = (store: OutboxStore, key: string, value: number) => store.update(new Map([[key, () => slot(value)]]))

// other files run in the same process, and some tests here take the database away
afterEach(() => {
  globalThis.indexedDB = new IDBFactory()
})
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

describe('the store on this device', () => {
  it('has what was put after it is opened again', async () => {
    const store = outboxStoreOf(ana)
    await put(store, 'a', 1)
    await put(store, 'b', 2)
    await store.update(new Map([['a', () => undefined]]))
    store.close()
    expect(await outboxStoreOf(ana).slots()).toEqual(new Map([['b', slot(2)]]))
  })

  it('keeps people and servers apart', async () => {
    await put(outboxStoreOf(ana), 'a', 1)
    await outboxStoreOf(ana).keep('history', [1])
    for (const other of [
      { ...ana, userId: 'ben' },
      { ...ana, serverId: 's2' },
      { ...ana, userId: 'an' },
    ]) {
      expect((await outboxStoreOf(other).slots()).size).toBe(0)
      expect(await outboxStoreOf(other).load('history')).toBeUndefined()
    }
  })

  it('applies updates of two tabs one after the other, to what the other left', async () => {
    const [one, two] = [outboxStoreOf(ana), outboxStoreOf(ana)]
    const add = (store: OutboxStore) =>
      store.update(new Map([['a', (old) => slot(((old?.queued?.after?.[0] ?? 0) as number) + 1)]]))
    const written = await Promise.all([add(one), add(two), add(one), add(two)])
    expect((await one.slots()).get('a')).toEqual(slot(4))
    expect(written.map(({ revision }) => revision).sort((a, b) => a - b)).toEqual([1, 2, 3, 4])
  })

  it('writes all or nothing of one update, and says so', async () => {
    const store = outboxStoreOf(ana)
    const unclonable = { ...slot(1), trail: [() => 1] } as unknown as StoredSlot
    const both = new Map([
      ['a', () => slot(1)],
      ['b', () => unclonable],
    ])
    await expect(store.update(both)).rejects.toThrow()
    expect((await store.slots()).size).toBe(0)
  })

  it('asks for strict durability', async () => {
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction')
    await put(outboxStoreOf(ana), 'a', 1)
    expect(transaction.mock.calls.at(-1)?.[2]).toEqual({ durability: 'strict' })
    transaction.mockRestore()
  })

  it('works in memory, and says that it does, where there is no IndexedDB', async () => {
    Reflect.deleteProperty(globalThis, 'indexedDB')
    const store = outboxStoreOf(ana)
    await put(store, 'a', 1)
    await store.keep('history', [1])
    expect(store.durable).toBe(false)
    expect((await store.slots()).get('a')).toEqual(slot(1))
    expect(await store.load('history')).toEqual([1])
  })

  it('works in memory where the browser forbids IndexedDB', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    globalThis.indexedDB = {
      open: () => {
        throw new DOMException('no', 'SecurityError')
      },
    } as unknown as IDBFactory
    const store = outboxStoreOf(ana)
    await put(store, 'a', 1)
    expect(store.durable).toBe(false)
    expect(warn).toHaveBeenCalledOnce()
    warn.mockRestore()
  })
})
