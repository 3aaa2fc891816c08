import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDiskBlobs } from '#proxy/media/disk.ts'
import { aTag, aWorld, type World } from '#proxy/service/annotations/annotationTesting.ts'
import { testNow } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { runPurge } from './purge.ts'

const day = 86_400_000_000

eachDialect('purging', (store) => {
  let world: World
  let folder: string
  let now: number
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'marquee-purge-'))
    now = testNow
    world = await aWorld(store(), { blobs: openDiskBlobs(folder), now: () => now })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const purge = () => runPurge(world.deps, undefined, { rows: 2, pauseMs: 0 })
  const rowsOf = async (table: 'annotation' | 'input') =>
    (await store().read.selectFrom(table).select('id').orderBy('id').execute()).map(({ id }) => id)
  const pathOf = (hash: string) => join(folder, hash.slice(0, 2), hash.slice(2, 4), hash)
  /** Bytes that came before the clock of the tests began. */
  const oldBlob = async (text: string): Promise<string> => {
    const { hash } = await world.deps.blobs.put(Buffer.from(text))
    await world.deps.blobs.putDerived(hash, 'thumbnail', Buffer.from('small'))
    const old = new Date(testNow / 1000 - 30 * 86_400_000)
    utimesSync(pathOf(hash), old, old)
    return hash
  }
  const change = (input: string, values: object) =>
    store().write.updateTable('input').set(values).where('id', '=', input).execute()

  it('takes annotations away when they have been deleted for 30 days, in as many turns as it needs', async () => {
    const kept = await world.owner.posted(aTag('i1', 'car'))
    for (let i = 0; i < 5; i++) await world.owner.delete('i1', (await world.owner.posted(aTag('i1', 'car'))).id)
    now += 29 * day
    expect(await purge()).toMatchObject({ annotations: 0 })
    now += 2 * day
    expect(await purge()).toMatchObject({ annotations: 5, inputs: 0 })
    expect(await rowsOf('annotation')).toEqual([kept.id])
    expect(await purge()).toMatchObject({ annotations: 0, inputs: 0 })
  })

  it('takes inputs away with what was made of their bytes, and no bytes that another input has too', async () => {
    const [own, shared] = [await oldBlob('one'), await oldBlob('two')]
    await change('i1', { original: own, display: own, deleted_at: testNow })
    await change('i2', { original: shared, deleted_at: testNow })
    await change('i3', { original: shared })
    now += 31 * day
    expect(await purge()).toEqual({ annotations: 0, inputs: 2, others: 0, blobs: 1, bytes: 3 })
    expect(await rowsOf('input')).toEqual(['i3'])
    expect(await world.deps.blobs.has(own)).toBe(false)
    expect(await world.deps.blobs.getDerived(own, 'thumbnail')).toBeUndefined()
    expect(await world.deps.blobs.has(shared)).toBe(true)
    expect(await world.deps.blobs.getDerived(shared, 'thumbnail')).toBeDefined()
  })

  it('leaves what tasks count as a name without bytes', async () => {
    const hash = await oldBlob('one')
    await change('i1', { original: hash, deleted_at: testNow })
    const times = { rev: 1, created_at: testNow, modified_at: testNow, deleted_at: null, deleted_by: null }
    const task = { id: 't', status_code: 0, source_type: 1, source_id: '', label_order_id: null, hides: 0 }
    await store()
      .write.insertInto('task')
      .values({ app: world.app, ...task, message: new Uint8Array(), ...times })
      .execute()
    const place = { app: world.app, task_id: 't', input_id: 'i1', place: 1, sampled: 0, free: 0 }
    await store().write.insertInto('task_input').values(place).execute()
    now += 31 * day
    expect(await purge()).toMatchObject({ inputs: 1, blobs: 1 })
    expect(await purge()).toMatchObject({ inputs: 0, blobs: 0 })
    expect(await rowsOf('input')).toEqual(['i1', 'i2', 'i3'])
  })

  /** A task, and a data set with a version, each with an input. */
  const fill = async () => {
    const app = world.app
    const times = { rev: 1, created_at: testNow, modified_at: testNow, deleted_at: null, deleted_by: null }
    const row = { app, message: new Uint8Array(), ...times }
    const { write } = store()
    const task = { id: 't', status_code: 0, source_type: 1, source_id: '', label_order_id: null, hides: 0 }
    await write
      .insertInto('task')
      .values({ ...row, ...task })
      .execute()
    const place = { app, task_id: 't', input_id: 'i1', place: 1, sampled: 0, free: 0 }
    await write.insertInto('task_input').values(place).execute()
    const dataset = await write
      .insertInto('dataset')
      .values({ ...row, id: 'd' })
      .returning('no')
      .executeTakeFirstOrThrow()
    const version = {
      ...row,
      id: 'v',
      dataset: Number(dataset.no),
      status_code: 0,
      status_details: '',
      cut_rev: 1,
      snapshot: null,
      metrics: null,
    }
    await write.insertInto('dataset_version').values(version).execute()
  }

  it('takes what was in an app that was deleted', async () => {
    await world.owner.post(aTag('i1', 'car'), aTag('i2', 'car'))
    await fill()
    await store().write.updateTable('app').set({ deleted_at: testNow }).where('no', '=', world.app).execute()
    now += 31 * day
    await purge()
    for (const table of (await store().read.introspection.getTables()).filter(({ columns }) =>
      columns.some(({ name }) => name === 'app'),
    ))
      expect([table.name, await sql`select * from ${sql.table(table.name)}`.execute(store().read)]).toMatchObject([
        table.name,
        { rows: [] },
      ])
    expect(await store().read.selectFrom('app').selectAll().execute()).toEqual([])
    expect(await purge()).toMatchObject({ annotations: 0, inputs: 0, others: 0 })
  })

  it('takes deleted concepts that no annotation carries any more, and no name that is still read', async () => {
    await world.owner.post(aTag('i1', 'car', 'tree'), aTag('i2', 'sky'))
    const concepts = async () =>
      (await store().read.selectFrom('concept').select('id').orderBy('id').execute()).map(({ id }) => id)
    await store().write.updateTable('concept').set({ deleted_at: testNow }).where('id', '<>', 'car').execute()
    await world.owner.deleteMany(['i2'])
    now += 29 * day
    await purge()
    expect(await concepts()).toEqual(['car', 'sky', 'tree'])
    now += 2 * day
    expect(await purge()).toMatchObject({ others: 1 })
    expect(await concepts()).toEqual(['car', 'tree'])
  })

  it('leaves bytes that are new, that came again, and that the history of the last 30 days names', async () => {
    now = Date.now() * 1000
    const [again, named, unnamed] = [await oldBlob('again'), await oldBlob('named'), await oldBlob('unnamed')]
    const fresh = (await world.deps.blobs.put(Buffer.from('new'))).hash
    await world.deps.blobs.put(Buffer.from('again'))
    const line = { app: world.app, rev: 900, kind: 'annotation' as const, input_id: 'i1', item_id: 'x', user_id: null }
    const before = Buffer.from(`\u0001mask:${named}\u0002`)
    await store()
      .write.insertInto('history')
      .values({ ...line, at: now - day, before, after: null })
      .execute()
    expect(await purge()).toMatchObject({ blobs: 1, bytes: 7 })
    for (const hash of [again, named, fresh]) expect(await world.deps.blobs.has(hash)).toBe(true)
    expect(await world.deps.blobs.has(unnamed)).toBe(false)
    now += 40 * day
    await store().write.deleteFrom('history').execute()
    await purge()
    expect(existsSync(pathOf(named))).toBe(false)
    expect(readdirSync(join(folder, 'derived'), { recursive: true }).filter((name) => `${name}`.length > 64)).toEqual(
      [],
    )
  })
})
