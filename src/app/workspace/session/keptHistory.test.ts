import { describe, expect, it } from 'vitest'
import type { Editor } from '#editor/editor.ts'
import { MemoryStore } from '#sync/outboxStore.ts'
import { aBox, anEditor, aRegion, keyOf } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import { addKeptStep, dropKeptStep, HistoryKeeper } from './keptHistory.ts'

const scope = { owner: 'olga', app: 'cars', input: 'photo' }

/** Counts what reaches the device. */
class CountingStore extends MemoryStore {
  written: string[] = []
  override async keepAll(values: ReadonlyMap<string, unknown>): Promise<void> {
    this.written = [...values].map(([key, value]) => `${value === undefined ? '-' : '+'}${key.split('/')[4] ?? ''}`)
    await super.keepAll(values)
  }
}

function open(store: MemoryStore, clock = { now: 1000 }) {
  const keeper = new HistoryKeeper(store, scope, () => clock.now)
  const editor = anEditor({ regions: [aRegion('a', aBox(0, 0, 10, 10))], clock })
  const save = () => keeper.save({ history: editor.history(), removed: new Map(), hidden: [], locked: [] })
  return { keeper, editor, save, clock }
}

/** Moves region a to there, a step of its own. */
function moveTo(editor: Editor, clock: { now: number }, x: number) {
  clock.now += 1000
  const before = editor.state.regions.get(keyOf('a'))!
  editor.commit(new Map([[before.key, { before, after: { ...before, shape: aBox(x, 0, 10, 10) } }]]))
}

const steps = (written: readonly string[]) => written.filter((key) => key.endsWith('step'))

describe('HistoryKeeper', () => {
  it('brings back past and future, in order', async () => {
    const store = new MemoryStore()
    const { editor, save, clock } = open(store)
    for (const x of [10, 20, 30, 40]) {
      moveTo(editor, clock, x)
      await save()
    }
    editor.undo()
    editor.undo()
    await save()
    const kept = await new HistoryKeeper(store, scope).load()
    expect(kept?.history).toEqual({ ...editor.history(), version: 1 })
  })

  it('writes a step once: the hundredth costs what the first did, and undo writes none', async () => {
    const store = new CountingStore()
    const { editor, save, clock } = open(store)
    for (let i = 1; i <= 100; i++) {
      moveTo(editor, clock, i)
      await save()
      expect(steps(store.written)).toHaveLength(1)
    }
    editor.undo()
    await save()
    expect(steps(store.written)).toEqual([])
    editor.redo()
    await save()
    expect(steps(store.written)).toEqual([])
  })

  it('writes a region that one step leaves and the next begins with once', async () => {
    const store = new MemoryStore()
    const { editor, save, clock } = open(store)
    for (const x of [10, 20]) {
      moveTo(editor, clock, x)
      await save()
    }
    const records = [...(await store.loadAll('history/olga/cars/photo/step/')).values()] as { edits: unknown[][] }[]
    expect(records[1]!.edits[0]![1]).toEqual({ step: 2000 })
  })

  it('writes of a large mask what a stroke changed of it', async () => {
    const store = new MemoryStore()
    const { editor, save, clock } = open(store)
    editor.setTool('brush')
    editor.setBrush({ size: 20 })
    const g = gesture(editor)
    g.down(100, 100).drag(900, 700).drag(100, 700).up()
    for (const y of [200, 300, 400]) {
      clock.now += 1000
      g.down(500, y).drag(540, y).up()
      await save()
    }
    const records = [...(await store.loadAll('history/olga/cars/photo/step/')).values()] as { edits: unknown[][] }[]
    expect(records[0]!.edits[0]![2]).toHaveProperty('shape')
    for (const { edits } of records.slice(1)) expect(edits[0]![2]).toMatchObject({ patch: { rows: { h: 20 } } })
    const kept = await new HistoryKeeper(store, scope).load()
    expect(kept?.history).toEqual({ ...editor.history(), version: 1 })
  })

  it('removes what a new branch gives up, also after a reload', async () => {
    const store = new CountingStore()
    const first = open(store)
    for (const x of [10, 20, 30]) moveTo(first.editor, first.clock, x)
    await first.save()
    first.editor.undo()
    first.editor.undo()
    await first.save()

    const second = open(store, first.clock)
    const kept = (await second.keeper.load())!
    second.editor.restoreHistory(kept.history)
    second.editor.load(first.editor.state.regions)
    moveTo(second.editor, second.clock, 99)
    await second.save()
    expect(steps(store.written).map((key) => key[0])).toEqual(['-', '-', '+'])
    const again = await new HistoryKeeper(store, scope).load()
    expect(again?.history.past).toHaveLength(2)
    expect(again?.history.future).toEqual([])
  })

  it('writes a step anew when the one it leaned on is gone', async () => {
    const store = new MemoryStore()
    const { editor, save, keeper, clock } = open(store)
    for (const x of [10, 20, 30]) moveTo(editor, clock, x)
    await save()
    const { past } = editor.history()
    const history = { version: 1, past: [past[0]!, past[2]!], future: [] } as const
    await keeper.save({ history, removed: new Map(), hidden: [], locked: [] })
    expect((await new HistoryKeeper(store, scope).load())?.history).toEqual(history)
  })

  it('has every step a device that was full could not take', async () => {
    const store = new MemoryStore()
    const { editor, save, clock } = open(store)
    moveTo(editor, clock, 10)
    const { keepAll } = store
    store.keepAll = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))
    await expect(save()).rejects.toThrow('full')
    store.keepAll = keepAll
    moveTo(editor, clock, 20)
    await save()
    expect((await new HistoryKeeper(store, scope).load())?.history.past).toHaveLength(2)
  })

  it('adds a step to an image that is not open, and takes it off', async () => {
    const store = new MemoryStore()
    const added = [aRegion('b', aBox(0, 0, 5, 5))]
    await addKeptStep(store, scope, added, 7)
    await addKeptStep(store, scope, [aRegion('c', aBox(0, 0, 5, 5))], 8)
    await dropKeptStep(store, scope, 7)
    const kept = await new HistoryKeeper(store, scope).load()
    expect(kept?.history.past.map(({ selectedAfter }) => selectedAfter)).toEqual([[keyOf('c')]])
  })
})
