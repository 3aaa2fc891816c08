import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { type Annotation, AnnotationSchema, DataSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { annotationKind } from './content.ts'
import { Drafts } from './drafts.ts'
import { type AtOnce, LastWords, takeUp } from './lastWords.ts'
import { Ledger } from './ledger.ts'
import { Outbox } from './outbox.ts'
import { MemoryStore } from './outboxStore.ts'
import { Tabs } from './tabs.ts'

class TestStorage implements AtOnce {
  readonly #items = new Map<string, string>()
  /** characters a value may have */
  room = Number.POSITIVE_INFINITY
  get length(): number {
    return this.#items.size
  }
  key = (index: number) => [...this.#items.keys()][index] ?? null
  getItem = (key: string) => this.#items.get(key) ?? null
  setItem(key: string, value: string): void {
    if (value.length > this.room) throw new DOMException('full', 'QuotaExceededError')
    this.#items.set(key, value)
  }
  removeItem(key: string): void {
    this.#items.delete(key)
  }
}

const address = 'ana/demo/photo/a'

const annotation = (value: number): Annotation =>
  create(AnnotationSchema, { id: 'a', inputId: 'photo', data: create(DataSchema, { metadata: { value } }) })

/** A device after a restart: what its database and its storage hold. */
async function restarted(storage: AtOnce, store = new MemoryStore()) {
  const ledger = new Ledger(store, new Tabs('test'))
  await ledger.load()
  const words = new LastWords('here:ana', 'second', storage)
  await takeUp(words, { ledger, store }, new Outbox(annotationKind), () => 1000)
  return { ledger, store }
}

describe('LastWords', () => {
  it('says nothing while the page lives, and all that has not arrived when it is left', () => {
    const storage = new TestStorage()
    const words = new LastWords('here:ana', 'first', storage)
    words.begin([[address, { after: annotation(1) }]])
    expect(storage.length).toBe(0)
    words.leaving = true
    expect(storage.length).toBe(1)
  })

  it('what is done while the page is being left is written before the call returns', async () => {
    const storage = new TestStorage()
    const words = new LastWords('here:ana', 'first', storage)
    words.leaving = true
    words.begin([[address, { after: annotation(1) }]])
    words.begin([[address, { before: annotation(1), after: annotation(2) }]])
    const { ledger } = await restarted(storage)
    expect(ledger.slots.get(address)?.queued?.after).toEqual(annotation(2))
    expect(storage.length).toBe(0)
  })

  it('is silent again when all has arrived', () => {
    const storage = new TestStorage()
    const words = new LastWords('here:ana', 'first', storage)
    words.leaving = true
    const arrived = words.begin([[address, { after: annotation(1) }]])
    arrived()
    expect(storage.length).toBe(0)
  })

  it('does nothing twice: what arrived after all stays as it is', async () => {
    const storage = new TestStorage()
    const words = new LastWords('here:ana', 'first', storage)
    words.leaving = true
    words.begin([[address, { after: annotation(1) }]])
    const said = storage.getItem(storage.key(0)!)!
    const { ledger, store } = await restarted(storage)
    const slot = ledger.slots.get(address)
    storage.setItem('marquee.words:here:ana:first', said)
    expect((await restarted(storage, store)).ledger.slots.get(address)).toEqual(slot)
  })

  it('keeps people apart, and lives with words that are cut off', async () => {
    const storage = new TestStorage()
    const words = new LastWords('here:ben', 'first', storage)
    words.leaving = true
    words.begin([[address, { after: annotation(1) }]])
    storage.setItem('marquee.words:here:ana:broken', '[["ana/demo/photo/a",')
    const { ledger } = await restarted(storage)
    expect(ledger.slots.size).toBe(0)
    expect(storage.length).toBe(1)
  })

  it('keeps what belongs beside the edits, maps and masks in it, under their keys', async () => {
    const storage = new TestStorage()
    const words = new LastWords('here:ana', 'first', storage)
    const step = {
      edits: [['a', undefined, { runs: new Uint32Array([3, 70_000]) }]],
      tags: new Map([['b', { after: 1 }]]),
    }
    words.beginKeeping(
      new Map<string, unknown>([
        ['step/1', step],
        ['state', { past: 0 }],
      ]),
    )
    words.beginKeeping(
      new Map<string, unknown>([
        ['removed/a', new Uint8Array([0, 255])],
        ['state', { past: 1 }],
      ]),
    )
    words.leaving = true
    const { store } = await restarted(storage)
    expect(await store.loadAll('')).toEqual(
      new Map<string, unknown>([
        ['removed/a', new Uint8Array([0, 255])],
        ['state', { past: 1 }],
        ['step/1', step],
      ]),
    )
    expect(storage.length).toBe(0)
  })

  it('what was to be kept never takes the room of the edits', async () => {
    const storage = new TestStorage()
    const words = new LastWords('here:ana', 'first', storage)
    words.begin([[address, { after: annotation(1) }]])
    words.beginKeeping(new Map([['step/1', 'x'.repeat(10_000)]]))
    storage.room = 5000
    words.leaving = true
    const { ledger } = await restarted(storage)
    expect(ledger.slots.get(address)?.queued?.after).toEqual(annotation(1))
  })

  it('a full storage stops nobody', () => {
    const storage = new TestStorage()
    storage.room = 0
    const words = new LastWords('here:ana', 'first', storage)
    words.leaving = true
    expect(() => words.begin([[address, { after: annotation(1) }]])()).not.toThrow()
  })
})

describe('Drafts', () => {
  const scope = { owner: 'ana', app: 'demo', input: 'photo' }

  it('are there for the next tab, for this person and input only', async () => {
    const storage = new TestStorage()
    new Drafts('here:ana', 'first', storage).keep(scope, { tool: 'polygon' })
    const next = new Drafts('here:ana', 'second', storage)
    expect(await next.find(scope)).toEqual({ tool: 'polygon' })
    expect(await next.find({ ...scope, input: 'other' })).toBeUndefined()
    expect(await new Drafts('here:ben', 'second', storage).find(scope)).toBeUndefined()
    next.keep(scope, undefined)
    expect(await next.find(scope)).toBeUndefined()
  })

  it('stay with the tab that draws them while it lives', async () => {
    const storage = new TestStorage()
    const first = new Drafts('here:ana', 'first', storage)
    const end = first.start()
    first.keep(scope, 'half a polygon')
    const second = new Drafts('here:ana', 'second', storage)
    expect(await second.find(scope)).toBeUndefined()
    expect(await first.find(scope)).toBe('half a polygon')
    end()
    await expect.poll(() => second.find(scope)).toBe('half a polygon')
  })

  it('what somebody else wrote there is none', async () => {
    const storage = new TestStorage()
    const drafts = new Drafts('here:ana', 'first', storage)
    for (const text of ['', '{', 'null', '[]', '{"tab":1,"draft":2}']) {
      storage.setItem('marquee.draft:here:ana:ana/demo/photo', text)
      expect(await drafts.find(scope)).toBeUndefined()
    }
  })
})
