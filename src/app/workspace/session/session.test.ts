import { createRouterTransport } from '@connectrpc/connect'
import { QueryClient } from '@tanstack/react-query'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { imageConcepts, isMarkedEmpty } from '#model/imageConcepts.ts'
import { withRegion } from '#model/region.ts'
import { clientsOver } from '#sync/client.ts'
import { MemoryStore } from '#sync/outboxStore.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { createSync, type Sync } from '#sync/sync.ts'
import { aBox, aRegion } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import { historyPlace, type Opened, workOf } from './opened.ts'
import { InputSession } from './session.ts'

const scope = { owner: 'olga', app: 'cars', input: 'photo' }
const size = { width: 1000, height: 800 }

let sync: Sync
let queryClient: QueryClient
let storage: MemoryStore
// no server: what is drawn stays in the outbox
const offline = clientsOver(createRouterTransport(() => undefined))

beforeEach(() => {
  storage = new MemoryStore()
  queryClient = new QueryClient()
  sync = createSync({ clients: offline, queryClient, serverId: 'here', userId: 'ana', storage })
})

const open = (...how: Parameters<typeof visit>): InputSession => visit(...how).session

function visit(whyNotEdit: () => string | undefined = () => undefined, opened?: Opened) {
  const server = () => queryClient.getQueryData<readonly Annotation[]>(queryKeys.annotations(scope))
  const historyAt = historyPlace(scope, opened)
  const session = new InputSession({
    sync,
    server,
    scope,
    size,
    me: 'ana',
    whyNotEdit,
    historyAt,
    work: workOf(opened),
  })
  return { session, stop: session.start() }
}
const serverHas = (...annotations: Annotation[]) => queryClient.setQueryData(queryKeys.annotations(scope), annotations)
const stored = (id: string, x: number) =>
  withRegion(undefined, aRegion(id, aBox(x, 80, 100, 80), { concept: 'car' }), size, {
    inputId: 'photo',
    userId: 'ana',
  })
const seen = (session: InputSession) => session.state.annotations?.map(({ id }) => id)

