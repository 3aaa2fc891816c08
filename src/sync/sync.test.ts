import 'fake-indexeddb/auto'
import { create } from '@bufbuild/protobuf'
import { Code } from '@connectrpc/connect'
import { IDBFactory } from 'fake-indexeddb'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Annotation, AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { newId } from '#model/ids.ts'
import { annotationsQuery } from './annotations.ts'
import { MemoryStore } from './outboxStore.ts'
import { closeAll, open, scope, statusOf, Tab, tagged, until, valuesOf } from './syncTesting.ts'
import { type Fate, TestServer } from './testServer.ts'

let server: TestServer

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
  server = new TestServer()
})
afterEach(closeAll)

describe('an edit', () => {
  it('is on the screen at once, then on the device, then on the server, and nothing flickers', async () => {
    const { sync, queryClient } = await new Tab(server).start()
    const seen: number[] = []
    const tab = open[0]!
    queryClient.getQueryCache().subscribe(() => seen.push(tab.values().a ?? -1))
    const durable = tab.put('a', 1)
    expect(tab.values()).toEqual({ a: 1 })
    expect(sync.status()).toEqual({ state: 'saving', waiting: 1, text: 'Saving…' })
    await durable
    await sync.flush()
    expect(valuesOf(server.live())).toEqual({ a: 1 })
    expect(sync.status()).toEqual({ state: 'saved', waiting: 0, text: 'Saved' })
    expect(tab.screen().get('a')?.modifiedAt).toBeDefined()
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.every((value) => value === 1)).toBe(true)
  })

  it('goes out by itself within two seconds', async () => {
    const tab = await new Tab(server).start()
    await tab.put('a', 1)
    await expect.poll(() => valuesOf(server.live()), { timeout: 2000 }).toEqual({ a: 1 })
  })

  it('travels with up to 127 others of its kind', async () => {
    const tab = await new Tab(server).start()
    const ids = Array.from({ length: 300 }, newId)
    await tab.sync.edit(scope, new Map(ids.map((id, i) => [id, { after: tagged(id, i) }])))
    await tab.sync.flush()
    expect(server.live().size).toBe(300)
    expect(server.calls.filter((call) => call.startsWith('PostA'))).toEqual([
      'PostAnnotations × 128',
      'PostAnnotations × 128',
      'PostAnnotations × 44',
    ])
  })

  it('keeps what it does not touch: the same messages, the status on the server', async () => {
    server.write(tagged('a', 1))
    server.write(tagged('b', 1))
    const tab = await new Tab(server).start()
    const untouched = tab.screen().get('b')
    server.rows.get('photo/a')!.status!.code = StatusCode.ANNOTATION_AWAITING_REVIEW
    await tab.put('a', 2)
    expect(tab.screen().get('b')).toBe(untouched)
    await tab.sync.flush()
    expect(tab.screen().get('b')).toBe(untouched)
    expect(server.live().get('a')?.status?.code).toBe(StatusCode.ANNOTATION_AWAITING_REVIEW)
    expect(valuesOf(server.live())).toEqual({ a: 2, b: 1 })
  })

  it('writes a status only if the status was changed', async () => {
    server.write(tagged('a', 1))
    const tab = await new Tab(server).start()
    const before = tab.screen().get('a')!
    const after = create(AnnotationSchema, { ...before, status: statusOf(StatusCode.ANNOTATION_PENDING) })
    await tab.sync.edit(scope, new Map([['a', { before, after }]]))
    await tab.sync.flush()
    expect(server.live().get('a')?.status?.code).toBe(StatusCode.ANNOTATION_PENDING)
    expect(valuesOf(server.live())).toEqual({ a: 1 })
  })

  it('that takes back a delete restores what was there, with its times', async () => {
    const row = server.write(tagged('a', 1))
    const tab = await new Tab(server).start()
    const before = tab.screen().get('a')!
    await tab.put('a', undefined)
    await tab.sync.flush()
    expect(valuesOf(server.live())).toEqual({})
    await tab.sync.edit(scope, new Map([['a', { after: before }]]))
    await tab.sync.flush()
    expect(valuesOf(server.live())).toEqual({ a: 1 })
    expect(server.live().get('a')?.createdAt).toEqual(row.createdAt)
    expect(server.calls).toContain('RestoreAnnotations × 1')
    expect(server.calls).not.toContain('PostAnnotations × 1')
  })

  it('is not taken off the screen by a list that was asked for before it was acknowledged', async () => {
    const tab = await new Tab(server).start()
    await tab.put('a', 1)
    const list = { status: { code: StatusCode.SUCCESS }, annotations: [] as Annotation[] }
    let answer = (): void => undefined
    const slow = new Promise<void>((resolve) => {
      answer = resolve
    })
    const api = { ...tab.clients.api, listAnnotations: async () => slow.then(() => list) }
    const stale = annotationsQuery({ ...tab.clients, api: api as unknown as typeof tab.clients.api }, scope)
    const fetched = tab.queryClient.fetchQuery({ ...stale, staleTime: 0 })
    await tab.sync.flush()
    answer()
    await fetched
    expect(tab.values()).toEqual({ a: 1 })
  })
})

