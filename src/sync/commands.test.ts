import { expect, it, vi } from 'vitest'
import { type Command, Commands, type Readiness } from './commands.ts'
import { ApiFailure } from './errors.ts'

const scope = { owner: 'o', app: 'a', input: 'i' }

const aCommand = (id: string, change: Partial<Command> = {}): Command => ({
  id,
  scope,
  body: { is: 'submit', task: 't', item: 'x', to: 'review' },
  notBefore: 0,
  ...change,
})

/** A queue over a device that holds one list; what was run is in `ran`. */
function aQueue(run: (command: Command) => Promise<void> = async () => undefined) {
  const device: { list: unknown } = { list: undefined }
  const ran: string[] = []
  const ended: Command[] = []
  const state: { ready: Readiness } = { ready: 'ready' }
  let chain: Promise<unknown> = Promise.resolve()
  const make = () =>
    new Commands({
      keep: async (list) => {
        device.list = structuredClone(list)
      },
      load: async () => device.list,
      exclusively: (work) => {
        const next = chain.then(work)
        chain = next
        return next
      },
      announce: () => undefined,
      run: async (command) => {
        ran.push(command.id)
        await run(command)
      },
      readiness: () => state.ready,
      ended: (command) => ended.push(command),
      now: () => Date.now(),
    })
  return { make, device, ran, ended, state }
}

const settled = () => new Promise((done) => setTimeout(done, 5))

it('sends commands of one input in order, each after the one before has ended', async () => {
  const gate = Promise.withResolvers<void>()
  const { make, ran } = aQueue(({ id }) => (id === 'one' ? gate.promise : Promise.resolve()))
  const queue = make()
  queue.activate()
  void queue.add(aCommand('one'))
  void queue.add(aCommand('two'))
  await settled()
  expect(ran).toEqual(['one'])
  gate.resolve()
  await settled()
  expect(ran).toEqual(['one', 'two'])
  expect(queue.list).toEqual([])
})

it('holds a command back until the edits of its input have arrived', async () => {
  const { make, ran, state } = aQueue()
  const queue = make()
  queue.activate()
  state.ready = 'waiting'
  await queue.add(aCommand('one'))
  expect(ran).toEqual([])
  state.ready = 'ready'
  queue.wake()
  await settled()
  expect(ran).toEqual(['one'])
})

it('does not let one input hold up another', async () => {
  const never = new Promise<void>(() => undefined)
  const { make, ran } = aQueue(({ id }) => (id === 'one' ? never : Promise.resolve()))
  const queue = make()
  queue.activate()
  void queue.add(aCommand('one'))
  void queue.add(aCommand('other', { scope: { ...scope, input: 'j' } }))
  await settled()
  expect(ran).toEqual(['one', 'other'])
})

it('takes back what has not left, and says so when it has', async () => {
  const never = new Promise<void>(() => undefined)
  const { make, ran } = aQueue(() => never)
  const queue = make()
  await queue.add(aCommand('one'))
  expect(queue.cancel('one')).toBe(true)
  queue.activate()
  await settled()
  expect(ran).toEqual([])
  void queue.add(aCommand('two'))
  expect(queue.cancel('two')).toBe(false)
})

it('survives a reload: what was not acknowledged is sent again', async () => {
  const never = new Promise<void>(() => undefined)
  const { make, ran, device } = aQueue(() => never)
  const before = make()
  before.activate()
  await before.add(aCommand('one'))
  before.deactivate()
  expect(device.list).toHaveLength(1)
  const after = make()
  await after.reload()
  after.activate()
  expect(ran).toEqual(['one', 'one'])
})

it('keeps a refused command for the person, who may retry or drop it', async () => {
  const refusal = new ApiFailure({ code: 21_200, details: 'given to somebody else', description: '', requestId: 'r' })
  let times = 0
  const { make, ran, ended } = aQueue(async () => {
    if (times++ === 0) throw refusal
  })
  const queue = make()
  queue.activate()
  await queue.add(aCommand('one'))
  await settled()
  expect(queue.list[0]?.refused).toMatchObject({ code: 21_200, details: 'given to somebody else' })
  expect(ended[0]?.refused?.details).toBe('given to somebody else')
  queue.wake()
  expect(ran).toEqual(['one'])
  queue.retry('one')
  await settled()
  expect(ran).toEqual(['one', 'one'])
  expect(queue.list).toEqual([])
})

it('tries again on its own after a lost connection, and waits for its time', async () => {
  vi.useFakeTimers()
  let times = 0
  const { make, ran } = aQueue(async () => {
    if (times++ === 0) throw new TypeError('fetch failed')
  })
  const queue = make()
  queue.activate()
  void queue.add(aCommand('later', { notBefore: Date.now() + 7000 }))
  await vi.advanceTimersByTimeAsync(6900)
  expect(ran).toEqual([])
  await vi.advanceTimersByTimeAsync(200)
  expect(ran).toEqual(['later'])
  await vi.advanceTimersByTimeAsync(600)
  expect(ran).toEqual(['later', 'later'])
  vi.useRealTimers()
})
