import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type ApiClient, grpcOfficial, rest } from './clients.ts'
import { Bench, box, concept, startEmbedded, type Target } from './target.ts'

/** Searches and what they are saved in, from the outside; the number is the row in the table of the API's capabilities. */
let target: Target
beforeAll(async () => {
  target = await startEmbedded()
}, 60_000)
afterAll(() => target.stop())

const clients: [string, () => ApiClient][] = [
  ['gRPC', () => grpcOfficial(target.port)],
  ['REST', () => rest(target.url)],
]

interface Hit {
  score: number
  input: { id: string }
  annotation: { id: string } | null
}
const hits = (answer: Answer): Hit[] => answer.hits as unknown as Hit[]
const withConcept = (id: string, value = 1) => ({ annotation: { data: { concepts: [concept(id, value)] } } })

describe.each(clients)('searches over %s', (_, connect) => {
  let bench: Bench
  let client: ApiClient
  let first = ''
  let second = ''
  const search = (method: string, filters: object[], more = {}) =>
    bench.ok(method, { searches: [{ query: { filters } }], ...more } as never)

  beforeAll(async () => {
    client = connect()
    bench = await Bench.make(target, client)
    ;[first = '', second = ''] = await bench.inputs(2)
  })
  afterAll(() => client.close())

  it('row 6: what was just posted is found, of annotations and of inputs', async () => {
    const region = { region_info: box(0, 0, 0.5, 0.5), data: { concepts: [concept('tree')] } }
    const [tag, tree] = await bench.post([
      { input_id: first, data: { concepts: [concept('tree'), concept('water', 0)] } },
      { input_id: second, data: { regions: [region] } },
    ])
    const found = hits(await search('PostAnnotationsSearches', [withConcept('tree')]))
    expect(found.map(({ score, input, annotation }) => [score, input.id, annotation?.id])).toEqual([
      [1, first, tag?.id],
      [1, second, tree?.id],
    ])
    expect(hits(await search('PostInputsSearches', [withConcept('tree')])).map(({ input }) => input.id)).toEqual([
      first,
      second,
    ])
    expect(hits(await search('PostInputsSearches', [withConcept('water', 0)])).map(({ input }) => input.id)).toEqual([
      first,
    ])
    expect(hits(await search('PostInputsSearches', [withConcept('water')]))).toEqual([])
    await bench.ok('DeleteAnnotation', { input_id: second, annotation_id: tree?.id ?? '' })
    expect(hits(await search('PostInputsSearches', [withConcept('tree')])).map(({ input }) => input.id)).toEqual([
      first,
    ])
  })

  it('a box by its presence, counts, and the end of paging', async () => {
    const boxes = { annotation: { data: { regions: [{ region_info: { bounding_box: {} } }] } } }
    expect(hits(await search('PostAnnotationsSearches', [boxes]))).toEqual([])
    const counted = await search('PostInputsSearches', [], { only_count: true })
    expect(counted.hit_counts).toEqual([{ estimated_total: '2' }])
    const far = await bench.call('PostInputsSearches', { searches: [{}], pagination: { page: 999_999, per_page: 128 } })
    expect(far.status.code).toBe(40002)
    expect(far.status.details).toContain('page * perPage cannot exceed')
    const ranked = await bench.call('PostInputsSearches', {
      searches: [{ query: { ranks: [withConcept('tree')] } }],
    })
    expect(ranked.status.code).toBe(40002)
  })

  it('are saved, run by their ids and deleted', async () => {
    await bench.ok('PostInputsSearches', {
      searches: [{ id: 'trees', save: true, query: { filters: [withConcept('tree')] } }],
    })
    expect(hits(await bench.ok('PostSearchesByID', { id: 'trees' })).map(({ input }) => input.id)).toEqual([first])
    const listed = await bench.ok('ListSearches', {})
    expect(listed.searches).toMatchObject([{ id: 'trees' }])
    await bench.ok('DeleteSearch', { id: 'trees' })
    expect((await bench.call('PostSearchesByID', { id: 'trees' })).status.code).toBe(11101)
  })

  it('annotation filters and workers', async () => {
    await bench.ok('PostAnnotationFilters', {
      annotation_filters: [{ id: 'trees', search: { query: { filters: [withConcept('tree')] } } }],
    })
    expect((await bench.ok('ListAnnotationFilters', {})).annotation_filters).toMatchObject([{ id: 'trees' }])
    expect((await bench.ok('ListAnnotationWorkers', {})).workers).toMatchObject([{ user: { id: 'owner' } }])
  })
  it('concepts by part of their names, and on how many inputs they are', async () => {
    await bench.ok('PostConcepts', { concepts: [{ id: 'c-oak', name: 'Oak tree' }] })
    const found = await bench.ok('PostConceptsSearches', { concept_query: { name: 'TREE' } })
    expect(found.concepts).toMatchObject([{ name: 'tree' }, { name: 'Oak tree' }])
    const counted = await bench.ok('GetConceptCounts', {})
    expect(counted.concept_counts).toMatchObject([
      { id: 'tree', concept_type_count: { positive: 1, negative: 0 } },
      { id: 'water', concept_type_count: { positive: 0, negative: 1 } },
      { id: 'c-oak', concept_type_count: { positive: 0, negative: 0 } },
    ])
  })
})
