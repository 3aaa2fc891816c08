import { beforeEach, expect, it } from 'vitest'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { addInput } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { aBox, addTask, aTag, aWorld, Client, failure, type World } from './annotationTesting.ts'

const pending = { code: StatusCode.ANNOTATION_PENDING }
const byModel = { worker: { case: 'model', value: { id: 'detector', modelVersion: { id: 'v1' } } } } as const

eachDialect('listing, by the rows of api.md §1', (store) => {
  let world: World
  beforeEach(async () => {
    world = await aWorld(store())
  })

  const ids = (annotations: { id: string }[]) => annotations.map(({ id }) => id)
  const named = (id: string, inputId = 'i1') => ({ ...aTag(inputId, 'tree'), id })

  it('rows 25 and 31: oldest first, the whole app when nothing is asked', async () => {
    await world.owner.post(named('z', 'i2'), named('a'), named('m', 'i3'))
    expect(ids(await world.owner.list())).toEqual(['z', 'a', 'm'])
  })

  it('row 26: 20 a page, at most 1000, and an empty page beyond the end', async () => {
    await world.owner.post(...Array.from({ length: 25 }, (_, i) => named(`a${i}`)))
    expect(ids(await world.owner.list())).toEqual(Array.from({ length: 20 }, (_, i) => `a${i}`))
    expect(ids(await world.owner.list({ page: 2 }))).toEqual(['a20', 'a21', 'a22', 'a23', 'a24'])
    expect(ids(await world.owner.list({ page: 3, perPage: 10 }))).toEqual(['a20', 'a21', 'a22', 'a23', 'a24'])
    expect(await world.owner.list({ page: 9 })).toEqual([])
    expect(await world.owner.list({ perPage: 4_000_000_000 })).toHaveLength(25)
  })

  it("rows 27 to 29: people's only, unless all are asked for, by one or several inputs", async () => {
    await world.owner.post(named('p1'), { ...named('m1'), worker: byModel }, named('p2', 'i2'), named('p3', 'i3'))
    expect(ids(await world.owner.list())).toEqual(['p1', 'p2', 'p3'])
    expect(ids(await world.owner.list({ listAllAnnotations: true }))).toEqual(['p1', 'm1', 'p2', 'p3'])
    expect(ids(await world.owner.list({ inputIds: ['i1'] }))).toEqual(['p1'])
    expect(ids(await world.owner.list({ inputIds: ['i1', 'i3'] }))).toEqual(['p1', 'p3'])
    expect(ids(await world.owner.list({ inputIds: ['i1'], listAllAnnotations: true }))).toEqual(['p1', 'm1'])
  })

  it('rows 30 and 32: pairs of input and annotation, a model’s too; counts must match', async () => {
    await world.owner.post(named('p1'), { ...named('m1'), worker: byModel }, named('p2', 'i2'))
    expect(ids(await world.owner.list({ inputIds: ['i1', 'i2'], ids: ['m1', 'p2'] }))).toEqual(['m1', 'p2'])
    expect(ids(await world.owner.list({ inputIds: ['i2', 'i2'], ids: ['m1', 'p2'] }))).toEqual(['p2'])
    expect(ids(await world.owner.list({ inputIds: ['i1', 'i2'], ids: ['p1', 'p2'], perPage: 1, page: 2 }))).toEqual([
      'p2',
    ])
    const mismatch = await failure(world.owner.list({ inputIds: ['i1'], ids: ['m1', 'p2'] }))
    expect(mismatch).toEqual({
      code: StatusCode.CONN_INVALID_REQUEST,
      details: 'input_ids: 1 of them for 2 ids, must be as many',
    })
    expect(await failure(world.owner.list({ ids: ['m1'] }))).toEqual({
      code: StatusCode.CONN_INVALID_REQUEST,
      details: 'input_ids: required with ids',
    })
  })

  it('rows 33 and 34: by users, by model versions, by either', async () => {
    await world.owner.post(named('o1'), { ...named('m1'), worker: byModel })
    await world.ann.post(named('a1'))
    await world.ben.post(named('b1'))
    expect(ids(await world.owner.list({ userIds: ['ann', 'ben'] }))).toEqual(['a1', 'b1'])
    expect(ids(await world.owner.list({ userIds: ['me'] }))).toEqual(['o1'])
    expect(ids(await world.owner.list({ modelVersionIds: ['v1'] }))).toEqual(['m1'])
    expect(ids(await world.owner.list({ modelVersionIds: ['v1'], userIds: ['ann'] }))).toEqual(['m1', 'a1'])
    expect(ids(await world.owner.list({ workflowVersionIds: ['w1'] }))).toEqual([])
  })

  it('lists by workflow version, by state and by task; a state that is none is no filter that passes all', async () => {
    const flow = { worker: { case: 'workflow', value: { id: 'w', version: { id: 'w1' } } } } as const
    await addTask(world, 'task')
    await world.owner.post(
      { ...named('w1'), worker: flow },
      { ...named('t1'), taskId: 'task' },
      { ...named('p1'), status: pending },
    )
    expect(ids(await world.owner.list({ workflowVersionIds: ['w1'] }))).toEqual(['w1'])
    expect(ids(await world.owner.list({ taskId: 'task' }))).toEqual(['t1'])
    expect(ids(await world.owner.list({ statuses: [pending] }))).toEqual(['p1'])
    expect(ids(await world.owner.list({ statuses: [pending, { code: StatusCode.ANNOTATION_SUCCESS }] }))).toEqual([
      't1',
      'p1',
    ])
    expect((await failure(world.owner.list({ statuses: [{}] }))).code).toBe(StatusCode.CONN_INVALID_REQUEST)
  })

  it('row 40: there is no limit on the annotations of an input', async () => {
    for (let i = 0; i < 9; i++) await world.owner.post(...Array.from({ length: 128 }, () => aBox('i1')))
    const pages = await Promise.all([1, 2, 3].map((page) => world.owner.list({ inputIds: ['i1'], perPage: 500, page })))
    expect(pages.map((page) => page.length)).toEqual([500, 500, 152])
    expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(1152)
  })

  it('gets one; a stranger sees no app at all', async () => {
    await world.owner.post(named('a1'))
    expect(await world.ann.get('i1', 'a1')).toMatchObject({ id: 'a1', inputId: 'i1', userId: 'owner' })
    expect((await failure(world.ann.get('i1', 'a2'))).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
    expect((await failure(world.ann.get('i2', 'a1'))).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
    expect(await failure(world.stranger.list())).toEqual({
      code: StatusCode.CONN_DOES_NOT_EXIST,
      details: 'user_app_id: no app "demo" of user "owner"',
    })
  })
})

eachDialect('deleting, by the rows of api.md §1', (store) => {
  let world: World
  beforeEach(async () => {
    world = await aWorld(store())
  })

  const ids = async () => (await world.owner.list({ listAllAnnotations: true, perPage: 1000 })).map(({ id }) => id)
  const named = (id: string, inputId = 'i1') => ({ ...aTag(inputId, 'tree'), id })

  /** The annotation PostInputs makes. */
  const makeInputLevel = async (inputId: string, id: string) => {
    await world.owner.posted(named(id, inputId))
    await store().write.updateTable('annotation').set({ input_level: 1 }).where('id', '=', id).execute()
  }

  it('row 47: one by input and id', async () => {
    await world.ann.post(named('a1'), named('a2'))
    expect((await world.ann.delete('i1', 'a1')).status?.code).toBe(StatusCode.SUCCESS)
    expect((await failure(world.ann.get('i1', 'a1'))).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
    expect(await ids()).toEqual(['a2'])
    expect((await failure(world.ann.delete('i1', 'a1'))).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
  })

  it('row 48: exactly the pairs; those not there are passed over; another count deletes nothing', async () => {
    await world.ann.post(named('a1'), named('a1', 'i2'), named('a2'))
    await world.ann.deleteMany(['i1', 'i2', 'i3'], ['a2', 'a1', 'gone'])
    expect((await world.owner.list()).map(({ id, inputId }) => [inputId, id])).toEqual([['i1', 'a1']])
    expect((await failure(world.ann.deleteMany(['i1', 'i1'], ['a1']))).code).toBe(StatusCode.CONN_INVALID_REQUEST)
    expect((await failure(world.ann.deleteMany([], ['a1']))).code).toBe(StatusCode.CONN_INVALID_REQUEST)
    expect((await failure(world.ann.deleteMany([]))).code).toBe(StatusCode.CONN_INVALID_REQUEST)
    expect(await ids()).toEqual(['a1'])
  })

  it('row 49: all of some inputs, but not the input-level ones; nothing to delete is fine', async () => {
    await makeInputLevel('i1', 'level')
    await world.owner.post(named('a1'), { ...named('m1'), worker: byModel }, named('b1', 'i2'))
    await world.owner.deleteMany(['i1'])
    expect(await ids()).toEqual(['level', 'b1'])
    expect((await world.owner.deleteMany(['i1', 'nowhere'])).status?.code).toBe(StatusCode.SUCCESS)
  })

  it('deletes no input-level annotation by its id', async () => {
    await makeInputLevel('i1', 'level')
    await world.owner.post(named('a1'))
    const refused = await failure(world.owner.delete('i1', 'level'))
    expect(refused.code).toBe(StatusCode.ANNOTATION_INVALID_ARGUMENT)
    expect(refused.details).toContain('delete the input instead')
    expect((await failure(world.owner.deleteMany(['i1', 'i1'], ['a1', 'level']))).code).toBe(
      StatusCode.ANNOTATION_INVALID_ARGUMENT,
    )
    expect(await ids()).toEqual(['level', 'a1'])
  })

  it('lets collaborators delete their own only, and the owner any', async () => {
    await world.ann.post(named('a1'), named('a2'))
    await world.ben.post(named('b1'))
    const denied = StatusCode.ANNOTATION_PERMISSION_DENIED
    expect((await failure(world.ben.delete('i1', 'a1'))).code).toBe(denied)
    expect((await failure(world.ben.deleteMany(['i1', 'i1'], ['b1', 'a1']))).code).toBe(denied)
    expect((await failure(world.ben.deleteMany(['i1']))).code).toBe(denied)
    expect(await ids()).toEqual(['a1', 'a2', 'b1'])
    await world.owner.delete('i1', 'a1')
    await world.owner.deleteMany(['i1'])
    expect(await ids()).toEqual([])
  })

  it('needs the scope to delete', async () => {
    await world.ann.post(named('a1'))
    const scopes = ['Apps_Get', 'Annotations_Add']
    expect(await failure(new Client(world.deps, 'ann', { scopes }).delete('i1', 'a1'))).toEqual({
      code: StatusCode.CONN_INSUFFICIENT_SCOPES,
      details: 'missing scopes: Annotations_Delete',
    })
  })

  it('deletes softly, each with a rev and a line of history of its own', async () => {
    await addInput(store(), world.app, 'i4')
    await world.owner.post(...Array.from({ length: 5 }, (_, i) => named(`a${i}`, 'i4')))
    await world.ann.post(named('a9', 'i4'))
    await world.owner.deleteMany(['i4'])
    const rows = await store().read.selectFrom('annotation').selectAll().orderBy('created_at').execute()
    expect(rows.map((row) => [row.deleted_by, row.rev - rows[0]!.rev])).toEqual(rows.map((_, i) => ['owner', i]))
    const lines = await store()
      .read.selectFrom('history')
      .selectAll()
      .where('after', 'is', null)
      .orderBy('rev')
      .execute()
    expect(lines.map((line) => [line.item_id, line.user_id, line.rev])).toEqual(
      rows.map((row) => [row.id, 'owner', row.rev]),
    )
    expect(Buffer.from(lines[0]!.before!)).toEqual(Buffer.from(rows[0]!.message))
  })
})
