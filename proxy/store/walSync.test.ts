import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openStore, type Store } from './open.ts'

describe('commits that wait for the disk', () => {
  let folder: string
  let store: Store
  /** Ends the sync that is running: as good, or with an error. */
  let syncs: { resolve: () => void; reject: (error: Error) => void }[]

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'marquee-sync-'))
    syncs = []
    store = await openStore({
      databaseUrl: path.join(folder, 'x.db'),
      syncFile: () => new Promise((resolve, reject) => syncs.push({ resolve, reject })),
    })
    return async () => {
      for (const { resolve } of syncs) resolve()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })

  const put = (key: string) => store.write.insertInto('meta').values({ key, value: key }).execute()
  const putTogether = (key: string) =>
    store.together(async (tx) => void (await tx.insertInto('meta').values({ key, value: key }).execute()))
  const seen = async () => {
    const rows = await store.read.selectFrom('meta').select('key').where('key', 'like', 'k%').orderBy('key').execute()
    return rows.map(({ key }) => key)
  }
  const turns = () => new Promise((resolve) => setTimeout(resolve, 20))
  /** The sync of this number has begun, and nothing is left that could begin another. */
  const begun = async (number: number) => {
    await expect.poll(() => syncs.length, { interval: 2 }).toBe(number)
    await turns()
  }
  const stateOf = async (promise: Promise<unknown>) =>
    Promise.race([promise.then(() => 'told'), turns().then(() => 'waits')])

  it.each([
    ['a statement', (key: string) => put(key)],
    [
      'a transaction',
      (key: string) =>
        store.write.transaction().execute((tx) => tx.insertInto('meta').values({ key, value: key }).execute()),
    ],
    [
      'a write that returns rows',
      (key: string) => store.write.insertInto('meta').values({ key, value: key }).returning('key').execute(),
    ],
    ['a shared commit', (key: string) => putTogether(key)],
  ])('tells of %s only after the sync that follows it', async (_what, write) => {
    const writing = write('k1')
    await begun(1)
    expect(await stateOf(writing)).toBe('waits')
    expect(await seen()).toEqual(['k1'])
    syncs[0]!.resolve()
    expect(await stateOf(writing)).toBe('told')
    expect(syncs).toHaveLength(1)
  })

  it('does not sync for what only reads', async () => {
    await store.write.selectFrom('meta').selectAll().execute()
    await store.write.transaction().execute((tx) => tx.selectFrom('meta').selectAll().execute())
    expect(syncs).toHaveLength(0)
  })

  it('does not sync for a write that changes nothing', async () => {
    await store.write.updateTable('meta').set({ value: 'x' }).where('key', '=', 'none').execute()
    await store.write.deleteFrom('meta').where('key', '=', 'none').returning('key').execute()
    expect(syncs).toHaveLength(0)
  })

  it('goes on writing meanwhile, and gives all of these one sync that begins after them', async () => {
    const first = putTogether('k1')
    await begun(1)
    const later = [putTogether('k2'), put('k3'), putTogether('k4')]
    await expect.poll(seen).toEqual(['k1', 'k2', 'k3', 'k4'])
    syncs[0]!.resolve()
    await first
    await begun(2)
    expect(await stateOf(Promise.all(later))).toBe('waits')
    syncs[1]!.resolve()
    expect(await stateOf(Promise.all(later))).toBe('told')
    expect(syncs).toHaveLength(2)
  })

  it('refuses whoever waits for a sync that fails, and everything after it', async () => {
    const writing = [putTogether('k1'), put('k2')]
    await begun(1)
    const waiting = putTogether('k3')
    await expect.poll(seen).toContain('k3')
    syncs[0]!.reject(new Error('EIO'))
    for (const { status } of await Promise.allSettled([...writing, waiting])) expect(status).toBe('rejected')
    await expect(put('k4')).rejects.toThrow('Nothing more is written')
    await expect(putTogether('k5')).rejects.toThrow('Nothing more is written')
    expect(await seen()).not.toContain('k4')
    expect(() => store.check?.()).toThrow('Nothing more is written')
    expect(syncs).toHaveLength(1)
  })
})

describe('checkpoints in a thread', () => {
  it('move the log into the database beside the writes, which then begin it anew', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'marquee-checkpoints-'))
    const file = path.join(folder, 'x.db')
    const store = await openStore({ databaseUrl: file, checkpoints: { afterMs: 10, mostPages: 50 } })
    /** How often the log was begun (sqlite.org/fileformat2.html#walformat). */
    const begun = () => readFileSync(`${file}-wal`).readUInt32BE(12)
    let n = 0
    const write = () =>
      store.write
        .insertInto('meta')
        .values({ key: `k${n++}`, value: 'x'.repeat(10_000) })
        .execute()
    await write()
    const before = { begun: begun(), bytes: statSync(file).size }
    const writing = async () => {
      await write()
      return begun()
    }
    await expect.poll(writing, { timeout: 20_000, interval: 5 }).toBeGreaterThan(before.begun + 1)
    expect(statSync(file).size).toBeGreaterThan(before.bytes)
    await store.close()
    expect(statSync(`${file}-wal`, { throwIfNoEntry: false })).toBeUndefined()
    const again = await openStore({ databaseUrl: file })
    const rows = await again.read.selectFrom('meta').select('key').where('key', 'like', 'k%').execute()
    expect(rows).toHaveLength(n)
    await again.close()
    rmSync(folder, { recursive: true, force: true })
  })
})
