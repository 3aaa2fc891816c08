import 'fake-indexeddb/auto'
import { create } from '@bufbuild/protobuf'
import { ConnectError } from '@connectrpc/connect'
import { QueryClient } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import {
  type ListWorkItemsRequest,
  ListWorkItemsResponseSchema,
  ListWorkResponseSchema,
  type WorkItem,
  WorkItemSchema,
  WorkSchema,
} from '#gen/marquee/v1/team_pb.ts'
import { DeviceAnswers } from '#sync/answerStore.ts'
import type { Clients } from '#sync/client.ts'
import type { Command } from '#sync/commands.ts'
import { KeptAnswers } from '#sync/keptAnswers.ts'
import { nextItem } from './nextItem.ts'
import { WorkQueue } from './workQueue.ts'
import { workState } from './workStates.ts'

const item = (n: number, state: WorkItem['state']): WorkItem =>
  create(WorkItemSchema, { id: `w${n}`, taskId: 't', state, input: { inputId: `i${n}` } })

/** A server that holds these pieces of work. */
function serverOf(items: WorkItem[]): Clients {
  const team = {
    listWork: async () => create(ListWorkResponseSchema, { work: [create(WorkSchema, { taskId: 't' })] }),
    listWorkItems: async ({ state, inputId }: Pick<ListWorkItemsRequest, 'state' | 'inputId'>) => {
      const open = [workState.todo, workState.returned] as readonly WorkItem['state'][]
      const found = items.filter(
        (one) =>
          (!inputId || one.input?.inputId === inputId) &&
          (!state || (state === workState.open ? open.includes(one.state) : one.state === state)),
      )
      return create(ListWorkItemsResponseSchema, { items: found, total: found.length })
    },
  }
  return { team: async () => team } as unknown as Clients
}

it('learns what became of the work that waited', async () => {
  const items = [item(1, workState.waiting), item(2, workState.todo), item(3, workState.waiting)]
  const queryClient = new QueryClient()
  const queue = new WorkQueue({
    clients: serverOf(items),
    queryClient,
    scope: { owner: 'o', app: 'a' },
    me: 'lab',
    task: 't',
  })
  await queue.open('i1')
  await queue.open('i3')
  const states = () => Object.fromEntries(queue.state.queue?.items.map(({ id, state }) => [id, state]) ?? [])
  expect(states()).toEqual({ w1: workState.waiting, w2: workState.todo, w3: workState.waiting })
  items[0] = item(1, workState.done)
  await queue.refresh()
  expect(states()).toEqual({ w1: workState.done, w2: workState.todo, w3: workState.waiting })
})

/** A page of this device with the task open; `server` is what it asks. */
async function aPage(server: { items: WorkItem[]; online: boolean }) {
  const unreachable = () => Promise.reject(ConnectError.from(new TypeError('Failed to fetch')))
  const answers = new KeptAnswers({ store: new DeviceAnswers(), build: '1', ask: unreachable })
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, networkMode: 'always', persister: answers.persister as never } },
  })
  answers.attach(queryClient)
  const team = async () => (server.online ? await serverOf(server.items).team() : await unreachable())
  const scope = { owner: 'o', app: 'a' }
  const queue = new WorkQueue({ clients: { team } as unknown as Clients, queryClient, scope, me: 'lab', task: 't' })
  const shown = () => queue.state.queue?.items.map(({ id, state, begun }) => `${id} ${state}${begun ? ' begun' : ''}`)
  const next = async (pending: readonly Command[] = []) => {
    const clients = { team } as unknown as Clients
    const found = await nextItem([ofTask], { clients, queryClient, scope, me: 'lab', pending })
    return found?.item?.id
  }
  return { answers, queue, shown, next }
}

const ofTask = create(WorkSchema, { taskId: 't', isWorker: true, mine: { todo: 3, begun: 1 } })

it('goes on with the next that this device knows when the server is away, without what was submitted here', async () => {
  const server = { items: [item(1, workState.todo), item(2, workState.todo), item(3, workState.todo)], online: true }
  const before = await aPage(server)
  await before.queue.open('i1')
  before.queue.update(item(1, workState.waiting))
  await before.answers.flush()
  expect(await before.next()).toBe('w1')

  server.online = false
  const page = await aPage(server)
  expect(await page.next()).toBe('w2')
  const submitted = { id: 'c', scope: { owner: 'o', app: 'a', input: 'i2' }, body: { item: 'w2' } }
  expect(await page.next([submitted as unknown as Command])).toBe('w3')
  // and it opens with the queue, though the page that looked for it had the answer already
  await page.queue.open('i2')
  expect(page.shown()).toEqual(['w1 3', 'w2 1', 'w3 1'])
  expect(page.queue.state).toMatchObject({ work: { taskId: 't' }, error: undefined })
})

it('is known on a page that is opened without the server, as it was seen last, and catches up when that is back', async () => {
  const server = { items: [item(1, workState.todo), item(2, workState.todo), item(3, workState.todo)], online: true }
  const before = await aPage(server)
  await before.queue.open('i1')
  before.queue.update(item(1, workState.waiting))
  before.queue.begin(new Set(['i1', 'i2', 'elsewhere']))
  await before.answers.flush()

  server.online = false
  const page = await aPage(server)
  await page.queue.open('i2')
  expect(page.shown()).toEqual(['w1 3', 'w2 1 begun', 'w3 1'])
  expect(page.queue.state).toMatchObject({ work: { taskId: 't' }, error: undefined, foreign: new Set() })
  await page.queue.open('i4')
  // only the server can say whether that is this person's work
  expect(page.queue.state).toMatchObject({ error: expect.any(ConnectError), foreign: new Set() })

  server.online = true
  server.items = [item(1, workState.done), item(2, workState.todo), item(3, workState.todo), item(4, workState.todo)]
  await page.queue.refresh()
  expect(page.shown()).toEqual(['w1 4', 'w2 1', 'w3 1', 'w4 1'])
  expect(page.queue.state.error).toBeUndefined()
})

it('takes up what this person is given while they work', async () => {
  const server = { items: [item(1, workState.todo)], online: true }
  const { queue, shown } = await aPage(server)
  await queue.open('i1')
  server.items = [...server.items, item(2, workState.todo)]
  await queue.refresh()
  expect(shown()).toEqual(['w1 1', 'w2 1'])
  expect(queue.state.queue?.total).toBe(2)
})
