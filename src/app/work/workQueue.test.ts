import { create } from '@bufbuild/protobuf'
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
import type { Clients } from '#sync/client.ts'
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