describe('after a reload', () => {
  it('shows what was not acknowledged, and ends with it on the server once', async () => {
    const first = await new Tab(server).start()
    server.fate = (method) => (method === 'PostAnnotations' ? 'hang' : 'ok')
    await first.put('a', 1)
    void first.sync.flush()
    await until(() => server.held.length === 1)
    await first.put('a', 2)
    await first.put('b', 1)
    first.crash()
    const late = server.held.splice(0)
    server.fate = () => 'ok'
    const second = await new Tab(server).start()
    expect(second.values()).toEqual({ a: 2, b: 1 })
    await second.sync.flush()
    // only now the first tab's request reaches the server
    for (const land of late) await land()
    expect(valuesOf(server.live())).toEqual({ a: 2, b: 1 })
    expect([...server.created.values()]).toEqual([1, 1])
    expect(second.sync.status().state).toBe('saved')
  })

  it('keeps the history of the editor', async () => {
    const first = await new Tab(server).start()
    await first.sync.keep('history/photo', { past: [new Map([['a', 1]])] })
    first.crash()
    const second = await new Tab(server).start()
    expect(await second.sync.load('history/photo')).toEqual({ past: [new Map([['a', 1]])] })
  })

  it('ends with the intent on the server for random edits, losses and reloads', async () => {
    const fate = fc.constantFrom<Fate>('ok', 'ok', 'lost request', 'lost reply', Code.Internal)
    const move = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ key: fc.constantFrom('a', 'b', 'c'), value: fc.option(fc.nat(3), { nil: undefined }) }),
      },
      { weight: 4, arbitrary: fc.record({ fates: fc.array(fate, { minLength: 1, maxLength: 4 }) }) },
      { weight: 1, arbitrary: fc.constant('reload' as const) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 25, size: 'max' }), async (moves) => {
        closeAll()
        globalThis.indexedDB = new IDBFactory()
        server = new TestServer()
        // a clock that jumps, so that what is in doubt does not keep the test waiting
        let now = 1_000_000
        const clock = { now: () => now }
        let tab = await new Tab(server, clock).start()
        const intent = new Map<string, number>()
        for (const one of moves) {
          now += 1000
          if (one === 'reload') {
            tab.crash()
            tab = await new Tab(server, clock).start()
          } else if ('fates' in one) {
            const fates = [...one.fates]
            server.fate = (method) =>
              method === 'GetSession' || method === 'ListAnnotations' ? 'ok' : (fates.shift() ?? 'ok')
            await tab.sync.flush()
            server.fate = () => 'ok'
          } else if (one.value !== undefined || intent.has(one.key)) {
            if (one.value === undefined) intent.delete(one.key)
            else intent.set(one.key, one.value)
            await tab.put(one.key, one.value)
          }
          expect(tab.values()).toEqual(Object.fromEntries(intent))
        }
        await until(() => {
          now += 60_000
          void tab.sync.flush()
          return tab.sync.status().waiting === 0
        })
        expect(tab.sync.status().text).toBe('Saved')
        expect(valuesOf(server.live())).toEqual(Object.fromEntries(intent))
        expect(tab.values()).toEqual(Object.fromEntries(intent))
        expect(Math.max(0, ...server.created.values())).toBeLessThanOrEqual(1)
      }),
      {
        numRuns: 80,
        // a dead tab's mark that reached the device after the next one had looked for it: it said "Saving…" for ever
        examples: [
          [
            [
              { key: 'a', value: 2 },
              { key: 'a', value: 1 },
              { key: 'a', value: undefined },
              { key: 'c', value: 3 },
              { fates: ['lost request'] },
              'reload',
              { key: 'b', value: 2 },
              { key: 'b', value: 1 },
              { key: 'a', value: 0 },
              { key: 'c', value: 1 },
              'reload',
              { key: 'b', value: undefined },
              'reload',
              { key: 'a', value: 2 },
            ],
          ],
        ],
      },
    )
  }, 60_000)
})

