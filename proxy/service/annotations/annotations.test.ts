import { beforeEach, expect, it } from 'vitest'
import { Point_Visibility } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { aBox, addTask, aTag, aWorld, boxInfo, Client, failure, items, type World } from './annotationTesting.ts'

const hex32 = expect.stringMatching(/^[0-9a-f]{32}$/)
const pending = { code: StatusCode.ANNOTATION_PENDING }
const byModel = { worker: { case: 'model', value: { id: 'detector', modelVersion: { id: 'v1' } } } } as const

eachDialect('posting, by the rows of api.md §1', (store) => {
  let world: World
  beforeEach(async () => {
    world = await aWorld(store())
  })

  it('row 4: an annotation of an input that is not there is refused by itself', async () => {
    const answer = await world.owner.post(aTag('i1', 'tree'), aTag('nowhere', 'tree'), aTag('', 'tree'))
    expect(answer.status?.code).toBe(StatusCode.MIXED_STATUS)
    expect(items(answer).map(({ code }) => code)).toEqual([
      StatusCode.ANNOTATION_SUCCESS,
      StatusCode.INPUT_DOES_NOT_EXIST,
      StatusCode.INPUT_DOES_NOT_EXIST,
    ])
    expect(await world.owner.list()).toHaveLength(1)
  })

  it('row 5: a tag, a box and a video frame', async () => {
    const frame = { frameInfo: { time: 1000, number: 3 }, data: { concepts: [{ id: 'car', value: 1 }] } }
    const { status, annotations } = await world.owner.post(aTag('i1', 'tree'), aBox('i1'), {
      inputId: 'i2',
      data: { frames: [frame] },
    })
    expect(status?.code).toBe(StatusCode.SUCCESS)
    expect(annotations.map(({ id }) => id)).toEqual([hex32, hex32, hex32])
    expect(annotations[2]!.data?.frames[0]).toMatchObject(frame)
    expect(annotations[1]!.data?.regions[0]).toMatchObject({ id: hex32 })
  })

  it('row 7: 128 at once, but neither 129 nor none', async () => {
    const many = (count: number) => Array.from({ length: count }, () => aBox('i1'))
    expect((await world.owner.post(...many(128))).status?.code).toBe(StatusCode.SUCCESS)
    expect(await failure(world.owner.post(...many(129)))).toEqual({
      code: StatusCode.CONN_INVALID_REQUEST,
      details: 'annotations: 129 items, must be 1 to 128',
    })
    expect((await failure(world.owner.post())).code).toBe(StatusCode.CONN_INVALID_REQUEST)
    expect(await world.owner.list({ perPage: 1000 })).toHaveLength(128)
  })

  it('rows 8 and 9: neither two regions nor two frames', async () => {
    const region = { regionInfo: boxInfo(0, 0, 1, 1) }
    const answer = await world.owner.post(
      { inputId: 'i1', data: { regions: [region, region] } },
      { inputId: 'i1', data: { frames: [{ data: {} }, { data: {} }] } },
      { inputId: 'i1', data: { regions: [region], frames: [{ data: { regions: [region] } }] } },
    )
    expect(answer.status?.code).toBe(StatusCode.FAILURE)
    expect(items(answer).map(({ code, details }) => [code, details!.split(':')[0]])).toEqual([
      [StatusCode.ANNOTATION_INVALID_ARGUMENT, 'annotations[0].data.regions'],
      [StatusCode.ANNOTATION_INVALID_ARGUMENT, 'annotations[1].data.frames'],
      [StatusCode.ANNOTATION_INVALID_ARGUMENT, 'annotations[2].data.regions'],
    ])
  })

  it('row 10: the same frame twice, with different regions', async () => {
    const inFrame = (right: number) => ({
      inputId: 'i1',
      data: { frames: [{ frameInfo: { time: 40 }, data: { regions: [{ regionInfo: boxInfo(0, 0, 0.5, right) }] } }] },
    })
    await world.owner.post(inFrame(0.5), inFrame(0.75))
    const rights = (await world.owner.list()).map(
      ({ data }) => data?.frames[0]?.data?.regions[0]?.regionInfo?.boundingBox?.rightCol,
    )
    expect(rights).toEqual([0.5, 0.75])
  })

  it('rows 11 and 12: concepts present and absent, in their order, with their names', async () => {
    const concepts = [
      { id: 'tree', value: 1 },
      ...['one', 'two', 'three', 'four'].map((id) => ({ id, value: 1 })),
      { id: 'water' },
    ]
    await world.owner.post({ inputId: 'i1', data: { concepts } })
    const [read] = await world.owner.list()
    expect(read!.data?.concepts.map(({ id, value, name, appId }) => [id, value, name, appId])).toEqual(
      concepts.map(({ id }) => [id, id === 'water' ? 0 : 1, id, 'demo']),
    )
  })

  it('rows 13 and 14: boxes come back as they were, each its own annotation, in the order of the request', async () => {
    const { annotations } = await world.owner.post(
      aBox('i1', '', ['tree', 'water'], boxInfo(0, 0, 0.5, 0.5)),
      aBox('i1', '', ['bike'], boxInfo(0.6, 0.6, 0.8, 0.8)),
    )
    const boxes = annotations.map(({ data }) => data?.regions[0]?.regionInfo?.boundingBox)
    expect(boxes[0]).toMatchObject({ topRow: 0, leftCol: 0, bottomRow: 0.5, rightCol: 0.5 })
    expect(boxes[1]).toMatchObject({ topRow: Math.fround(0.6), rightCol: Math.fround(0.8) })
    expect((await world.owner.list()).map(({ id }) => id)).toEqual(annotations.map(({ id }) => id))
  })

  it("row 15: the seed's half-filled polygon keeps its points and its depth", async () => {
    const points = [{ row: 0.3 }, { col: 0.5 }, { z: 0.5, visibility: Point_Visibility.VISIBLE }]
    const { data } = await world.owner.posted({
      inputId: 'i1',
      data: { regions: [{ regionInfo: { polygon: { points } } }] },
    })
    expect(
      data?.regions[0]?.regionInfo?.polygon?.points.map(({ row, col, z, visibility }) => [row, col, z, visibility]),
    ).toEqual([
      [Math.fround(0.3), 0, 0, 0],
      [0, 0.5, 0, 0],
      [0, 0, 0.5, 1],
    ])
  })

  it('rows 16, 17 and 34: a region a model found is listed by its version, and labelled by its id', async () => {
    const box = boxInfo(0.25, 0.25, 0.5, 0.5)
    await world.owner.posted({ ...aBox('i1', 'm1', ['thing'], box), worker: byModel })
    const [found] = await world.owner.list({ modelVersionIds: ['v1'] })
    const region = found!.data!.regions[0]!
    const mine = await world.ann.posted({
      inputId: 'i1',
      data: { regions: [{ id: region.id, data: { concepts: [{ id: 'cat', value: 1 }] } }] },
    })
    expect(mine).toMatchObject({ userId: 'ann', modelVersionId: '', trusted: true })
    expect(mine.data?.regions[0]).toMatchObject({ id: region.id, regionInfo: box })
    expect(mine.data?.regions[0]?.data?.concepts[0]?.id).toBe('cat')
    expect(await world.owner.get('i1', 'm1')).toMatchObject({
      modelVersionId: 'v1',
      trusted: false,
      data: { regions: [{ data: { concepts: [{ id: 'thing' }] } }] },
    })
  })

  it('row 17: a region nobody has found is refused; one of another input does not count', async () => {
    const sent = { data: { regions: [{ id: 'r1', data: { concepts: [{ id: 'cat', value: 1 }] } }] } }
    await world.owner.posted({ inputId: 'i2', data: { regions: [{ id: 'r1', regionInfo: boxInfo(0, 0, 1, 1) }] } })
    const answer = await world.ann.post({ inputId: 'i1', ...sent })
    expect(items(answer)).toEqual([
      {
        code: StatusCode.ANNOTATION_INVALID_ARGUMENT,
        details: 'annotations[0].data.regions[0].id: the input has no region "r1"',
      },
    ])
  })

  it('rows 20, 21 and 24: the caller made it and it is a success, unless said otherwise', async () => {
    const made = await world.ann.posted(aTag('i1', 'tree'))
    expect(made).toMatchObject({
      userId: 'ann',
      worker: { worker: { case: 'user', value: { id: 'ann', firstName: 'ANN' } } },
      status: { code: StatusCode.ANNOTATION_SUCCESS, description: 'Annotation success' },
      inputLevel: false,
      trusted: true,
    })
    expect(made.createdAt).toEqual(made.modifiedAt)
  })

  it('row 22: the owner assigns an image: another user, PENDING, no data', async () => {
    const order = await world.owner.posted({ inputId: 'i1', userId: 'ann', status: pending })
    expect(order).toMatchObject({ userId: 'ann', status: pending, worker: { worker: { value: { id: 'ann' } } } })
    expect(order.data).toBeUndefined()
    const [unknown] = items(await world.owner.post({ inputId: 'i1', userId: 'nobody', status: pending }))
    expect(unknown).toEqual({
      code: StatusCode.ANNOTATION_INVALID_ARGUMENT,
      details: 'annotations[0].user_id: there is no user "nobody"',
    })
  })

  it('row 23: a collaborator posts as nobody else, neither a user nor a model', async () => {
    const answer = await world.ann.post(
      { ...aTag('i1', 'tree'), userId: 'ben', status: pending },
      { ...aTag('i1', 'tree'), worker: byModel },
      { ...aTag('i1', 'tree'), userId: 'ann' },
      { ...aTag('i1', 'tree'), userId: 'me' },
    )
    expect(answer.status?.code).toBe(StatusCode.MIXED_STATUS)
    expect(items(answer).map(({ code }) => code)).toEqual([
      StatusCode.ANNOTATION_PERMISSION_DENIED,
      StatusCode.ANNOTATION_PERMISSION_DENIED,
      StatusCode.ANNOTATION_SUCCESS,
      StatusCode.ANNOTATION_SUCCESS,
    ])
    expect((await world.owner.list()).map(({ userId }) => userId)).toEqual(['ann', 'ann'])
  })

  it('makes concepts by using them, once, and only with the scope to', async () => {
    await world.ann.post(aTag('i1', 'tree', 'sea'), aTag('i2', 'tree'))
    const rows = await store().read.selectFrom('concept').select(['id', 'name']).orderBy('created_at').execute()
    expect(rows).toEqual([
      { id: 'tree', name: 'tree' },
      { id: 'sea', name: 'sea' },
    ])
    const scopes = ['Apps_Get', 'Annotations_Add']
    const reader = new Client(world.deps, 'ann', { scopes })
    const answer = await reader.post(aTag('i1', 'tree'), aTag('i1', 'moon'))
    expect(items(answer)).toEqual([
      { code: StatusCode.ANNOTATION_SUCCESS, details: '' },
      {
        code: StatusCode.CONN_INSUFFICIENT_SCOPES,
        details: 'annotations[1].data.concepts: missing scopes: Concepts_Add (new: moon)',
      },
    ])
  })

  it('calls concepts that are made by using them what they were sent as, in posts and patches', async () => {
    const data = (id: string, name: string) => ({ data: { concepts: [{ id, name, value: 1 }] } })
    await world.owner.posted({ inputId: 'i1', id: 'a1', ...data('tree', 'Oak tree') })
    await world.owner.patch('merge', [{ inputId: 'i1', id: 'a1', ...data('sea', 'The sea') }])
    await world.owner.patch('merge', [{ inputId: 'i1', id: 'a1', ...data('tree', 'Another name') }])
    const rows = await store().read.selectFrom('concept').select(['id', 'name']).orderBy('created_at').execute()
    expect(rows).toEqual([
      { id: 'tree', name: 'Oak tree' },
      { id: 'sea', name: 'The sea' },
    ])
    expect((await world.owner.list())[0]?.data?.concepts).toMatchObject([{ name: 'Oak tree' }, { name: 'The sea' }])
  })

  it('keeps task, info and geo, and the task of the old place', async () => {
    await addTask(world, 't1')
    const info = { annotationInfo: { task_id: 't1', marquee: { assignment: 'x' } } }
    const made = await world.owner.posted({
      inputId: 'i1',
      ...info,
      data: { metadata: { a: 1, b: { c: [true, null] } }, geo: { geoPoint: { longitude: 10, latitude: 50 } } },
      embedModelVersionId: 'e1',
    })
    expect(made).toMatchObject({ ...info, taskId: 't1', embedModelVersionId: 'e1' })
    expect(made.data?.metadata).toEqual({ a: 1, b: { c: [true, null] } })
    expect(made.data?.geo?.geoPoint).toMatchObject({ longitude: 10, latitude: 50 })
    const [clash] = items(await world.owner.post({ inputId: 'i1', ...info, taskId: 't2' }))
    expect(clash?.code).toBe(StatusCode.ANNOTATION_INVALID_ARGUMENT)
  })

  it('refuses a task that there is not, or no more, in a post and in a patch', async () => {
    await addTask(world, 'gone', 5)
    await world.owner.posted({ ...aTag('i1', 'tree'), id: 'a1' })
    for (const [taskId, what] of [
      ['nowhere', 'there is no task "nowhere"'],
      ['gone', 'task "gone" is deleted'],
    ]) {
      const refused = { code: StatusCode.ANNOTATION_INVALID_ARGUMENT, details: `annotations[0].task_id: ${what}` }
      expect(items(await world.owner.post({ ...aTag('i1', 'tree'), taskId: taskId! }))).toEqual([refused])
      expect(items(await world.owner.patch('merge', [{ inputId: 'i1', id: 'a1', taskId: taskId! }]))).toEqual([refused])
    }
    expect(await world.owner.list()).toHaveLength(1)
  })

  it('answers a repeat with what is stored, and refuses another content under its id', async () => {
    const sent = aBox('i1', 'a1', ['car'])
    const first = await world.ann.posted(sent)
    const again = await world.ann.post(sent)
    expect(again.status?.code).toBe(StatusCode.SUCCESS)
    expect(again.annotations[0]).toEqual(first)
    const other = await world.ann.post(aBox('i1', 'a1', ['bus']))
    expect(other.status?.code).toBe(StatusCode.FAILURE)
    expect(items(other)[0]).toEqual({
      code: StatusCode.DATABASE_DUPLICATE_KEY,
      details: 'annotations[0].id: "a1" is taken by another annotation',
    })
    expect(items(await world.ben.post(sent))[0]?.code).toBe(StatusCode.DATABASE_DUPLICATE_KEY)
    expect(await world.owner.list()).toHaveLength(1)
    // another input is another key (api.md §9-22)
    expect((await world.ann.post(aBox('i2', 'a1'))).status?.code).toBe(StatusCode.SUCCESS)
  })

  it('answers a repeat within one call, and one of a region named by its id', async () => {
    await world.owner.posted({ ...aBox('i1', 'm1'), worker: byModel })
    const regionId = (await world.owner.get('i1', 'm1')).data!.regions[0]!.id
    const mine = { inputId: 'i1', id: 'a1', data: { regions: [{ id: regionId, data: {} }] } }
    const answer = await world.ann.post(mine, mine)
    expect(answer.status?.code).toBe(StatusCode.SUCCESS)
    expect((await world.ann.post(mine)).status?.code).toBe(StatusCode.SUCCESS)
    expect(await world.ann.list({ userIds: ['ann'] })).toHaveLength(1)
  })

  it('keeps a deleted id taken', async () => {
    await world.ann.posted(aBox('i1', 'a1'))
    await world.ann.delete('i1', 'a1')
    expect(items(await world.ann.post(aBox('i1', 'a1')))[0]).toEqual({
      code: StatusCode.DATABASE_DUPLICATE_KEY,
      details: 'annotations[0].id: "a1" is deleted',
    })
  })

  it('stamps every write of an app with another microsecond and a rising rev, whatever the clock', async () => {
    await world.owner.post(aTag('i1', 'a'), aTag('i1', 'b'))
    await world.owner.post(aTag('i1', 'a'))
    const rows = await store().read.selectFrom('annotation').select(['rev', 'modified_at']).orderBy('rev').execute()
    expect(new Set(rows.map((row) => row.rev)).size).toBe(3)
    expect(new Set(rows.map((row) => row.modified_at)).size).toBe(3)
    expect(rows.map((row) => row.modified_at)).toEqual(rows.map((row) => row.modified_at).toSorted())
    const history = await store().read.selectFrom('history').select('rev').orderBy('rev').execute()
    expect(history.map((row) => row.rev)).toEqual([1, 2, 3, 4, 5])
  })
})
