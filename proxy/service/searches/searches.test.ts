import { create, toBinary } from '@bufbuild/protobuf'
import { beforeEach, describe, expect, it } from 'vitest'
import { InputSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  MultiSearchResponseSchema,
  PostInputsSearchesRequestSchema,
  PostSearchesRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import {
  aBox,
  addTask,
  aTag,
  aWorld,
  boxInfo,
  failure,
  type SentAnnotation,
  type World,
} from '#proxy/service/annotations/annotationTesting.ts'
import { studioMethods } from '#proxy/service/studio/studio.ts'
import { addCollaborator } from '#proxy/service/testing.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { searchMethods } from './searches.ts'
import { concept, dog, type SentFilter, type SentSearch, searching, userAppId } from './searchTesting.ts'

eachDialect('searches', (store) => {
  let world: World
  beforeEach(async () => {
    world = await aWorld(store())
  })

  const { call, runAnnotations, runInputs, annotations, inputs, named } = searching(() => world)

  it('finds what was just posted, patched and restored, and not what was deleted', async () => {
    await world.ann.posted(named('a', aTag('i1', 'dog')))
    await world.ann.posted(named('b', aBox('i2', 'b', ['dog'])))
    expect(await annotations([dog()])).toEqual(['a', 'b'])
    expect(await inputs([dog()])).toEqual(['i1', 'i2'])
    await world.ann.patch('merge', [{ id: 'a', inputId: 'i1', data: { concepts: [{ id: 'dog', value: 0 }] } }])
    expect(await annotations([dog()])).toEqual(['b'])
    expect(await annotations([dog(0)])).toEqual(['a'])
    await world.ann.delete('i2', 'b')
    expect(await annotations([dog()])).toEqual([])
    expect(await inputs([dog()])).toEqual([])
    await studioMethods.restoreAnnotations(
      { userId: 'owner', appId: 'demo', annotations: [{ inputId: 'i2', annotationId: 'b' }] } as never,
      call(),
      world.deps,
    )
    expect(await annotations([dog()])).toEqual(['b'])
    expect(await inputs([dog()])).toEqual(['i2'])
    await world.owner.deleteMany(['i1', 'i2'])
    expect(await annotations([])).toEqual([])
  })

  it('scores 1 and brings annotation and input, whose app it names', async () => {
    await world.ann.posted(named('a', aTag('i1', 'dog')))
    const response = await runAnnotations({ query: { filters: [dog()] } })
    expect(response.status?.code).toBe(StatusCode.SUCCESS)
    expect(response.hits).toMatchObject([
      {
        score: 1,
        userId: 'owner',
        appId: 'demo',
        annotation: { id: 'a', inputId: 'i1', data: { concepts: [{ id: 'dog', name: 'dog', value: 1 }] } },
        input: { id: 'i1', status: { code: StatusCode.INPUT_SUCCESS } },
      },
    ])
    const [hit] = (await runInputs({ query: { filters: [dog()] } })).hits
    expect(hit).toMatchObject({ score: 1, input: { id: 'i1' }, annotation: { id: 'a' } })
  })

  it('takes the concepts of one filter as alternatives and the filters together', async () => {
    await world.ann.posted(named('dog', aTag('i1', 'dog')))
    await world.ann.posted(named('cat', aTag('i1', 'cat')))
    await world.ann.posted(named('both', aTag('i2', 'dog', 'cat')))
    const either = {
      annotation: {
        data: {
          concepts: [
            { id: 'cat', value: 1 },
            { id: 'dog', value: 1 },
          ],
        },
      },
    }
    expect(await annotations([either])).toEqual(['dog', 'cat', 'both'])
    expect(await annotations([dog(), concept('cat')])).toEqual(['both'])
    expect(await inputs([dog(), concept('cat')])).toEqual(['i1', 'i2'])
    expect(await annotations([dog(), { negate: true, ...concept('cat') }])).toEqual(['dog'])
    expect(await inputs([{ negate: true, ...dog() }])).toEqual(['i3'])
    expect(await inputs([dog(), { negate: true, ...concept('mouse') }])).toEqual(['i1', 'i2'])
  })

  it('finds concepts inside regions, by name, and by value', async () => {
    await world.ann.posted(named('box', aBox('i1', 'box', ['dog'])))
    await world.ann.posted({ id: 'no', inputId: 'i2', data: { concepts: [{ id: 'dog', value: 0.4 }] } })
    await store().write.updateTable('concept').set({ name: 'Hound' }).where('id', '=', 'dog').execute()
    expect(await annotations([{ annotation: { data: { concepts: [{ name: 'Hound', value: 0.5 }] } } }])).toEqual([
      'box',
    ])
    expect(await annotations([{ annotation: { data: { concepts: [{ name: 'Hound' }] } } }])).toEqual(['no'])
    expect(await annotations([{ annotation: { data: { concepts: [{ name: 'hounds', value: 1 }] } } }])).toEqual([])
    expect(await inputs([{ annotation: { data: { concepts: [{ name: 'hounds', value: 1 }] } } }])).toEqual([])
  })

  it('filters by ids, workers, task, state, info and level', async () => {
    const model = { worker: { case: 'model', value: { id: 'm', modelVersion: { id: 'v1' } } } } as const
    const flow = { worker: { case: 'workflow', value: { id: 'w', version: { id: 'w1' } } } } as const
    await addTask(world, 't1')
    await world.owner.posted({
      ...aTag('i1', 'dog'),
      id: 'a',
      userId: 'ann',
      taskId: 't1',
      annotationInfo: { batch: 7, tags: ['x'] },
    })
    await world.ben.posted({ ...aTag('i2', 'dog'), id: 'b', status: { code: StatusCode.ANNOTATION_PENDING } })
    await world.owner.posted({ ...aTag('i2', 'dog'), id: 'm', worker: model })
    await world.owner.posted({ ...aTag('i3', 'dog'), id: 'w', worker: flow })
    const cases: [filter: SentFilter, ids: string[], inputIds: string[]][] = [
      [{ annotation: { id: 'a' } }, ['a'], ['i1']],
      [{ annotation: { inputId: 'i2' } }, ['b', 'm'], ['i2']],
      [{ annotation: { taskId: 't1' } }, ['a'], ['i1']],
      [{ annotation: { userId: 'ben' } }, ['b'], ['i2']],
      [{ annotation: { worker: { worker: { case: 'user', value: { id: 'ann' } } } } }, ['a'], ['i1']],
      [{ annotation: { modelVersionId: 'v1' } }, ['m'], ['i2']],
      [{ annotation: { worker: model } }, ['m'], ['i2']],
      [{ annotation: { worker: flow } }, ['w'], ['i3']],
      [{ annotation: { status: { code: StatusCode.ANNOTATION_PENDING } } }, ['b'], ['i2']],
      [{ annotation: { trusted: true } }, ['a', 'b'], ['i1', 'i2']],
      [{ annotation: { annotationInfo: { batch: 7 } } }, ['a'], ['i1']],
      [{ annotation: { annotationInfo: { batch: 7, tags: ['x'] } } }, ['a'], ['i1']],
      [{ annotation: { annotationInfo: { batch: 7, tags: ['y'] } } }, [], []],
      [{ annotation: { inputLevel: true } }, [], []],
      [{ annotation: { userId: 'ann', data: { concepts: [{ id: 'dog', value: 1 }] } } }, ['a'], ['i1']],
      [{ annotation: { userId: 'ann', trusted: true }, input: { id: 'i2' } }, [], []],
      [{ negate: true, annotation: { userId: 'ann' } }, ['b', 'm', 'w'], ['i2', 'i3']],
      [{ negate: true, annotation: { modelVersionId: 'v1' } }, ['a', 'b', 'w'], ['i1', 'i3']],
    ]
    for (const [filter, ids, inputIds] of cases) {
      expect([filter, await annotations([filter])]).toEqual([filter, ids])
      expect([filter, await inputs([filter])]).toEqual([filter, inputIds])
    }
    await store().write.deleteFrom('collaborator').where('user_id', '=', 'ben').execute()
    await addCollaborator(store(), world.app, 'ben', ['Search', 'Inputs_Get', 'Annotations_Get'])
    const me = (await runAnnotations({ query: { filters: [{ annotation: { userId: 'me' } }] } }, {}, 'ben')).hits
    expect(me.map(({ annotation }) => annotation?.id)).toEqual(['b'])
  })

  it('filters by what kind of place there is', async () => {
    const region = (regionInfo: object) => ({ regions: [{ regionInfo }] })
    const points = [0, 0.5, 1].map((row) => ({ row, col: row * row }))
    const shapes: Record<string, SentAnnotation> = {
      tag: aTag('i1', 'dog'),
      box: aBox('i1', '', ['dog']),
      polygon: { inputId: 'i1', data: region({ polygon: { points } }) },
      point: { inputId: 'i1', data: region({ point: { row: 0.5 } }) },
      span: { inputId: 'i1', data: region({ span: { charStart: 1, charEnd: 3 } }) },
      frame: { inputId: 'i2', data: { frames: [{ frameInfo: { number: 7 }, data: region(boxInfo(0, 0, 0.5, 0.5)) }] } },
      track: { inputId: 'i2', data: { regions: [{ regionInfo: boxInfo(0, 0, 0.5, 0.5), trackId: 'T' }] } },
      segment: { inputId: 'i2', data: { timeSegments: [{ timeInfo: { beginTime: 1, endTime: 2 } }] } },
      text: { inputId: 'i2', data: { text: { raw: 'said' } } },
    }
    for (const [id, shape] of Object.entries(shapes)) await world.ann.posted({ ...shape, id })
    const cases: [data: object, ids: string[]][] = [
      [{}, ['tag', 'text']],
      [{ regions: [{ regionInfo: { boundingBox: {} } }] }, ['box', 'frame', 'track']],
      [{ regions: [{ regionInfo: { polygon: {} } }] }, ['polygon']],
      [{ regions: [{ regionInfo: { point: {} } }] }, ['point']],
      [{ regions: [{ regionInfo: { span: {} } }] }, ['span']],
      [{ regions: [{ regionInfo: { mask: {} } }] }, []],
      [{ regions: [{ regionInfo: { point: {} } }, { regionInfo: { span: {} } }] }, ['point', 'span']],
      [{ regions: [{ trackId: 'T' }] }, ['track']],
      [{ regions: [{ regionInfo: { boundingBox: {} }, trackId: 'T' }] }, ['track']],
      [{ regions: [{ regionInfo: { point: {} }, trackId: 'T' }] }, []],
      [{ frames: [{ frameInfo: {} }] }, ['frame']],
      [{ timeSegments: [{ timeInfo: {} }] }, ['segment']],
      [{ text: {} }, ['text']],
    ]
    for (const [data, ids] of cases) expect([data, await annotations([{ annotation: { data } }])]).toEqual([data, ids])
    expect(
      await inputs([{ annotation: { data: { regions: [{ regionInfo: { boundingBox: {} }, trackId: 'T' }] } } }]),
    ).toEqual(['i2'])
  })

  it('filters by metadata: any of its fields, all that a field says', async () => {
    const with_ = (id: string, inputId: string, metadata: object) =>
      world.ann.posted({ id, inputId, data: { concepts: [{ id: 'x', value: 1 }], metadata: metadata as never } })
    const long = 'long '.repeat(1000)
    await with_('a', 'i1', { camera: 'left', n: 3, deep: { on: true, off: null }, tags: ['red', 'blue'] })
    await with_('b', 'i2', { camera: 'right', n: 3, note: long, odd: '\u0000' })
    const cases: [metadata: object, ids: string[]][] = [
      [{ camera: 'left' }, ['a']],
      [{ camera: 'left', n: 3 }, ['a', 'b']],
      [{ n: 3 }, ['a', 'b']],
      [{ n: '3' }, []],
      [{ deep: { on: true } }, ['a']],
      [{ deep: { on: true, off: null } }, ['a']],
      [{ deep: { on: true, off: 1 } }, []],
      [{ tags: ['blue'] }, ['a']],
      [{ tags: ['blue', 'green'] }, []],
      [{ note: long }, ['b']],
      [{ note: `${long}!` }, []],
      [{ odd: '\u0000' }, ['b']],
    ]
    for (const [metadata, ids] of cases)
      expect([metadata, await annotations([{ annotation: { data: { metadata: metadata as never } } }])]).toEqual([
        metadata,
        ids,
      ])
  })

  it('filters by place on earth', async () => {
    const onWire = (latitude: number, longitude: number) => ({
      latitude: Math.fround(latitude),
      longitude: Math.fround(longitude),
    })
    const at = (id: string, inputId: string, latitude: number, longitude: number) =>
      world.ann.posted({ id, inputId, data: { geo: { geoPoint: onWire(latitude, longitude) } } })
    await at('berlin', 'i1', 52.52, 13.405)
    await at('potsdam', 'i2', 52.39, 13.065)
    await at('suva', 'i3', -18.14, 178.44)
    const near = (latitude: number, longitude: number, value: number, type = 'withinKilometers') =>
      annotations([
        { annotation: { data: { geo: { geoPoint: onWire(latitude, longitude), geoLimit: { type, value } } } } },
      ])
    expect(await near(52.5, 13.4, 5)).toEqual(['berlin'])
    expect(await near(52.52, 13.405, 0)).toEqual(['berlin'])
    expect(await near(52.52, 13.405, 26)).toEqual(['berlin'])
    expect(await near(52.52, 13.405, 28)).toEqual(['berlin', 'potsdam'])
    expect(await near(52.52, 13.405, 17.4, 'withinMiles')).toEqual(['berlin', 'potsdam'])
    expect(await near(52.52, 13.405, 0.3, 'withinDegrees')).toEqual(['berlin', 'potsdam'])
    expect(await near(52.52, 13.405, 4, 'withinRadians')).toEqual(['berlin', 'potsdam', 'suva'])
    expect(await near(-18, -179, 300)).toEqual(['suva']) // across the date line
    const box = {
      geoBox: [
        [52.5, 13.5],
        [52, 13],
      ].map(([latitude, longitude]) => ({ geoPoint: { latitude: latitude!, longitude: longitude! } })),
    }
    expect(await annotations([{ annotation: { data: { geo: box } } }])).toEqual(['potsdam'])
    expect(await inputs([{ annotation: { data: { geo: box } } }])).toEqual(['i2'])
    expect(await inputs([{ negate: true, annotation: { data: { geo: box } } }])).toEqual(['i1', 'i3'])
  })

  it('filters by the time of the last change, both ends included', async () => {
    await world.ann.posted(named('a', aTag('i1', 'dog')))
    const b = await world.ann.posted(named('b', aTag('i2', 'dog')))
    const micros = Number(b.modifiedAt!.seconds) * 1e6 + b.modifiedAt!.nanos / 1000
    const range = (from?: number, to?: number): SentFilter => ({
      lastUpdatedTimeRange: {
        ...(from !== undefined && { startTime: timestampOf(from) }),
        ...(to !== undefined && { endTime: timestampOf(to) }),
      },
    })
    expect(await annotations([range(micros)])).toEqual(['b'])
    expect(await annotations([range(micros, micros)])).toEqual(['b'])
    expect(await annotations([range(undefined, micros - 1)])).toEqual(['a'])
    expect(await annotations([range(micros + 1)])).toEqual([])
    expect(await inputs([range(micros)])).toEqual(['i2'])
    expect(await annotations([dog(), range(micros)])).toEqual(['b'])
  })

  it('filters by the input: kind, state, dataset', async () => {
    await world.ann.posted(named('a', aTag('i1', 'dog')))
    await world.ann.posted(named('b', aTag('i2', 'dog')))
    const db = store().write
    await db.updateTable('input').set({ kind: 'video' }).where('id', '=', 'i2').execute()
    await db.updateTable('input').set({ status_code: StatusCode.INPUT_FAILED }).where('id', '=', 'i3').execute()
    const times = { rev: 1, created_at: 1, modified_at: 1, deleted_at: null, deleted_by: null }
    const row = { app: world.app, id: 'd1', message: new Uint8Array(), ...times }
    const { no } = await db.insertInto('dataset').values(row).returning('no').executeTakeFirstOrThrow()
    await db
      .insertInto('dataset_input')
      .values({ dataset: Number(no), app: world.app, input_id: 'i1', added_at: 1 })
      .execute()
    const cases: [input: object, ids: string[], inputIds: string[]][] = [
      [{ data: { video: {} } }, ['b'], ['i2']],
      [{ data: { image: {} } }, ['a'], ['i1', 'i3']],
      [{ data: { image: {}, video: {} } }, ['a', 'b'], ['i1', 'i2', 'i3']],
      [{ status: { code: StatusCode.INPUT_FAILED } }, [], ['i3']],
      [{ datasetIds: ['d1', 'd2'] }, ['a'], ['i1']],
      [{ datasetIds: ['d2'] }, [], []],
    ]
    for (const [input, ids, inputIds] of cases) {
      expect([input, await annotations([{ input }])]).toEqual([input, ids])
      expect([input, await inputs([{ input }])]).toEqual([input, inputIds])
    }
    expect(await inputs([{ negate: true, input: { datasetIds: ['d1'] } }])).toEqual(['i2', 'i3'])
  })

  it('turns pages, counts, and ends somewhere', async () => {
    for (let i = 0; i < 5; i++) await world.ann.posted(named(`a${i}`, aTag(`i${1 + (i % 3)}`, 'dog')))
    const page = async (number: number, perPage: number) =>
      (await runAnnotations({ query: { filters: [dog()] } }, { pagination: { page: number, perPage } })).hits.map(
        ({ annotation }) => annotation?.id,
      )
    expect([await page(1, 2), await page(2, 2), await page(3, 2), await page(4, 2)]).toEqual([
      ['a0', 'a1'],
      ['a2', 'a3'],
      ['a4'],
      [],
    ])
    const inputPage = await runInputs({ query: { filters: [dog()] } }, { pagination: { page: 2, perPage: 2 } })
    expect(inputPage.hits.map(({ input }) => input?.id)).toEqual(['i3'])
    const counted = await searchMethods.postInputsSearches(
      create(PostInputsSearchesRequestSchema, {
        userAppId,
        onlyCount: true,
        searches: [{ query: { filters: [dog()] } }, { query: { filters: [concept('cat')] } }, {}],
      }),
      call(),
      world.deps,
    )
    expect(counted.hits).toEqual([])
    expect(counted.hitCounts.map(({ estimatedTotal }) => estimatedTotal)).toEqual([3n, 0n, 3n])
    const far = await failure(runAnnotations({}, { pagination: { page: 1001, perPage: 100 } }))
    expect(far).toEqual({
      code: StatusCode.SEARCH_INVALID_REQUEST,
      details: 'pagination: page * perPage cannot exceed 100000',
    })
  })

  describe('says what cannot be searched by', () => {
    const cases: [search: SentSearch, field: string][] = [
      [{ query: { ranks: [{ annotation: { data: { image: { url: 'x' } } } }] } }, 'searches[0].query.ranks[0]'],
      [{ query: { ands: [{ output: { data: {} } }] } }, 'searches[0].query.ands[0].output'],
      [{ query: { filters: [{ negate: true }] } }, 'searches[0].query.filters[0].negate'],
      [
        { query: { filters: [{ annotation: { consensusInfo: {} } }] } },
        'searches[0].query.filters[0].annotation.consensus_info',
      ],
      [
        { query: { filters: [{ annotation: { data: { regions: [{ regionInfo: boxInfo(0, 0, 1, 1) }] } } }] } },
        'searches[0].query.filters[0].annotation.data.regions[0].region_info.bounding_box.bottom_row',
      ],
      [
        { query: { filters: [{ annotation: { data: { regions: [{}] } } }] } },
        'searches[0].query.filters[0].annotation.data.regions[0]',
      ],
      [
        { query: { filters: [{ annotation: { data: { concepts: [{ value: 1 }] } } }] } },
        'searches[0].query.filters[0].annotation.data.concepts[0].id',
      ],
      [
        { query: { filters: [{ annotation: { data: { metadata: {} } } }] } },
        'searches[0].query.filters[0].annotation.data.metadata',
      ],
      [
        { query: { filters: [{ annotation: { data: { metadata: { a: {} } } } }] } },
        'searches[0].query.filters[0].annotation.data.metadata.a',
      ],
      [
        { query: { filters: [{ annotation: { data: { geo: { geoPoint: { latitude: 91 } } } } }] } },
        'searches[0].query.filters[0].annotation.data.geo.geo_point',
      ],
      [
        { query: { filters: [{ annotation: { data: { geo: { geoPoint: {} } } } }] } },
        'searches[0].query.filters[0].annotation.data.geo.geo_limit',
      ],
      [
        {
          query: {
            filters: [{ annotation: { data: { geo: { geoPoint: {}, geoLimit: { type: 'near', value: 1 } } } } }],
          },
        },
        'searches[0].query.filters[0].annotation.data.geo.geo_limit.type',
      ],
      [
        { query: { filters: [{ input: { data: { concepts: [{ id: 'a' }] } } }] } },
        'searches[0].query.filters[0].input.data.concepts',
      ],
      [{ asOf: timestampOf(0) }, 'searches[0].as_of'],
      [{ minValue: 2 }, 'searches[0].min_value'],
    ]
    it.each(cases.map(([search, field]) => [field, search] as const))('%s', async (field, search) => {
      const { code, details } = await failure(runAnnotations(search))
      expect(details).toMatch(new RegExp(`^${field.replaceAll(/[[\].]/g, '\\$&')}: `))
      expect(code).toBe(StatusCode.SEARCH_INVALID_REQUEST)
    })

    it('an empty rank says nothing', async () => {
      expect((await runInputs({ query: { ranks: [{ annotation: {} }, {}] } })).hits).toHaveLength(3)
    })

    it('none or two at once', async () => {
      expect((await failure(runInputs({}, { searches: [] }))).details).toMatch(/^searches: /)
      expect((await failure(runInputs({}, { searches: [{}, {}] }))).details).toMatch(/^searches: 2 /)
    })
  })

  it('the old query asks for what people said of an input', async () => {
    const model = { worker: { case: 'model', value: { id: 'm', modelVersion: { id: 'v1' } } } } as const
    await world.ann.posted(named('a', aTag('i1', 'dog')))
    await world.owner.posted({ ...aTag('i2', 'dog'), id: 'm', worker: model })
    await store().write.updateTable('input').set({ source_url: 'http://x/y' }).where('id', '=', 'i3').execute()
    const old = async (...ands: object[]) =>
      (
        await searchMethods.postSearches(
          create(PostSearchesRequestSchema, { userAppId, query: { ands } }),
          call(),
          world.deps,
        )
      ).hits.map(({ input }) => input?.id)
    const isDog = { input: { data: { concepts: [{ id: 'dog', value: 1 }] } } }
    expect(await old(isDog)).toEqual(['i1'])
    expect(await old({ ...isDog, negate: true })).toEqual(['i2', 'i3'])
    expect(await old({ annotation: { data: { concepts: [{ id: 'dog', value: 1 }] } } })).toEqual(['i1', 'i2'])
    expect(await old({ input: { data: { image: { url: 'http://x/y' } } } })).toEqual(['i3'])
    expect(await old({ input: { id: 'i2' } }, { annotation: { modelVersionId: 'v1' } })).toEqual(['i2'])
  })

  it('are for those who may search', async () => {
    expect((await failure(runInputs({}, {}, 'ann'))).details).toBe('missing scopes: Search')
    expect((await failure(runInputs({}, {}, 'stranger'))).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
    await store().write.deleteFrom('collaborator').where('user_id', '=', 'ann').execute()
    await addCollaborator(store(), world.app, 'ann', ['Search', 'Inputs_Get', 'Annotations_Get'])
    expect((await runInputs({}, {}, 'ann')).hits).toHaveLength(3)
    expect((await failure(runInputs({ save: true }, {}, 'ann'))).details).toBe('missing scopes: SavedSearch_Add')
  })

  it('answer messages that can be sent', async () => {
    await world.ann.posted(named('a', aTag('i1', 'dog')))
    const response = await runAnnotations({ query: { filters: [dog()] } })
    expect(toBinary(MultiSearchResponseSchema, response).length).toBeGreaterThan(100)
    expect(toBinary(InputSchema, response.hits[0]!.input!).length).toBeGreaterThan(0)
  })
})
