import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readConfig } from '#proxy/config.ts'
import { startServer } from '#proxy/server.ts'
import { addConcept, type BulkConcepts, inputsOf, removeConcept, together, undoConcepts } from './bulkConcepts.ts'
import { type Clients, createClients } from './client.ts'
import { ok } from './errors.ts'
import { userAppId } from './scope.ts'

const scope = { owner: 'owner', app: 'demo' }
const folder = mkdtempSync(path.join(tmpdir(), 'marquee-bulk-'))
let server: Awaited<ReturnType<typeof startServer>>
let clients: Clients
let inputs: readonly string[]

beforeAll(async () => {
  server = await startServer(readConfig({ DATA_DIR: folder, PORT: '0', RATE_LIMIT: '0' }))
  const keys = JSON.parse(readFileSync(path.join(folder, 'demo-keys.json'), 'utf8'))
  const fetchAs: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('authorization', `Key ${keys.owner.pat}`)
    return fetch(input, { ...init, headers })
  }
  clients = createClients({ baseUrl: server.url, fetch: fetchAs })
  const answer = ok(await clients.api.listInputs({ userAppId: userAppId(scope), page: 1, perPage: 5 }))
  inputs = answer.inputs.map(({ id }) => id)
}, 60_000)
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const run = async (act: (onDone: (some: BulkConcepts) => void) => Promise<void>): Promise<BulkConcepts> => {
  const all: BulkConcepts[] = []
  await act((some) => all.push(some))
  return together('bulk', all)
}
const add = () => run((onDone) => addConcept({ clients, scope }, 'owner', inputs, 'bulk', onDone))
const remove = () => run((onDone) => removeConcept({ clients, scope }, inputs, 'bulk', onDone))
/** How often it is said of the images; what else is said of them. */
const said = async () => {
  const { annotations } = ok(
    await clients.api.listAnnotations({ userAppId: userAppId(scope), inputIds: [...inputs], page: 1, perPage: 1000 }),
  )
  const concepts = annotations.flatMap(({ data, inputId }) =>
    data!.concepts.map(({ id, value }) => ({ id, value, inputId })),
  )
  return {
    bulk: concepts.filter(({ id }) => id === 'bulk').map(({ value }) => value),
    others: concepts.filter(({ id }) => id !== 'bulk').length,
    all: annotations.length,
  }
}

it('sets a concept on many images once, and takes that back', async () => {
  const before = await said()
  const did = await add()
  expect(did.failure).toBeUndefined()
  expect(inputsOf(did)).toBe(inputs.length)
  expect(await said()).toMatchObject({ bulk: inputs.map(() => 1), others: before.others })
  expect(inputsOf(await add())).toBe(0)
  await undoConcepts({ clients, scope }, did)
  expect(await said()).toEqual(before)
})

it('sets it again where it was taken back, though deleted ids stay taken', async () => {
  const did = await add()
  expect(did.failure).toBeUndefined()
  expect((await said()).bulk).toHaveLength(inputs.length)
})

it('takes it off, leaves no empty annotation that would be an order, and takes that back', async () => {
  await run((onDone) => addConcept({ clients, scope }, 'owner', inputs.slice(0, 1), 'other', onDone))
  const before = await said()
  const did = await remove()
  expect(did).toMatchObject({ failure: undefined, changed: [{ inputId: inputs[0], before: 1 }] })
  expect(await said()).toEqual({ bulk: [], others: before.others, all: before.all - (inputs.length - 1) })
  await undoConcepts({ clients, scope }, did)
  expect(await said()).toEqual(before)
})
