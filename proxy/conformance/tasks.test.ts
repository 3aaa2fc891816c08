import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Who } from '#e2e/server.ts'
import { type ApiClient, grpcOfficial, rest } from './clients.ts'
import { Bench, box, concept, startEmbedded, type Target } from './target.ts'

/** Tasks as scripts meet them (api.md §§2.6, 5): made, worked on, reviewed, counted, changed, deleted. */
let target: Target
beforeAll(async () => {
  target = await startEmbedded()
}, 60_000)
afterAll(() => target.stop())

const clients: [string, () => ApiClient][] = [
  ['gRPC', () => grpcOfficial(target.port)],
  ['REST', () => rest(target.url)],
]

interface Assignment {
  readonly id: string
  readonly input: { readonly id: string; readonly data?: { readonly image?: { readonly url: string } } }
  readonly worker: { readonly user: { readonly id: string } }
  readonly status: { readonly code: number; readonly details: string }
}
interface TaskSeen {
  readonly id: string
  readonly name: string
  readonly status: { readonly code: number; readonly details: string }
  readonly worker: { readonly user_ids: string[]; readonly workers: { readonly user: { readonly id: string } }[] }
}

const LABEL_START = 1
const LABEL_SUBMIT = 2
const REVIEW_START = 10
const REVIEW_APPROVE = 11
const REVIEW_REQUEST_CHANGES = 12
const REVIEW_REJECT = 13

