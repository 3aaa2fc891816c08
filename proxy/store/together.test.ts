import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, describe, expect, it } from 'vitest'
import { openStore, type Store } from './open.ts'

describe('writes that share a commit', () => {
  let folder: string
  let store: Store
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'marquee-together-'))
    store = await openStore({ databaseUrl: path.join(folder, 'x.db') })
    return async () => {
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })

  /** What another connection sees: what is committed. */
  const committed = (): string[] => {
    const other = new Database(path.join(folder, 'x.db'), { readonly: true })
    const rows = other.prepare(`select key from meta where key like 'k%' order by key`).all() as { key: string }[]
    other.close()
    return rows.map(({ key }) => key)
  }
  const put = (key: string) =>
    store.together(async (tx) => {
      await tx.insertInto('meta').values({ key, value: key }).execute()
      return key
    })

  it('tells each what it returned, once it is committed', async () => {
    const seen = await Promise.all(['k1', 'k2', 'k3'].map(async (key) => [await put(key), committed().includes(key)]))
    expect(seen).toEqual([
      ['k1', true],
      ['k2', true],
      ['k3', true],
    ])
  })

  it('takes nothing of the others along when one fails', async () => {
    const failing = store.together(async (tx) => {
      await tx.insertInto('meta').values({ key: 'k-half', value: '' }).execute()
      throw new Error('no')
    })
    const outcomes = await Promise.allSettled([put('k1'), failing, put('k2')])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(committed()).toEqual(['k1', 'k2'])
  })

  it('goes on after a failure, and after more than fit one group', async () => {
    await expect(
      store.together(async () => {
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    const keys = Array.from({ length: 40 }, (_, i) => `k${100 + i}`)
    expect(await Promise.all(keys.map(put))).toEqual(keys)
    expect(committed()).toEqual(keys)
  })

  it('lets what is written outside of them wait its turn', async () => {
    const [key] = await Promise.all([
      put('k1'),
      store.write.transaction().execute(async (tx) => {
        await tx.insertInto('meta').values({ key: 'k2', value: '' }).execute()
      }),
    ])
    expect(key).toBe('k1')
    expect(committed()).toEqual(['k1', 'k2'])
  })
})
