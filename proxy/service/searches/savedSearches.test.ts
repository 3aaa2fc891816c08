import { create } from '@bufbuild/protobuf'
import { beforeEach, expect, it } from 'vitest'
import {
  DeleteSearchRequestSchema,
  GetSearchRequestSchema,
  ListSearchesRequestSchema,
  PatchSearchesRequestSchema,
  PostSearchesByIDRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { aBox, aTag, aWorld, failure, type World } from '#proxy/service/annotations/annotationTesting.ts'
import { addCollaborator } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { searchMethods } from './searches.ts'
import { inputsOfSavedSearch, inputsOfSearch } from './searchRun.ts'
import { concept, dog, type SentFilter, type SentSearch, searching, userAppId } from './searchTesting.ts'

eachDialect('saved searches', (store) => {
  let world: World
  beforeEach(async () => {
    world = await aWorld(store())
  })
  const { call, runAnnotations, runInputs, inputs, named } = searching(() => world)

  const save = (search: SentSearch, who = 'owner') => runInputs({ ...search, save: true }, {}, who)
  const byId = async (id: string, pagination = {}) =>
    (
      await searchMethods.postSearchesByID(
        create(PostSearchesByIDRequestSchema, { userAppId, id, pagination }),
        call(),
        world.deps,
      )
    ).hits.map(({ input }) => input?.id)
  const list = async () =>
    (
      await searchMethods.listSearches(create(ListSearchesRequestSchema, { userAppId }), call(), world.deps)
    ).searches.map(({ id }) => id)

  it('and run, listed, got and deleted', async () => {
    await world.ann.posted(named('a', aTag('i1', 'dog')))
    const saved = await save({ id: 'dogs', name: 'Dogs', query: { filters: [dog()] } })
    expect(saved.hits).toEqual([])
    expect(saved.searches).toMatchObject([{ id: 'dogs', name: 'Dogs', applicationId: 'demo', save: true }])
    const unnamed = (await runAnnotations({ query: { filters: [dog()] }, save: true })).searches[0]!.id
    expect(await list()).toEqual(['dogs', unnamed])
    expect(await byId('dogs')).toEqual(['i1'])
    await world.ann.posted(named('b', aTag('i3', 'dog')))
    expect(await byId('dogs')).toEqual(['i1', 'i3'])
    expect(await byId('dogs', { page: 2, perPage: 1 })).toEqual(['i3'])
    expect(await byId(unnamed)).toEqual(['i1', 'i3'])
    const one = create(GetSearchRequestSchema, { userAppId, id: 'dogs' })
    const { search } = await searchMethods.getSearch(one, call(), world.deps)
    expect(search).toMatchObject({ id: 'dogs', query: { filters: [{ negate: false }] } })
    expect(search?.createdAt).toBeDefined()
    const gone = create(DeleteSearchRequestSchema, { userAppId, id: 'dogs' })
    await searchMethods.deleteSearch(gone, call(), world.deps)
    expect(await list()).toEqual([unnamed])
    for (const again of [
      searchMethods.deleteSearch(gone, call(), world.deps),
      searchMethods.getSearch(one, call(), world.deps),
      byId('dogs'),
    ])
      expect((await failure(again)).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
  })

  it('under an id once, after they were checked, all or none', async () => {
    await save({ id: 'dogs', query: { filters: [dog()] } })
    expect((await failure(save({ id: 'dogs' }))).code).toBe(StatusCode.DATABASE_DUPLICATE_KEY)
    expect((await failure(save({ id: 'a/b' }))).details).toMatch(/^searches\[0\]\.id: /)
    expect((await failure(save({ id: 'bad', query: { filters: [{ negate: true }] } }))).code).toBe(40002)
    const two = runInputs(
      {},
      {
        searches: [
          { id: 'new', save: true },
          { id: 'dogs', save: true },
        ],
      },
    )
    expect((await failure(two)).details).toMatch(/^searches\[1\]\.id: /)
    expect(await list()).toEqual(['dogs'])
  })

  it('with whoever saved them for "me"', async () => {
    await addCollaborator(store(), world.app, 'stranger', [
      'Search',
      'Inputs_Get',
      'Annotations_Get',
      'SavedSearch_Add',
    ])
    await world.ann.posted(named('a', aTag('i1', 'dog')))
    await save({ id: 'mine', query: { filters: [{ annotation: { userId: 'me' } }] } }, 'stranger')
    expect(await byId('mine')).toEqual([])
    await world.owner.posted({ ...aTag('i2', 'dog'), userId: 'stranger' })
    expect(await byId('mine')).toEqual(['i2'])
  })

  it('give their inputs to whoever needs them all, oldest first', async () => {
    for (const [id, inputId] of [
      ['a', 'i3'],
      ['b', 'i1'],
      ['c', 'i3'],
    ] as const)
      await world.ann.posted(named(id, aTag(inputId, 'dog')))
    await save({ id: 'inputs', query: { filters: [dog()] } })
    await runAnnotations({ id: 'annotations', save: true, query: { filters: [dog()] } })
    for (const id of ['inputs', 'annotations'])
      expect(await Array.fromAsync(inputsOfSavedSearch(store().read, world.app, id))).toEqual([['i1', 'i3']])
    const missing = Array.fromAsync(inputsOfSavedSearch(store().read, world.app, 'none'))
    expect((await failure(missing)).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
    const mine = { query: { filters: [{ annotation: { userId: 'me' } }] } } as never
    expect((await failure(Array.fromAsync(inputsOfSearch(store().read, world.app, mine)))).code).toBe(40002)
  })

  it('finds what a view of the grid shows, also when it is saved, renamed and given to a task', async () => {
    await world.ann.post(aBox('i1'), aBox('i1'), aBox('i2'))
    const view = (json: object): SentFilter => ({ input: { data: { metadata: { marquee: { view: json } } } } }) as never
    const many = view({ query: { regions: { min: 2 } } })
    expect(await inputs([many])).toEqual(['i1'])
    expect(await inputs([view({ labelled: 'LABELLED_NO' })])).toEqual(['i3'])
    expect(await inputs([view({ text: 'I2' })])).toEqual(['i2'])
    expect(await inputs([view({ query: { authorId: 'ann' } }), { ...many, negate: true }])).toEqual(['i2'])
    expect(await inputs([view({ labelled: 'LABELLED_YES' }), concept('car')])).toEqual(['i1', 'i2'])
    const path = 'searches[0].query.filters[0].input.data.metadata'
    const refusal = async (filter: SentFilter, run = runInputs) =>
      (await failure(run({ query: { filters: [filter] } }))).details
    expect(await refusal(view({ regions: 2 }))).toContain(`${path}.marquee.view: `)
    expect(await refusal(view({ query: { regions: { min: 3, max: 2 } } }))).toContain('query.regions: min 3')
    expect(await refusal(many, runAnnotations)).toContain('finds inputs')
    expect(await refusal({ input: { data: { metadata: { color: 'red' } } } } as never)).toContain(`${path}: cannot be`)

    await runInputs({ id: 'many', name: 'Many', save: true, query: { filters: [many] } })
    const patch = (search: SentSearch, who = 'owner') =>
      searchMethods.patchSearches(
        create(PatchSearchesRequestSchema, { userAppId, action: 'overwrite', searches: [search] }),
        call(who),
        world.deps,
      )
    expect((await patch({ id: 'many', name: 'Busy' })).searches).toMatchObject([{ id: 'many', name: 'Busy' }])
    expect((await Array.fromAsync(inputsOfSavedSearch(store().read, world.app, 'many'))).flat()).toEqual(['i1'])
    await patch({ id: 'many', query: { filters: [view({ query: { regions: { max: 0 } } })] } })
    expect((await Array.fromAsync(inputsOfSavedSearch(store().read, world.app, 'many'))).flat()).toEqual(['i3'])
    expect((await failure(patch({ id: 'none', name: 'x' }))).details).toContain('searches[0].id: the app has no')
    expect((await failure(patch({ id: 'many', name: 'x' }, 'ann'))).details).toMatch(
      /missing scopes: .*SavedSearch_Add$/,
    )
  })
})
