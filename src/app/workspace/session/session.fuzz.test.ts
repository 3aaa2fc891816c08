import { QueryClient } from '@tanstack/react-query'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sameRegion } from '#editor/history.ts'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { type Region, regionsOf } from '#model/region.ts'
import { annotationsQuery } from '#sync/annotations.ts'
import { MemoryStore } from '#sync/outboxStore.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { createSync } from '#sync/sync.ts'
import { TestServer } from '#sync/testServer.ts'
import { action } from '#testing/actions.ts'
import { gesture } from '#testing/gesture.ts'
import { InputSession } from './session.ts'

const scope = { owner: 'ana', app: 'demo', input: 'photo' }
const size = { width: 1000, height: 800 }

/** A browser at one image, on a device that stays when the browser goes. */
async function open(server: TestServer, storage: MemoryStore) {
  const clients = server.browser()
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const sync = createSync({ clients, queryClient, serverId: 'test', userId: 'ana', storage, random: () => 0.01 })
  await sync.start()
  await queryClient.fetchQuery({ ...annotationsQuery(clients, scope), staleTime: 0 })
  const session = new InputSession({
    sync,
    server: () => queryClient.getQueryData<readonly Annotation[]>(queryKeys.annotations(scope)),
    scope,
    size,
    me: 'ana',
    whyNotEdit: () => undefined,
  })
  session.editor.resize(size)
  session.editor.setView({ scale: 1, x: 0, y: 0 })
  const stop = session.start()
  const close = () => {
    stop()
    sync.stop()
    clients.cut()
    queryClient.clear()
  }
  return { sync, session, close }
}

const byKey = (regions: Iterable<Region>) => new Map([...regions].map((region) => [region.key, region]))

function expectSame(a: ReadonlyMap<string, Region>, b: ReadonlyMap<string, Region>): void {
  expect([...a.keys()].sort()).toEqual([...b.keys()].sort())
  for (const [key, region] of a) expect(sameRegion(region, b.get(key)!, 1000), key).toBe(true)
}

it('whatever is done, the server has what is seen once it is sent, and the history of it is there after a reload', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
      const server = new TestServer()
      const storage = new MemoryStore()
      const first = await open(server, storage)
      const clock = { now: 0 }
      const g = gesture(first.session.editor)
      for (const act of actions) act(first.session.editor, g, clock)
      g.cancel()
      await first.sync.flush()
      const seen = first.session.editor.state.regions
      expect(first.sync.status().state).toBe('saved')
      expectSame(byKey([...server.live().values()].flatMap((annotation) => regionsOf(annotation, size))), seen)
      const history = first.session.editor.history()
      first.close()
      await new Promise((resolve) => setTimeout(resolve))

      const second = await open(server, storage)
      await expect.poll(() => second.session.editor.history().past.length).toBe(history.past.length)
      const { editor } = second.session
      expectSame(editor.state.regions, seen)
      expect(editor.history().past.map(({ change }) => change)).toEqual(history.past.map(({ change }) => change))
      expect(editor.history().future.map(({ change }) => change)).toEqual(history.future.map(({ change }) => change))
      second.close()
    }),
    { numRuns: 25 },
  )
}, 120_000)
