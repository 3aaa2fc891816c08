import 'fake-indexeddb/auto'
import { ConnectError } from '@connectrpc/connect'
import { QueryClient } from '@tanstack/query-core'
import { expect, it } from 'vitest'
import { DeviceAnswers } from './answerStore.ts'
import { KeptAnswers } from './keptAnswers.ts'

const unreachable = () => Promise.reject(ConnectError.from(new TypeError('Failed to fetch')))
const session = (id: string) => ({ serverId: 's', person: { id } })

/** A page of this device; `server` is what it asks. */
async function page(server: { online: boolean }, { person = 'ann', build = '1' } = {}) {
  const answers = new KeptAnswers({
    store: new DeviceAnswers(),
    build,
    ask: () => (server.online ? Promise.resolve() : unreachable()),
  })
  const client = new QueryClient({
    defaultOptions: { queries: { retry: false, networkMode: 'always', persister: answers.persister as never } },
  })
  answers.attach(client)
  const ask = (name: string, value: unknown, meta?: Record<string, unknown>) =>
    client.fetchQuery({
      queryKey: name === 'session' ? ['session'] : ['app', name],
      queryFn: () => (server.online ? value : unreachable()),
      ...(meta && { meta }),
    })
  await ask('session', session(person)).catch(() => undefined)
  return { answers, client, ask }
}

it('opens with what the server said last, says so, and forgets it when the person signs out', async () => {
  const server = { online: true }
  const first = await page(server)
  await first.ask('concepts', [{ id: 'cat', at: 2n, bytes: Uint8Array.of(1) }])
  await first.answers.flush()
  expect(first.answers.away).toBe(false)

  server.online = false
  const second = await page(server)
  expect(await second.ask('concepts', [])).toEqual([{ id: 'cat', at: 2n, bytes: Uint8Array.of(1) }])
  expect(second.answers.away).toBe(true)
  await expect(second.ask('never asked', [])).rejects.toThrow('Failed to fetch')

  await second.answers.forget()
  await expect((await page(server)).ask('concepts', [])).rejects.toThrow('Failed to fetch')
})

it('keeps what was put into the cache after the answer came', async () => {
  const server = { online: true }
  const first = await page(server)
  await first.ask('annotations', ['a'])
  first.client.setQueryData(['app', 'annotations'], ['a', 'b'])
  await first.answers.flush()
  server.online = false
  expect(await (await page(server)).ask('annotations', [])).toEqual(['a', 'b'])
})

it('never gives a page that knows more what was known before', async () => {
  const server = { online: true }
  const { answers, client, ask } = await page(server)
  await ask('annotations', ['a'])
  await answers.flush()
  client.setQueryData(['app', 'annotations'], ['a', 'b'])
  server.online = false
  await expect(ask('annotations', [])).rejects.toThrow('Failed to fetch')
  expect(client.getQueryData(['app', 'annotations'])).toEqual(['a', 'b'])
})

it('gives nobody what another person was told, and no build what another kept', async () => {
  const server = { online: true }
  const ann = await page(server)
  await ann.ask('concepts', ['hers'])
  await ann.answers.flush()
  const bob = await page(server, { person: 'bob' })
  await bob.answers.flush()
  server.online = false
  await expect((await page(server)).ask('concepts', [])).rejects.toThrow('Failed to fetch')
  server.online = true
  await (await page(server)).ask('concepts', ['hers'])
  server.online = false
  await expect((await page(server, { build: '2' })).ask('concepts', [])).rejects.toThrow('Failed to fetch')
})

it('takes another answer that holds what is asked for', async () => {
  const server = { online: true }
  const first = await page(server)
  await first.ask('page 1', { inputs: ['x'] })
  await first.answers.flush()
  server.online = false
  const instead = {
    of: ['app'],
    holds: (data: unknown) => (data as { inputs?: string[] }).inputs?.includes('x') ?? false,
  }
  expect(await (await page(server)).ask('around x', undefined, { instead })).toEqual({ inputs: ['x'] })
})

it('does not keep access tokens', async () => {
  const server = { online: true }
  const first = await page(server)
  await first.client.fetchQuery({ queryKey: ['keys', 'ann'], queryFn: () => ['secret'] })
  await first.answers.flush()
  expect(await new DeviceAnswers().find('', ({ data }) => JSON.stringify(data) === '["secret"]')).toBeUndefined()
})
