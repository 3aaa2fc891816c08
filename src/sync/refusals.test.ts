import 'fake-indexeddb/auto'
import { create } from '@bufbuild/protobuf'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MultiAnnotationResponseSchema as multi } from '#gen/web/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { newId } from '#model/ids.ts'
import { closeAll, scope, Tab, tagged, until, valuesOf } from './syncTesting.ts'
import { TestServer } from './testServer.ts'

let server: TestServer

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
  server = new TestServer()
})
afterEach(closeAll)

describe('what the server refuses', () => {
  it('stays on the screen with the reason while all others go through', async () => {
    server.refuse = ({ id }) =>
      id === 'bad' ? { code: StatusCode.ANNOTATION_INVALID_ARGUMENT, details: 'data.regions[0]' } : undefined
    const tab = await new Tab(server).start()
    await Promise.all([tab.put('a', 1), tab.put('bad', 1), tab.put('c', 1)])
    await tab.sync.flush()
    expect(valuesOf(server.live())).toEqual({ a: 1, c: 1 })
    expect(tab.values()).toEqual({ a: 1, bad: 1, c: 1 })
    expect(tab.sync.status().state).toBe('refused')
    const problem = tab.sync.problems(scope).get('bad')
    expect(problem?.kind).toBe('refused')
    expect(problem?.error.details).toBe('data.regions[0]')
    expect(tab.sync.changedInputs(scope)).toEqual(new Map([['photo', 'refused']]))
    server.refuse = () => undefined
    tab.sync.retry([{ ...scope, annotation: 'bad' }])
    await until(() => tab.sync.status().state === 'saved')
    expect(valuesOf(server.live())).toEqual({ a: 1, c: 1, bad: 1 })
  })

  it('is gone after Discard', async () => {
    server.refuse = () => ({ code: StatusCode.ANNOTATION_PERMISSION_DENIED, details: '' })
    const tab = await new Tab(server).start()
    await tab.put('a', 1)
    await tab.sync.flush()
    tab.sync.discard([{ ...scope, annotation: 'a' }])
    expect(tab.values()).toEqual({})
    expect(tab.sync.status().state).toBe('saved')
  })

  it('as a whole batch is narrowed down to the one that is at fault', async () => {
    const tab = await new Tab(server).start()
    const post = tab.clients.api.postAnnotations
    const refusing: typeof post = (request, options) =>
      request.annotations?.some(({ id }) => id === 'bad')
        ? Promise.resolve(create(multi, { status: { code: StatusCode.CONN_INVALID_REQUEST } }))
        : post(request, options)
    Object.assign(tab.clients.api, { postAnnotations: refusing })
    const ids = ['bad', ...Array.from({ length: 40 }, newId)]
    await tab.sync.edit(scope, new Map(ids.map((id, i) => [id, { after: tagged(id, i) }])))
    await tab.sync.flush()
    expect(server.live().size).toBe(40)
    expect([...tab.sync.problems(scope).keys()]).toEqual(['bad'])
  })

  it('does not hold up others when the server breaks on it each time', async () => {
    const tab = await new Tab(server).start()
    const post = tab.clients.api.postAnnotations
    const breaking: typeof post = (request, options) =>
      request.annotations?.some(({ id }) => id === 'poison')
        ? Promise.resolve(create(multi, { status: { code: StatusCode.INTERNAL_UNCATEGORIZED } }))
        : post(request, options)
    Object.assign(tab.clients.api, { postAnnotations: breaking })
    const ids = ['poison', ...Array.from({ length: 9 }, newId)]
    await tab.sync.edit(scope, new Map(ids.map((id, i) => [id, { after: tagged(id, i) }])))
    await until(() => server.live().size === 9)
    await tab.put('later', 1)
    await until(() => server.live().has('later'))
    expect(tab.sync.status()).toEqual({ state: 'local', waiting: 1, text: 'Kept on this device' })
  })
})

describe('a conflict', () => {
  const conflicted = async (): Promise<Tab> => {
    server.write(tagged('a', 1))
    const tab = await new Tab(server).start()
    server.write(tagged('a', 50))
    await tab.put('a', 2)
    await tab.sync.flush()
    return tab
  }

  it('shows ours, offers theirs, and changes nothing on the server', async () => {
    const tab = await conflicted()
    expect(tab.sync.status()).toEqual({ state: 'conflict', waiting: 0, text: 'Conflict' })
    expect(tab.values()).toEqual({ a: 2 })
    const problem = tab.sync.problems(scope).get('a')
    expect(problem?.kind).toBe('conflict')
    expect(problem?.theirs?.data?.metadata).toEqual({ value: 50 })
    expect(valuesOf(server.live())).toEqual({ a: 50 })
  })

  it('ends with ours by Retry', async () => {
    const tab = await conflicted()
    tab.sync.retry([{ ...scope, annotation: 'a' }])
    await until(() => tab.sync.status().state === 'saved')
    expect(valuesOf(server.live())).toEqual({ a: 2 })
  })

  it('ends with theirs by Discard', async () => {
    const tab = await conflicted()
    tab.sync.discard([{ ...scope, annotation: 'a' }])
    expect(tab.values()).toEqual({ a: 50 })
    expect(tab.sync.status().state).toBe('saved')
    expect(valuesOf(server.live())).toEqual({ a: 50 })
  })

  it('is shown when we delete what they have changed since: nothing is deleted unseen', async () => {
    server.write(tagged('a', 1))
    const tab = await new Tab(server).start()
    server.write(tagged('a', 50))
    await tab.put('a', undefined)
    await tab.sync.flush()
    expect(tab.sync.problems(scope).get('a')).toMatchObject({ kind: 'conflict' })
    expect(valuesOf(server.live())).toEqual({ a: 50 })
    // what they made of it is what the person decides about
    expect(tab.values()).toEqual({ a: 50 })
    tab.sync.retry([{ ...scope, annotation: 'a' }])
    await until(() => tab.sync.status().state === 'saved')
    expect(server.live().size).toBe(0)
  })

  it('is shown too when they deleted what we changed', async () => {
    const row = server.write(tagged('a', 1))
    const tab = await new Tab(server).start()
    server.remove(row)
    await tab.put('a', 2)
    await tab.sync.flush()
    expect(tab.sync.problems(scope).get('a')).toMatchObject({ kind: 'conflict', theirs: undefined })
    tab.sync.retry([{ ...scope, annotation: 'a' }])
    await until(() => tab.sync.status().state === 'saved')
    expect(valuesOf(server.live())).toEqual({ a: 2 })
  })
})
