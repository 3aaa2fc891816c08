import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import * as api from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { failure } from '#proxy/service/annotations/annotationTesting.ts'
import type { Caller } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { demo, invalidRequest, invite, notThere, tooFewScopes, world } from '#proxy/service/people/peopleTesting.ts'
import { callBy, testDeps } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { conceptMethods } from './concepts.ts'

eachDialect('concepts', (store) => {
  const post = (deps: Deps, concepts: object[], by = 'owner', caller: Partial<Caller> = {}) =>
    conceptMethods.postConcepts(
      create(api.PostConceptsRequestSchema, { userAppId: demo, concepts }),
      callBy(by, caller),
      deps,
    )
  const list = async (deps: Deps, request: object = {}) =>
    (
      await conceptMethods.listConcepts(
        create(api.ListConceptsRequestSchema, { userAppId: demo, ...request }),
        callBy('owner'),
        deps,
      )
    ).concepts
  const patch = (deps: Deps, concepts: object[], action = 'merge') =>
    conceptMethods.patchConcepts(
      create(api.PatchConceptsRequestSchema, { userAppId: demo, concepts, action }),
      callBy('owner'),
      deps,
    )

  it('are named after their id, keep what is said of them, and are listed in order', async () => {
    const deps = await world(testDeps(store()))
    await post(deps, [
      { id: 'boat' },
      { id: 'house cat', name: 'House cat', metadata: { marquee: { color: '#123456' } } },
    ])
    await post(deps, [{ id: 'Größe 10 %' }])
    expect(await list(deps)).toMatchObject([
      { id: 'boat', name: 'boat', value: 1, appId: 'demo' },
      { id: 'house cat', name: 'House cat', metadata: { marquee: { color: '#123456' } } },
      { id: 'Größe 10 %' },
    ])
    expect((await list(deps, { id: 'CAT' })).map(({ id }) => id)).toEqual(['house cat'])
    expect((await list(deps, { id: '%' })).map(({ id }) => id)).toEqual(['Größe 10 %'])
    expect((await list(deps, { perPage: 1, page: 2 })).map(({ id }) => id)).toEqual(['house cat'])
    expect(await list(deps, { page: 5 })).toEqual([])
  })

  it('are refused together: twice the same, one that is there, none, too many, a bad id', async () => {
    const deps = await world(testDeps(store()))
    await post(deps, [{ id: 'boat' }])
    const duplicate = { code: StatusCode.CONCEPTS_INVALID_REQUEST, details: expect.stringContaining('duplicate') }
    expect(await failure(post(deps, [{ id: 'new' }, { id: 'boat' }]))).toMatchObject(duplicate)
    expect(await failure(post(deps, [{ id: 'new' }, { id: 'new' }]))).toMatchObject(duplicate)
    for (const id of ['a/b', ' x', '\u0007', 'ü'.repeat(65)])
      expect(await failure(post(deps, [{ id }]))).toMatchObject({ code: StatusCode.CONCEPTS_INVALID_REQUEST })
    expect(await failure(post(deps, [{}]))).toMatchObject({ code: StatusCode.CONCEPTS_INVALID_REQUEST })
    expect(await failure(post(deps, []))).toMatchObject(invalidRequest)
    const many = Array.from({ length: 129 }, (_, i) => ({ id: `c${i}` }))
    expect(await failure(post(deps, many))).toMatchObject(invalidRequest)
    expect((await list(deps)).map(({ id }) => id)).toEqual(['boat'])
    await post(deps, many.slice(1))
    expect(await list(deps, { perPage: 1000 })).toHaveLength(129)
  })

  it('need the scope to be made', async () => {
    const deps = await world(testDeps(store()))
    await invite(deps, 'owner', 'ana', ['Apps_Get', 'Concepts_Get'])
    expect(await failure(post(deps, [{ id: 'x' }], 'ana'))).toMatchObject(tooFewScopes)
    expect(await failure(post(deps, [{ id: 'x' }], 'stranger'))).toMatchObject(notThere)
  })

  it('are renamed and recoloured; an unknown one changes nothing', async () => {
    const deps = await world(testDeps(store()))
    await post(deps, [{ id: 'boat', metadata: { marquee: { color: 'red', hotkey: 1 } } }])
    await patch(deps, [{ id: 'boat', name: 'Boat', metadata: { marquee: { color: 'blue' } } }])
    const get = async () =>
      (
        await conceptMethods.getConcept(
          create(api.GetConceptRequestSchema, { userAppId: demo, conceptId: 'boat' }),
          callBy('owner'),
          deps,
        )
      ).concept
    expect(await get()).toMatchObject({ name: 'Boat', metadata: { marquee: { color: 'blue', hotkey: 1 } } })
    await patch(deps, [{ id: 'boat', metadata: { marquee: { color: 'green' } } }], 'overwrite')
    expect(await get()).toMatchObject({ name: 'Boat', metadata: { marquee: { color: 'green' } } })
    expect(await failure(patch(deps, [{ id: 'boat', name: 'X' }, { id: 'nothing' }]))).toMatchObject(notThere)
    expect(await failure(patch(deps, [{ id: 'boat' }], 'paint'))).toMatchObject(invalidRequest)
    expect(await get()).toMatchObject({ name: 'Boat' })
  })

  it('leave a line of history for every write', async () => {
    const deps = await world(testDeps(store()))
    await post(deps, [{ id: 'boat' }])
    await patch(deps, [{ id: 'boat', name: 'Boat' }])
    const lines = await deps.store.read
      .selectFrom('history')
      .selectAll()
      .where('kind', '=', 'concept')
      .orderBy('rev')
      .execute()
    expect(lines.map(({ rev, user_id, before }) => [Number(rev), user_id, before === null])).toEqual([
      [1, 'owner', true],
      [2, 'owner', false],
    ])
  })
})
