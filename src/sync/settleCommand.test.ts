import { Code, ConnectError } from '@connectrpc/connect'
import { expect, it } from 'vitest'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { StatusSchema } from '#gen/web/proto/clarifai/api/status/status_pb.ts'
import type { Clients } from './client.ts'
import type { SettleBody } from './commands.ts'
import { describe as wordsOf } from './errors.ts'
import { settle } from './settleCommand.ts'

const scope = { owner: 'owner', app: 'demo', input: 'i0' }
const body: SettleBody = {
  is: 'settle',
  task: 't',
  item: 'w0',
  items: ['w0', 'w1'],
  drop: ['a1'],
  add: [new Uint8Array([1])],
}

/** A reviewer, and what they ask of the server, which may refuse it. */
const reviewer = (refusal?: Error) => {
  const asked: unknown[] = []
  const settleWork = async (request: unknown) => {
    asked.push(request)
    if (refusal) throw refusal
  }
  const clients = { team: async () => ({ settleWork }) } as unknown as Clients
  return { asked, person: { clients, userId: 'r0', headers: {} } }
}

it('is one call, so that nothing of it is there without the rest', async () => {
  const { asked, person } = reviewer()
  await settle(person, scope, body)
  expect(asked).toEqual([
    {
      userId: 'owner',
      appId: 'demo',
      taskId: 't',
      inputId: 'i0',
      itemIds: ['w0', 'w1'],
      dropIds: ['a1'],
      add: body.add,
    },
  ])
})

it('tells who was faster', async () => {
  const details = 'item_ids[0]: "r1" has decided on the work of "w0" already'
  const value = { code: StatusCode.TASK_CONFLICT, details, description: 'Task conflict' }
  const refusal = new ConnectError(details, Code.FailedPrecondition, undefined, [{ desc: StatusSchema, value }])
  const error = await settle(reviewer(refusal).person, scope, body).catch((one: unknown) => one)
  expect(error).toMatchObject({ code: StatusCode.TASK_CONFLICT, details })
  expect(wordsOf(error).detail).toContain('("r1" has decided on the work of "w0" already)')
  const offline = new ConnectError('away', Code.Unavailable)
  await expect(settle(reviewer(offline).person, scope, body)).rejects.toBe(offline)
})