describe('without a server', () => {
  it('says how many changes are kept here, and sends them when it is back', async () => {
    const tab = await new Tab(server).start()
    server.fate = () => 'lost request'
    await Promise.all([tab.put('a', 1), tab.put('b', 1), tab.put('c', 1)])
    await tab.sync.flush()
    const { state, text } = tab.sync.status()
    expect({ state, text }).toEqual({ state: 'offline', text: 'Offline: 3 changes kept on this device' })
    server.fate = () => 'ok'
    await until(() => tab.sync.status().state === 'saved')
    expect(valuesOf(server.live())).toEqual({ a: 1, b: 1, c: 1 })
  })

  it('stops when signed out, and goes on after signing in', async () => {
    const tab = await new Tab(server).start()
    await tab.put('a', 1)
    await tab.sync.flush()
    server.person = undefined
    await tab.put('a', 2)
    await tab.sync.flush()
    expect(tab.sync.status()).toEqual({ state: 'signed-out', waiting: 1, text: 'Sign in to save' })
    expect(tab.values()).toEqual({ a: 2 })
    server.person = 'ana'
    tab.sync.signedIn()
    await until(() => tab.sync.status().state === 'saved')
    expect(valuesOf(server.live())).toEqual({ a: 2 })
  })

  it('neither shows nor sends the edits of somebody else', async () => {
    const ana = await new Tab(server).start()
    server.fate = () => 'lost request'
    await ana.put('a', 1)
    ana.crash()
    server.fate = () => 'ok'
    server.person = 'ben'
    const ben = await new Tab(server, { userId: 'ben' }).start()
    expect(ben.values()).toEqual({})
    // a tab of hers that is still open has his cookie now
    const hers = await new Tab(server).start()
    await Promise.all([ben.sync.flush(), hers.sync.flush()])
    expect(server.live().size).toBe(0)
    expect(hers.sync.status().state).toBe('signed-out')
    server.person = 'ana'
    hers.sync.signedIn()
    await until(() => server.live().size === 1)
  })

  it('keeps edits in the tab, and says so, where the device keeps nothing', async () => {
    const tab = await new Tab(server, { storage: new MemoryStore() }).start()
    server.fate = () => Code.Internal
    await tab.put('a', 1)
    await tab.sync.flush()
    expect(tab.sync.status().text).toBe('Kept in this tab only')
    expect(tab.sync.volatile).toBe(true)
  })

  it('keeps edits in the tab while the device is full, and on the device once it has room', async () => {
    const storage = new MemoryStore()
    Object.defineProperty(storage, 'durable', { value: true })
    const update = storage.update.bind(storage)
    const tab = await new Tab(server, { storage }).start()
    server.fate = () => 'lost request'
    storage.update = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))
    await tab.put('a', 1)
    expect(tab.sync.volatile).toBe(true)
    expect(tab.sync.status().text).toBe('Kept in this tab only')
    storage.update = update
    await tab.put('b', 1)
    expect(tab.sync.volatile).toBe(false)
    expect([...(await storage.slots()).keys()].sort()).toEqual(['ana/demo/photo/a', 'ana/demo/photo/b'])
  })
})

describe('two tabs', () => {
  it('see each other’s edits and acknowledgements, and one of them sends', async () => {
    const one = await new Tab(server).start()
    const two = await new Tab(server).start()
    server.fate = () => 'lost request'
    await two.put('a', 1)
    await until(() => one.values().a === 1)
    server.fate = () => 'ok'
    await one.put('b', 1)
    await until(() => one.sync.status().state === 'saved' && two.sync.status().state === 'saved')
    expect(valuesOf(server.live())).toEqual({ a: 1, b: 1 })
    expect(two.values()).toEqual({ a: 1, b: 1 })
    expect(two.screen().get('b')?.modifiedAt).toBeDefined()
  })

  it('go on when the sending one is closed', async () => {
    const one = await new Tab(server).start()
    const two = await new Tab(server).start()
    server.fate = (method) => (method === 'PostAnnotations' ? 'hang' : 'ok')
    await one.put('a', 1)
    void one.sync.flush()
    await until(() => server.held.length === 1)
    one.crash()
    server.fate = () => 'ok'
    await until(() => valuesOf(server.live()).a === 1 && two.sync.status().state === 'saved')
  })

  it('both send where the browser has no locks, and every edit is there once', async () => {
    vi.stubGlobal('navigator', { onLine: true })
    try {
      const [first, second] = [await new Tab(server).start(), await new Tab(server).start()]
      await Promise.all([first.put('a', 1), second.put('b', 1)])
      await until(() => server.live().size === 2)
      // one is in the middle of a request when a third opens, which takes what is on the wire for lost
      server.fate = (method) => (method === 'PatchAnnotations' ? 'hang' : 'ok')
      await first.put('a', 2)
      await until(() => server.held.length >= 1)
      server.fate = () => 'ok'
      const third = await new Tab(server).start()
      await third.put('b', 2)
      await until(() => valuesOf(server.live()).a === 2 && valuesOf(server.live()).b === 2)
      for (const land of server.held.splice(0)) await land()
      await until(() => [first, second, third].every((tab) => tab.sync.status().state === 'saved'))
      expect(valuesOf(server.live())).toEqual({ a: 2, b: 2 })
      expect([...server.created.values()]).toEqual([1, 1])
      expect(third.sync.problems(scope).size).toBe(0)
    } finally {
      vi.unstubAllGlobals()
    }
  })
})