describe.each(clients)('tasks over %s', (protocol, connect) => {
  let bench: Bench
  let client: ApiClient
  let inputs: string[]

  beforeAll(async () => {
    client = connect()
    bench = await Bench.make(target, client)
    const { collaborators } = (await bench.ok('ListCollaborators', {})) as unknown as {
      collaborators: { id: string; scopes: string[] }[]
    }
    const more = ['Tasks_Get', 'Datasets_Get', 'SavedSearch_Get']
    await bench.ok('PatchCollaborators', {
      action: 'merge',
      collaborators: collaborators.map(({ id, scopes }) => ({ id, scopes: [...scopes, ...more] })),
    })
    inputs = await bench.inputs(12)
  }, 30_000)
  afterAll(() => client.close())

  const users = (...ids: string[]): JsonObject[] => ids.map((id) => ({ user: { id } }))
  const task = async (worker: JsonObject, review: JsonObject = { strategy: 1 }, more: JsonObject = {}) => {
    const tasks = [{ name: 'cars', type: 2, input_source: { type: 1 }, worker, review, ...more }]
    return (await bench.ok('PostTasks', { tasks })).tasks as unknown as TaskSeen[]
  }
  const put = async (task_id: string, who: Who, action: number, config: JsonObject = {}) => {
    const answer = await bench.call('PutTaskAssignments', { task_id, action, ...config }, who)
    return { code: answer.status.code, items: answer.task_assignments as unknown as Assignment[] }
  }
  const named = (...items: (Assignment | undefined)[]) => items.map((item) => ({ id: item?.id ?? '' }))
  const submit = (task_id: string, who: Who, ...items: (Assignment | undefined)[]) =>
    put(task_id, who, LABEL_SUBMIT, { label_submit_config: { task_assignments: named(...items) } })
  const codes = (items: readonly Assignment[]) => items.map(({ status }) => status.code)
  const draw = async (task_id: string, who: Who, item: Assignment | undefined, id = 'car') => {
    const region = { region_info: box(0.1, 0.1, 0.5, 0.5), data: { concepts: [concept(id)] } }
    const [made] = await bench.post([{ input_id: item?.input.id ?? '', task_id, data: { regions: [region] } }], who)
    return made!
  }
  const state = async (input_id: string, id: string) => (await bench.get(input_id, id)).status.code

  it('PostTasks, GetTask, ListTasks: old fields and new, people by name on request', async () => {
    const worker = { strategy: 3, user_ids: ['annotator', 'annotator-2'] }
    const [made] = await task(worker, { strategy: 2, user_ids: ['reviewer'] }, { concept_ids: ['car'], priority: 3 })
    expect(made).toMatchObject({
      status: { code: 54001 },
      app_id: bench.app,
      user_id: 'owner',
      priority: 3,
      concept_ids: ['car'],
      concepts: [{ concept: { id: 'car' } }],
      worker: { strategy: 3, user_ids: ['annotator', 'annotator-2'], workers: users('annotator', 'annotator-2') },
      review: { strategy: 2, user_ids: ['reviewer'], users: [{ id: 'reviewer' }] },
    })
    const got = await bench.ok('GetTask', { task_id: made?.id ?? '', additional_fields: ['all'] }, 'annotator')
    expect(got.task).toMatchObject({ metrics: { input_source: { inputs_count_estimated: '12' } } })
    const mine = await bench.ok('ListTasks', { worker_user_ids: ['annotator-2'] }, 'annotator-2')
    expect((mine.tasks as unknown as TaskSeen[]).map(({ id }) => id)).toContain(made?.id)
    expect((await bench.ok('ListTasks', { review_user_ids: ['annotator'] })).tasks).toEqual([])
    expect((await bench.call('GetTask', { task_id: 'nope' })).status.code).toBe(54102)
  })

  it('PARTITIONED: by weight, two people an input, nobody twice on the same', async () => {
    const weights = { annotator: 50, 'annotator-2': 25, reviewer: 25 }
    const people = { strategy: 2, workers: users('annotator', 'annotator-2', 'reviewer') }
    const [made] = await task({ ...people, partitioned_strategy_info: { type: 2, workers_per_input: 2, weights } })
    const { counts } = await bench.ok('GetTaskInputCount', { task_id: made?.id ?? '' })
    expect(counts).toMatchObject([
      { user_id: 'annotator', pending: 12, success: 0 },
      { user_id: 'annotator-2', pending: 6 },
      { user_id: 'reviewer', pending: 6 },
    ])
    const heavy = { annotator: 51, 'annotator-2': 25, reviewer: 24 }
    const refused = await bench.call('PostTasks', {
      tasks: [
        {
          input_source: { type: 1 },
          worker: { ...people, partitioned_strategy_info: { type: 2, workers_per_input: 2, weights: heavy } },
        },
      ],
    })
    expect(refused.status.code).toBe(10020)
    const [item] = refused.tasks as unknown as TaskSeen[]
    expect(item?.status).toMatchObject({
      code: 11102,
      details: expect.stringContaining('tasks[0].worker.partitioned_strategy_info.weights.annotator'),
    })
  })

  it('FULL without review: LABEL_START, LABEL_SUBMIT and the annotations with it, repeatable', async () => {
    const [made] = await task({ strategy: 3, workers: users('annotator') })
    const id = made?.id ?? ''
    const { items } = await put(id, 'annotator', LABEL_START)
    expect(items).toHaveLength(10)
    expect(items[0]).toMatchObject({ input: { id: inputs[0] }, worker: users('annotator')[0], status: { code: 54201 } })
    expect(items[0]?.input.data?.image?.url).toContain('http')
    expect((await put(id, 'annotator', LABEL_START)).items.map((item) => item.id)).toEqual(items.map((item) => item.id))
    const drawn = await draw(id, 'annotator', items[0])
    expect(drawn.status.code).toBe(24151)
    for (let twice = 0; twice < 2; twice++)
      expect(codes((await submit(id, 'annotator', items[0])).items)).toEqual([54200])
    expect(await state(drawn.input_id, drawn.id)).toBe(24150)
    const next = await bench.ok('ListNextTaskAssignments', { task_id: id }, 'annotator')
    expect((next.inputs as unknown as { id: string }[])[0]?.id).toBe(inputs[1])
    const old = await bench.ok('PutTaskAssignments', { task_id: id, input_id: inputs[1] ?? '' }, 'annotator')
    expect(codes(old.task_assignments as unknown as Assignment[])).toEqual([54200])
    for (const who of ['annotator-2', 'owner'] as const) expect((await put(id, who, LABEL_START)).code).toBe(54103)
  })

  it('DYNAMIC: each input to one person', async () => {
    const [made] = await task({ strategy: 4, workers: users('annotator', 'annotator-2') })
    const first = await put(made?.id ?? '', 'annotator', LABEL_START)
    const second = await put(made?.id ?? '', 'annotator-2', LABEL_START)
    // half of the twelve, then half of what is left: neither has all of a short queue
    expect([first.items.length, second.items.length]).toEqual([6, 3])
    expect([...first.items, ...second.items].map(({ input }) => input.id)).toEqual(inputs.slice(0, 9))
  })

  it('MANUAL: approve, request changes, reject; the second verdict hears of the first', async () => {
    const [made] = await task(
      { strategy: 3, workers: users('annotator') },
      { strategy: 2, users: [{ id: 'reviewer' }] },
    )
    const id = made?.id ?? ''
    const { items } = await put(id, 'annotator', LABEL_START)
    const drawn = [await draw(id, 'annotator', items[0]), await draw(id, 'annotator', items[1])]
    drawn.push(await draw(id, 'annotator', items[2]))
    expect(codes((await submit(id, 'annotator', ...items.slice(0, 3))).items)).toEqual([54202, 54202, 54202])
    expect((await put(id, 'annotator', REVIEW_START)).code).toBe(54103)
    const opened = await put(id, 'reviewer', REVIEW_START, { review_start_config: { workers: users('annotator') } })
    expect(opened.items.map((item) => item.id)).toEqual(items.slice(0, 3).map((item) => item.id))
    const say = (who: Who, action: number, config: string, item: Assignment | undefined) =>
      put(id, who, action, { [config]: { task_assignments: named(item) } })
    expect(codes((await say('reviewer', REVIEW_APPROVE, 'review_approve_config', items[0])).items)).toEqual([54200])
    const back = await say('reviewer', REVIEW_REQUEST_CHANGES, 'review_request_changes_config', items[1])
    expect(codes(back.items)).toEqual([54201])
    expect(codes((await say('reviewer', REVIEW_REJECT, 'review_reject_config', items[2])).items)).toEqual([54204])
    const states = await Promise.all(drawn.map((one) => state(one.input_id, one.id)))
    expect(states).toEqual([24150, 24151, 24158])
    const late = await say('owner', REVIEW_REJECT, 'review_reject_config', items[0])
    expect(late).toMatchObject({ code: 10020, items: [{ status: { code: 54100 } }] })
    expect(late.items[0]?.status.details).toContain('approved by "reviewer"')
    const { counts } = await bench.ok('GetTaskAnnotationCount', { task_id: id, user_ids: ['annotator'] })
    expect(counts).toMatchObject([
      { user_id: 'annotator', success: 1, pending: 1, review_denied: 1, awaiting_review: 0 },
    ])
  })

  it('CONSENSUS: hidden until one’s own submit, approved where labelers agree, else to reviewers', async () => {
    const review = { strategy: 3, users: [{ id: 'reviewer' }], consensus_strategy_info: { approval_threshold: 2 } }
    const [made] = await task({ strategy: 3, workers: users('annotator', 'annotator-2') }, review)
    const id = made?.id ?? ''
    const mine = (await put(id, 'annotator', LABEL_START)).items
    const theirs = (await put(id, 'annotator-2', LABEL_START)).items
    const first = await draw(id, 'annotator', mine[0])
    await draw(id, 'annotator-2', theirs[0])
    const seen = async (who: Who) => (await bench.list({ task_id: id, input_ids: [first.input_id] }, who)).length
    expect([await seen('annotator'), await seen('annotator-2'), await seen('reviewer')]).toEqual([1, 1, 2])
    expect(codes((await submit(id, 'annotator', mine[0])).items)).toEqual([54203])
    expect([await seen('annotator'), await seen('annotator-2')]).toEqual([2, 1])
    expect(codes((await submit(id, 'annotator-2', theirs[0])).items)).toEqual([54200])
    expect(await state(first.input_id, first.id)).toBe(24150)
    const other = await draw(id, 'annotator', mine[1])
    await draw(id, 'annotator-2', theirs[1], 'van')
    await submit(id, 'annotator', mine[1])
    expect(codes((await submit(id, 'annotator-2', theirs[1])).items)).toEqual([54202])
    expect(await state(other.input_id, other.id)).toBe(24157)
    const verdict = { task_id: id, action: 'overwrite', user_ids: ['annotator'], status_code: 24150 }
    const patched = await bench.ok('PatchAnnotationsStatus', verdict, 'reviewer')
    expect(patched).toMatchObject({ user_ids: ['annotator'], updated_count: 1 })
    expect(await state(other.input_id, other.id)).toBe(24150)
  })

  it('PatchTasks and DeleteTasks: people changed by the owner, the status by merge', async () => {
    const [made] = await task({ strategy: 3, workers: users('annotator') })
    const id = made?.id ?? ''
    const { items } = await put(id, 'annotator', LABEL_START)
    await submit(id, 'annotator', items[0])
    const change = { id, name: 'vans', worker: { strategy: 3, workers: users('annotator-2') } }
    expect((await bench.call('PatchTasks', { action: 'overwrite', tasks: [change] }, 'annotator')).status.code).toBe(
      11007,
    )
    const changed = await bench.ok('PatchTasks', { action: 'overwrite', tasks: [change] })
    expect((changed.tasks as unknown as TaskSeen[])[0]).toMatchObject({
      name: 'vans',
      worker: { user_ids: ['annotator-2'] },
    })
    const { counts } = await bench.ok('GetTaskInputCount', { task_id: id })
    expect(counts).toMatchObject([
      { user_id: 'annotator-2', pending: 12 },
      { user_id: 'annotator', pending: 0, success: 1 },
    ])
    await bench.ok('PatchTasks', { action: 'merge', tasks: [{ id, status: { code: 54002 } }] })
    expect((await put(id, 'annotator-2', LABEL_START)).code).toBe(54100)
    await bench.ok('DeleteTasks', { ids: [id] })
    expect((await bench.call('GetTask', { task_id: id })).status.code).toBe(54102)
  })

  it('takes a saved search, a dataset or one input as its source', async () => {
    await bench.ok('PostDatasets', { datasets: [{ id: 'some' }] })
    const members = inputs.slice(3, 6).map((id) => ({ input: { id } }))
    await bench.ok('PostDatasetInputs', { dataset_id: 'some', dataset_inputs: members })
    const start = async (input_source: JsonObject) => {
      const [made] = await task({ strategy: 3, workers: users('annotator') }, { strategy: 1 }, { input_source })
      return (await put(made?.id ?? '', 'annotator', LABEL_START)).items.map(({ input }) => input.id)
    }
    expect((await start({ type: 3, id: 'some' })).sort()).toEqual(inputs.slice(3, 6).sort())
    await bench.post([{ input_id: inputs[8] ?? '', data: { concepts: [concept('harbour')] } }])
    const query = { filters: [{ annotation: { data: { concepts: [concept('harbour')] } } }] }
    await bench.ok('PostInputsSearches', { searches: [{ id: 'harbours', save: true, query }] })
    expect(await start({ type: 2, id: 'harbours' })).toEqual([inputs[8]])
    // the official Node client's .proto files do not have this type yet, and send none instead
    if (protocol === 'REST') expect(await start({ type: 4, id: inputs[7] ?? '' })).toEqual([inputs[7]])
    const missing = await bench.call('PostTasks', {
      tasks: [{ worker: { strategy: 3, workers: users('annotator') }, input_source: { type: 2, id: 'nope' } }],
    })
    expect((missing.tasks as unknown as TaskSeen[])[0]?.status).toMatchObject({
      code: 11101,
      details: expect.stringContaining('tasks[0].input_source.id'),
    })
  })
})
