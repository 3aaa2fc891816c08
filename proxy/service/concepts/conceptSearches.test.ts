import { create } from '@bufbuild/protobuf'
import { beforeEach, expect, it } from 'vitest'
import {
  GetConceptCountsRequestSchema,
  PostConceptsRequestSchema,
  PostConceptsSearchesRequestSchema,
  PostModelsRequestSchema,
  PostWorkflowsRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { aBox, aTag, Client, failure } from '#proxy/service/annotations/annotationTesting.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { modelMethods } from '#proxy/service/models/models.ts'
import { addApp, addCollaborator, addInput, addUser, callBy, testDeps } from '#proxy/service/testing.ts'
import { workflowMethods } from '#proxy/service/workflows/workflows.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { conceptSearchMethods } from './conceptSearches.ts'
import { conceptMethods } from './concepts.ts'

const userAppId = { userId: 'owner', appId: 'demo' }

eachDialect('PostConceptsSearches and GetConceptCounts', (store) => {
  let deps: Deps
  beforeEach(async () => {
    deps = testDeps(store())
    for (const id of ['owner', 'annotator']) await addUser(store(), id)
    const app = await addApp(store(), 'owner', 'demo')
    await addCollaborator(store(), app, 'annotator', ['Apps_Get', 'Concepts_Get', 'Models_Get', 'Workflows_Get'])
    for (const [place, id] of ['one', 'two', 'three'].entries()) await addInput(store(), app, id, place)
    const concepts = [
      { id: 'c1', name: 'Racing car' },
      { id: 'c2', name: 'cart' },
      { id: 'c3', name: 'Car' },
      { id: 'c4', name: '100% car_t' },
      { id: 'c5', name: '車', language: 'ja' },
    ]
    await conceptMethods.postConcepts(create(PostConceptsRequestSchema, { userAppId, concepts }), callBy('owner'), deps)
  })

  const found = async (conceptQuery: object, more: object = {}): Promise<string[]> => {
    const asked = create(PostConceptsSearchesRequestSchema, { userAppId, conceptQuery, ...more })
    return (await conceptSearchMethods.postConceptsSearches(asked, callBy('annotator'), deps)).concepts.map(
      ({ name }) => name,
    )
  }

  it('finds what holds the typed part in any case, the best first', async () => {
    expect(await found({ name: 'CAR' })).toEqual(['Car', 'cart', '100% car_t', 'Racing car'])
    expect(await found({ name: '車' })).toEqual(['車'])
    expect(await found({ name: 'lorry' })).toEqual([])
    expect(await found({})).toHaveLength(5)
  })

  it('takes % and _ as they are, and * for anything', async () => {
    expect(await found({ name: '%' })).toEqual(['100% car_t'])
    expect(await found({ name: 'car_' })).toEqual(['100% car_t'])
    expect(await found({ name: 'car*' })).toEqual(['Car', 'cart'])
    expect(await found({ name: '*car' })).toEqual(['Car', 'Racing car'])
  })

  it('looks in one language when asked, and turns pages', async () => {
    expect(await found({ language: 'ja' })).toEqual(['車'])
    expect(await found({ name: 'car', language: 'ja' })).toEqual([])
    expect(await found({ name: 'car' }, { pagination: { page: 2, perPage: 3 } })).toEqual(['Racing car'])
  })

  const withModels = async () => {
    const known = (...names: string[]) => ({
      data: { concepts: names.map((name) => ({ id: name.toLowerCase(), name })) },
    })
    const models = [
      { id: 'cars', modelVersion: { outputInfo: known('Car seat', 'Truck', 'C2') } },
      { id: 'boats', modelVersion: { outputInfo: known('Boat', 'Car ferry') } },
    ]
    for (const model of models)
      await modelMethods.postModels(
        create(PostModelsRequestSchema, { userAppId, models: [model] }),
        callBy('owner'),
        deps,
      )
    const nodes = models.map(({ id }) => ({ id, model: { id } }))
    const workflows = [{ id: 'all', nodes: [nodes[0]!, { ...nodes[1]!, outputInfoOverride: known('Carrier') }] }]
    await workflowMethods.postWorkflows(
      create(PostWorkflowsRequestSchema, { userAppId, workflows }),
      callBy('owner'),
      deps,
    )
  }
  const model = (id: string, versionId = '') => ({
    source: { case: 'model', value: { id, modelVersion: { id: versionId } } },
  })

  it('adds what a model or a workflow knows, or looks there alone', async () => {
    await withModels()
    expect(await found({ name: 'car', ...model('cars') })).toEqual([
      'Car',
      'Car seat',
      'cart',
      '100% car_t',
      'Racing car',
    ])
    expect(await found({ name: 'car', ...model('cars'), ignoreAppConcepts: true })).toEqual(['Car seat'])
    expect(await found({ ...model('boats'), ignoreAppConcepts: true })).toEqual(['Boat', 'Car ferry'])
    const all = { case: 'workflow', value: { id: 'all' } }
    expect(await found({ name: 'c*r*', source: all, ignoreAppConcepts: true })).toEqual(['Car seat', 'Carrier'])
    expect(await found({ name: 'c*', workflowId: 'all', ignoreAppConcepts: true })).toEqual([
      'C2',
      'Car seat',
      'Carrier',
    ])
    // the app's own c2 is another concept of that id
    expect(await found({ name: 'c', ...model('cars') })).not.toContain('C2')
  })

  it('says which model or workflow is not there, and what it does not search', async () => {
    await withModels()
    const of = (query: object) => failure(found(query))
    expect(await of(model('none'))).toMatchObject({ code: StatusCode.MODEL_DOES_NOT_EXIST })
    expect((await of(model('cars', 'v9'))).details).toContain('concept_query.model.model_version.id')
    expect((await of({ workflowId: 'none' })).details).toContain('concept_query.workflow_id')
    expect(await of({ useCases: [1] })).toMatchObject({ code: StatusCode.NOT_IMPLEMENTED })
  })

  it('counts inputs and not annotations, what is there and what is not, of people only', async () => {
    const owner = new Client(deps, 'owner')
    await owner.post(
      aTag('one', 'c1'),
      aBox('one', '', ['c1']),
      aTag('two', 'c1'),
      { inputId: 'three', data: { concepts: [{ id: 'c1', value: 0 }] } },
      {
        ...aTag('three', 'c2'),
        worker: { worker: { case: 'model', value: { id: 'detector', modelVersion: { id: 'v1' } } } },
      },
    )
    const counts = async (by: string, more: object = {}) =>
      conceptSearchMethods.getConceptCounts(
        create(GetConceptCountsRequestSchema, { userAppId, ...more }),
        callBy(by),
        deps,
      )
    const { conceptCounts } = await counts('owner')
    expect(conceptCounts.map(({ id, name, conceptTypeCount: c }) => [id, name, c?.positive, c?.negative])).toEqual([
      ['c1', 'Racing car', 2, 1],
      ['c2', 'cart', 0, 0],
      ['c3', 'Car', 0, 0],
      ['c4', '100% car_t', 0, 0],
      ['c5', '車', 0, 0],
    ])
    expect(conceptCounts[0]?.detailConceptCount).toMatchObject({
      processed: { positive: 2, negative: 1 },
      errors: { positive: 0, negative: 0 },
    })
    expect((await counts('owner', { page: 2, perPage: 2 })).conceptCounts.map(({ id }) => id)).toEqual(['c3', 'c4'])
    await owner.deleteMany(['two'])
    expect((await counts('owner')).conceptCounts[0]?.conceptTypeCount).toMatchObject({ positive: 1, negative: 1 })
    expect(await failure(counts('annotator'))).toMatchObject({ code: StatusCode.CONN_INSUFFICIENT_SCOPES })
  })
})
