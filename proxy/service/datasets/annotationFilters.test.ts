import { create } from '@bufbuild/protobuf'
import { beforeEach, expect, it } from 'vitest'
import {
  DeleteAnnotationFiltersRequestSchema,
  GetAnnotationFilterRequestSchema,
  ListAnnotationFiltersRequestSchema,
  ListAnnotationWorkersRequestSchema,
  PatchAnnotationFiltersRequestSchema,
  PostAnnotationFiltersRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { aTag, aWorld, failure, type World } from '#proxy/service/annotations/annotationTesting.ts'
import { annotationWorkerMethods } from '#proxy/service/annotations/annotationWorkers.ts'
import { callBy } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { annotationFilterMethods as methods } from './annotationFilters.ts'

const userAppId = { userId: 'owner', appId: 'demo' }
const search = (id: string) => ({ query: { filters: [{ annotation: { data: { concepts: [{ id, value: 1 }] } } }] } })

eachDialect('annotation filters', (store) => {
  let world: World
  beforeEach(async () => {
    world = await aWorld(store())
  })
  const call = callBy('owner')
  const post = (...annotationFilters: object[]) =>
    methods.postAnnotationFilters(
      create(PostAnnotationFiltersRequestSchema, { userAppId, annotationFilters: annotationFilters as never }),
      call,
      world.deps,
    )
  const patch = (action: string, ...annotationFilters: object[]) =>
    methods.patchAnnotationFilters(
      create(PatchAnnotationFiltersRequestSchema, { userAppId, action, annotationFilters: annotationFilters as never }),
      call,
      world.deps,
    )
  const remove = (...annotationFilterIds: string[]) =>
    methods.deleteAnnotationFilters(
      create(DeleteAnnotationFiltersRequestSchema, { userAppId, annotationFilterIds }),
      call,
      world.deps,
    )
  const get = (annotationFilterId: string) =>
    methods.getAnnotationFilter(
      create(GetAnnotationFilterRequestSchema, { userAppId, annotationFilterId }),
      call,
      world.deps,
    )
  const ids = async () =>
    (
      await methods.listAnnotationFilters(create(ListAnnotationFiltersRequestSchema, { userAppId }), call, world.deps)
    ).annotationFilters.map(({ id }) => id)

  it('are posted, listed, got, overwritten and deleted', async () => {
    const posted = await post({ id: 'dogs', search: search('dog') }, { search: search('cat') })
    expect(posted.annotationFilters[0]).toMatchObject({ id: 'dogs', userId: 'owner', appId: 'demo' })
    expect(await ids()).toEqual(posted.annotationFilters.map(({ id }) => id))
    await patch('overwrite', { id: 'dogs', search: search('wolf') })
    const { annotationFilter } = await get('dogs')
    expect(annotationFilter?.search?.query?.filters[0]?.annotation?.data?.concepts[0]?.id).toBe('wolf')
    await remove('dogs')
    expect(await ids()).toEqual([posted.annotationFilters[1]?.id])
    expect((await failure(get('dogs'))).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
  })

  it('are refused whole when one of them is wrong', async () => {
    await post({ id: 'dogs', search: search('dog') })
    const cases: [Promise<unknown>, number, string][] = [
      [post({ id: 'a', search: search('x') }, { id: 'dogs', search: search('x') }), 40010, 'annotation_filters[1].id'],
      [post({ id: 'a', search: search('x') }, { id: 'a', search: search('x') }), 11102, 'annotation_filters[1].id'],
      [post({ id: 'a' }), 40002, 'annotation_filters[0].search'],
      [post({ id: 'a', search: { id: 'none' } }), 11101, 'annotation_filters[0].search.id'],
      [
        post({ id: 'a', search: { query: { filters: [{ negate: true }] } } }),
        40002,
        'annotation_filters[0].search.query.filters[0].negate',
      ],
      [patch('merge', { id: 'dogs', search: search('x') }), 11102, 'action'],
      [patch('overwrite', { id: 'none', search: search('x') }), 11101, 'annotation_filters[0].id'],
      [remove('dogs', 'none'), 11101, 'annotation_filter_ids[1]'],
      [remove(), 11102, 'annotation_filter_ids'],
    ]
    for (const [wrong, code, field] of cases) {
      const refusal = await failure(wrong)
      expect([refusal.code, refusal.details.split(': ')[0]]).toEqual([code, field])
    }
    expect(await ids()).toEqual(['dogs'])
  })

  it('workers: users, then models, then workflows, page by page', async () => {
    const model = { worker: { case: 'model', value: { id: 'm', modelVersion: { id: 'v1' } } } } as const
    const flow = { worker: { case: 'workflow', value: { id: 'w', version: { id: 'w1' } } } } as const
    await world.ann.posted(aTag('i1', 'dog'))
    await world.ann.posted(aTag('i2', 'dog'))
    await world.ben.posted({ ...aTag('i2', 'dog'), id: 'gone' })
    await world.ben.posted(aTag('i2', 'dog'))
    await world.ben.delete('i2', 'gone')
    await world.owner.posted({ ...aTag('i1', 'dog'), worker: model })
    await world.owner.posted({ ...aTag('i1', 'dog'), worker: flow })
    const list = async (more: object = {}) =>
      (
        await annotationWorkerMethods.listAnnotationWorkers(
          create(ListAnnotationWorkersRequestSchema, { userAppId, ...more }),
          call,
          world.deps,
        )
      ).workers
    const named = async (more: object = {}) => (await list(more)).map(({ worker }) => worker.value?.id)
    expect(await named()).toEqual(['ann', 'ben', 'm', 'w'])
    expect(await named({ trustedOnly: true })).toEqual(['ann', 'ben'])
    expect(await named({ page: 2, perPage: 3 })).toEqual(['w'])
    expect((await list())[0]?.worker.value).toMatchObject({ firstName: '' })
    expect((await list({ additionalFields: ['names'] }))[0]?.worker.value).toMatchObject({ firstName: 'ANN' })
    expect((await list())[2]?.worker.value).toMatchObject({ modelVersion: { id: 'v1' } })
    expect((await failure(list({ additionalFields: ['age'] }))).details).toMatch(/^additional_fields: /)
  })
})
