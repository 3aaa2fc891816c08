import { expect, it } from 'vitest'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import type { Clients } from './client.ts'
import { changeTask } from './tasks.ts'

const scope = { owner: 'owner', app: 'demo' }

/** A server with one task on which somebody else writes so many times, each time between a reading and a writing. */
function server(others: number) {
  let version = 1
  let name = 'cars'
  const success = { code: StatusCode.SUCCESS }
  const task = () => ({ id: 't', name, modifiedAt: { seconds: BigInt(version), nanos: 0 }, status: success })
  const api = {
    getTask: async () => ({ status: success, task: task() }),
    patchTasks: async (
      { tasks: [sent] }: { tasks: { name: string; modifiedAt: { seconds: bigint } }[] },
      { headers }: { headers: Record<string, string> },
    ) => {
      expect(headers).toEqual({ 'x-marquee-compare': 'modified_at' })
      if (others-- > 0) {
        version++
        name = `${name}!`
      }
      if (Number(sent!.modifiedAt.seconds) !== version) {
        const status = { code: StatusCode.TASK_CONFLICT, details: 'tasks[0].modified_at: has passed' }
        return { status, tasks: [{ id: 't', status }] }
      }
      version++
      name = sent!.name
      return { status: success, tasks: [task()] }
    },
  }
  return { clients: { api } as unknown as Clients, name: () => name }
}

it('lays a change over what somebody else wrote a moment ago, and loses neither', async () => {
  const { clients, name } = server(2)
  await changeTask(clients, scope, 't', (now) => ({ id: 't', name: `${now.name} and vans` }))
  expect(name()).toBe('cars!! and vans')
})

it('tells the caller of the newer version before it writes, and leaves that alone when they refuse', async () => {
  const { clients, name } = server(1)
  const seen: string[] = []
  const change = (now: { name: string }) => {
    seen.push(now.name)
    if (now.name !== 'cars') throw new Error('changed meanwhile')
    return { id: 't', name: 'mine' }
  }
  await expect(changeTask(clients, scope, 't', change)).rejects.toThrow('changed meanwhile')
  expect([seen, name()]).toEqual([['cars', 'cars!'], 'cars!'])
})

it('gives up when others are always faster', async () => {
  const { clients } = server(99)
  await expect(changeTask(clients, scope, 't', () => ({ id: 't', name: 'mine' }))).rejects.toMatchObject({
    code: StatusCode.TASK_CONFLICT,
  })
})