describe('InputSession', () => {
  it('shows what the server has, and what is drawn at once in the outbox', async () => {
    serverHas(stored('one', 100))
    const session = open()
    expect([...session.editor.state.regions.keys()]).toEqual(['one/one'])
    session.editor.commit(new Map([['two/two', { after: aRegion('two', aBox(300, 80, 100, 80)) }]]))
    expect(seen(session)).toEqual(['one', 'two'])
    expect(sync.overlay(scope, []).map(({ id }) => id)).toEqual(['two'])
  })

  it('does an undo that was pressed right after opening, though the image was left before its history was read', async () => {
    serverHas(stored('one', 100))
    const before = open()
    before.editor.commit(new Map([['two/two', { after: aRegion('two', aBox(300, 80, 100, 80)) }]]))
    await expect.poll(async () => (await storage.loadAll('history/')).size).toBeGreaterThan(0)
    before.flush()
    const { session, stop } = visit()
    expect(session.editor.undo()).toEqual({ done: false, waits: true })
    stop()
    await expect.poll(() => sync.overlay(scope, [stored('one', 100)]).map(({ id }) => id)).toEqual(['one'])
    const next = open()
    await expect.poll(() => next.editor.state.canRedo).toBe(true)
    next.editor.redo()
    expect(seen(next)).toEqual(['one', 'two'])
  })

  it('undo of one task never reaches what was done to the image in another, nor does its unfinished outline', async () => {
    serverHas()
    const tasks = ['first', 'second'].map((task): Opened => ({ as: 'work', task }))
    const first = open(undefined, tasks[0])
    first.editor.setTool('box')
    gesture(first.editor).down(10, 10).drag(80, 80).up()
    first.editor.setTool('polygon')
    gesture(first.editor).down(100, 100).up().down(200, 100).up()
    await expect.poll(async () => (await storage.loadAll('history/')).size).toBeGreaterThan(0)
    first.flush()
    for (const opened of [tasks[1], undefined]) {
      const other = open(undefined, opened)
      await new Promise((done) => setTimeout(done, 50))
      expect(other.editor.state.canUndo).toBe(false)
      expect(other.editor.state.tool).toBe('select')
    }
    const again = open(undefined, tasks[0])
    await expect.poll(() => again.editor.state.canUndo).toBe(true)
  })

  it('keeps the selection when the server takes what was drawn', () => {
    serverHas()
    const session = open()
    const region = aRegion('one', aBox(100, 80, 100, 80))
    session.editor.commit(new Map([[region.key, { after: region }]]))
    session.editor.select([region.key])
    serverHas(stored('one', 100))
    session.refresh()
    expect([...session.editor.state.selected]).toEqual([region.key])
  })

  it('takes back a deletion with the very message, also after a reload', async () => {
    const one = stored('one', 100)
    one.data!.regions[0]!.trackId = 'something we do not know'
    serverHas(one)
    const session = open()
    session.editor.select(['one/one'])
    session.editor.deleteSelected()
    expect(seen(session)).toEqual([])
    session.flush()
    await new Promise((resolve) => setTimeout(resolve))
    serverHas()
    const again = open()
    await expect.poll(() => again.editor.state.canUndo).toBe(true)
    again.editor.undo()
    expect(again.state.annotations).toEqual([one])
  })

  it('says who may not change a region, and changes nothing', () => {
    serverHas(stored('one', 100))
    const session = open(() => 'not yours')
    const told: string[] = []
    session.editor.onNotice(({ text }) => told.push(text))
    session.editor.select(['one/one'])
    session.editor.nudge(5, 0)
    session.editor.deleteSelected()
    expect(told).toEqual(['not yours', 'not yours'])
    expect(sync.status().waiting).toBe(0)
  })

  it('takes back what was said of the whole input, also after a reload', async () => {
    serverHas()
    const session = open()
    session.setTick('car', 1)
    session.editor.commit(new Map([['two/two', { after: aRegion('two', aBox(300, 80, 100, 80)) }]]))
    session.setTick('car', 0)
    const said = (one: InputSession) => (one.own ? imageConcepts(one.own) : [])
    session.flush()
    await new Promise((resolve) => setTimeout(resolve))
    const again = open()
    await expect.poll(() => again.editor.state.canUndo).toBe(true)
    expect(said(again)).toEqual([{ id: 'car', value: 0 }])
    again.editor.undo()
    expect(said(again)).toEqual([{ id: 'car', value: 1 }])
    again.editor.undo()
    expect(again.editor.state.regions.size).toBe(0)
    again.editor.undo()
    expect(said(again)).toEqual([])
  })

  it('marks the image as empty until something is drawn or ticked', () => {
    serverHas()
    const session = open()
    const empty = () => session.own !== undefined && isMarkedEmpty(session.own)
    session.setEmpty(true)
    expect(empty()).toBe(true)
    session.editor.commit(new Map([['two/two', { after: aRegion('two', aBox(300, 80, 100, 80)) }]]))
    expect(empty()).toBe(false)
    session.setEmpty(true)
    session.setTick('car', 0)
    expect(empty()).toBe(true)
    session.setTick('car', 1)
    expect(empty()).toBe(false)
    expect(seen(session)).toHaveLength(2)
  })

  it('hides what a model suggested once it is accepted or rejected, and shows it again when that is undone', () => {
    const suggested = stored('robot', 100)
    suggested.modelVersionId = 'v1'
    suggested.userId = 'detector'
    serverHas(suggested)
    const session = open()
    const { editor } = session
    const keys = () => [...editor.state.regions.values()].map(({ id, madeBy }) => `${id} by ${madeBy.kind}`)
    expect(keys()).toEqual(['robot by model'])
    editor.acceptSuggestions(editor.state.regions.keys())
    expect(keys()).toEqual(['robot by user'])
    expect(sync.overlay(scope, []).map(({ userId }) => userId)).toEqual(['ana'])
    editor.undo()
    expect(keys()).toEqual(['robot by model'])
    editor.rejectSuggestions(editor.state.regions.keys())
    expect(keys()).toEqual([])
    // the model's annotation is the model's: it is not touched
    expect(session.state.annotations).toContain(suggested)
    editor.undo()
    expect(keys()).toEqual(['robot by model'])
  })

  it('goes on with what was unfinished, here and in the next visit; nothing is left of what was finished', async () => {
    serverHas()
    const kept = new Map<string, string>()
    const atOnce = {
      length: 0,
      key: () => null,
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    }
    sync = createSync({ clients: offline, queryClient, serverId: 'here', userId: 'ana', storage, atOnce })
    const first = open()
    first.editor.setTool('polygon')
    const g = gesture(first.editor)
    for (const x of [100, 200, 300]) g.wait(600).click(x, 100 + (x % 200))
    first.flush()
    expect(kept.size).toBe(1)

    sync = createSync({ clients: offline, queryClient, serverId: 'here', userId: 'ana', storage, atOnce })
    const second = open()
    await expect.poll(() => second.editor.state.tool).toBe('polygon')
    expect(second.editor.unfinished()).toEqual(first.editor.unfinished())
    second.editor.finish()
    expect(second.editor.state.regions.size).toBe(1)
    // in the same turn: a page that is killed now does not bring it back
    expect(kept.size).toBe(0)
  })
})
