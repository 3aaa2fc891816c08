import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nextRev, nextRevs } from './apps.ts'
import { released } from './migrations/migrations.ts'
import { openStore, type Store } from './open.ts'
import { eachDialect } from './testing.ts'

const anApp = async (store: Store): Promise<number> => {
  const row = {
    user_id: 'ann',
    id: 'demo',
    message: new Uint8Array(),
    rev: 0,
    last_at: 0,
    created_at: 1,
    modified_at: 1,
  }
  return Number((await store.write.insertInto('app').values(row).returning('no').executeTakeFirstOrThrow()).no)
}

eachDialect('stamps', (store) => {
  it('rise strictly while the clock stands still or goes back', async () => {
    const app = await anApp(store())
    const first = await nextRevs(store().write, app, 3, 1000)
    expect(first).toEqual([1, 2, 3].map((rev) => ({ rev, at: 999 + rev })))
    expect(await nextRev(store().write, app, 1000)).toEqual({ rev: 4, at: 1003 })
    expect(await nextRev(store().write, app, 5)).toEqual({ rev: 5, at: 1004 })
    expect(await nextRevs(store().write, app, 2, 5000)).toEqual([
      { rev: 6, at: 5000 },
      { rev: 7, at: 5001 },
    ])
  })

  it('are not given for an app that is not there', async () => {
    await expect(nextRev(store().write, 77, 1)).rejects.toThrow()
  })

  it('starts every test empty and numbers apps from 1', async () => {
    expect(await anApp(store())).toBe(1)
  })
})

describe('a SQLite file', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'marquee-store-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('keeps what was written, and reads it on another connection', async () => {
    const file = join(folder, 'a.db')
    const store = await openStore({ databaseUrl: file })
    await store.write.insertInto('meta').values({ key: 'a', value: 'b' }).execute()
    expect(await store.read.selectFrom('meta').selectAll().execute()).toEqual([{ key: 'a', value: 'b' }])
    const pragma = async (name: string) => (await sql.raw(`pragma ${name}`).execute(store.write)).rows[0]
    expect(await pragma('journal_mode')).toEqual({ journal_mode: 'wal' })
    expect(await pragma('synchronous')).toEqual({ synchronous: 1 }) // the rest is WalSync's
    expect(await pragma('foreign_keys')).toEqual({ foreign_keys: 1 })
    await store.close()
    const again = await openStore({ databaseUrl: file })
    expect(await again.read.selectFrom('meta').selectAll().execute()).toHaveLength(1)
    await again.close()
  })

  it('belongs to one process', async () => {
    const file = join(folder, 'a.db')
    const store = await openStore({ databaseUrl: file })
    await expect(openStore({ databaseUrl: file })).rejects.toThrow('in use by another process')
    const beside = await openStore({ databaseUrl: file, exclusive: false })
    await beside.close()
    await store.close()
    await (await openStore({ databaseUrl: file })).close()
  })

  it('is refused when a newer version wrote it', async () => {
    const file = join(folder, 'a.db')
    const store = await openStore({ databaseUrl: file })
    await sql`insert into kysely_migration (name, timestamp) values ('9999_future', 'now')`.execute(store.write)
    await store.close()
    await expect(openStore({ databaseUrl: file })).rejects.toThrow(/newer version of Marquee \(9999_future\)/)
  })

  it('is refused when it is something else', async () => {
    const file = join(folder, 'letter.txt')
    await writeFile(file, 'Dear database, this is a letter and no database at all.')
    await expect(openStore({ databaseUrl: file })).rejects.toThrow('no SQLite database')
  })

  it('is backed up while in use', async () => {
    const store = await openStore({ databaseUrl: join(folder, 'a.db') })
    await store.write.insertInto('meta').values({ key: 'a', value: 'b' }).execute()
    await store.backup(join(folder, 'copy.db'))
    await store.close()
    expect(await readdir(folder)).toContain('copy.db')
    const copy = await openStore({ databaseUrl: join(folder, 'copy.db') })
    expect(await copy.read.selectFrom('meta').selectAll().execute()).toEqual([{ key: 'a', value: 'b' }])
    await copy.close()
  })

  describe('of an older version', () => {
    const next = { ...released, '9000_next': () => ['alter table meta add column note text'] }
    const half = { ...released, '9000_half': () => ['alter table meta add column note text', 'no sql at all'] }
    let file: string
    beforeEach(async () => {
      file = join(folder, 'old.db')
      const old = await openStore({ databaseUrl: file })
      await old.write.insertInto('meta').values({ key: 'a', value: 'b' }).execute()
      await old.close()
    })
    const rows = (store: Store) => store.read.selectFrom('meta').selectAll().execute()

    it('is backed up, then migrated', async () => {
      const told: string[] = []
      const store = await openStore({ databaseUrl: file, migrations: next, log: (line) => told.push(line) })
      expect(await rows(store)).toEqual([{ key: 'a', value: 'b', note: null }])
      await store.close()
      const copy = `${file}.before-9000_next.backup`
      expect(told).toEqual([`Backed the database up to ${copy}`, 'Database at 9000_next'])
      const before = await openStore({ databaseUrl: copy })
      expect(await rows(before)).toEqual([{ key: 'a', value: 'b' }])
      await before.close()
      await expect(openStore({ databaseUrl: file })).rejects.toThrow('newer version')
    })

    it('is as it was when a migration fails', async () => {
      await expect(openStore({ databaseUrl: file, migrations: half })).rejects.toThrow('syntax error')
      const store = await openStore({ databaseUrl: file })
      expect(await rows(store)).toEqual([{ key: 'a', value: 'b' }])
      await store.close()
    })

    it('is not migrated beside a server', async () => {
      await expect(openStore({ databaseUrl: file, migrations: next, exclusive: false })).rejects.toThrow(
        'needs an update',
      )
    })
  })

  it('rolls a transaction back whole', async () => {
    const store = await openStore({ databaseUrl: join(folder, 'a.db') })
    const half = store.write.transaction().execute(async (tx) => {
      await tx.insertInto('meta').values({ key: 'a', value: 'b' }).execute()
      throw new Error('stop')
    })
    await expect(half).rejects.toThrow('stop')
    expect(await store.read.selectFrom('meta').selectAll().execute()).toEqual([])
    await store.close()
  })
})

describe('PostgreSQL', () => {
  it('that is not there is said to be out of reach', async () => {
    await expect(openStore({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toThrow(
      /^The database cannot be reached: .*ECONNREFUSED/,
    )
  })
})
