import { afterEach, expect, it, vi } from 'vitest'
import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { Deps } from '#proxy/service/deps.ts'
import {
  aBox,
  addModel,
  addPhotos,
  aStatus,
  modelWorld,
  rpc,
  type StubRunner,
  startRunner,
  useModels,
} from '#proxy/service/models/predictTesting.ts'
import { finishJob, takeJob } from '#proxy/service/workflows/jobs.ts'
import { failedJobs, jobCounts, retryJobs } from '#proxy/store/jobs.ts'
import type { Store } from '#proxy/store/open.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { startWorker, type Worker, type WorkerOptions } from './worker.ts'

const runners: StubRunner[] = []
const workers: Worker[] = []
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop(0)
  for (const runner of runners.splice(0)) runner.close()
})

/** A clock that runs, so that leases and pauses end. */
const now = () => Date.now() * 1000
const quick = { pollMs: 5, leaseMs: 60_000, rules: { attempts: 3, firstPauseMs: 1 } }
const work = (deps: Deps, change: Partial<WorkerOptions> = {}): Worker => {
  const worker = startWorker(deps, { ...quick, ...change })
  workers.push(worker)
  return worker
}
const runner = async (answers: Parameters<typeof startRunner>[0]): Promise<StubRunner> => {
  const made = await startRunner(answers)
  runners.push(made)
  return made
}
/** Models `a`, `b` … by these runners, all in the app's default workflow. */
const world = async (store: Store, ...answers: Parameters<typeof startRunner>[0][]) => {
  const deps = await modelWorld(store, { now })
  const stubs = await Promise.all(answers.map(runner))
  const names = ['a', 'b', 'c'].slice(0, stubs.length)
  for (const [i, name] of names.entries()) await addModel(deps, name, stubs[i]!.url)
  await useModels(deps, ...names)
  return { deps, stubs }
}
const settled = (store: Store, state = 'done', count = 1) =>
  vi.waitFor(async () => expect((await jobCounts(store.read)).get(state as 'done') ?? 0).toBe(count), {
    timeout: 40_000,
    interval: 10,
  })
const made = async (deps: Deps, request = {}): Promise<Annotation[]> =>
  (await rpc(deps)('listAnnotations', { listAllAnnotations: true, perPage: 1000, ...request })).annotations.filter(
    ({ worker }) => worker?.worker.case === 'model',
  )
const concepts = (annotations: readonly Annotation[]) =>
  annotations.map(({ data }) => (data?.regions[0]?.data ?? data)?.concepts.map(({ id }) => id).join()).sort()
const jobOf = (store: Store) => store.read.selectFrom('job').selectAll().executeTakeFirstOrThrow()
const gate = () => {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open: () => open(), opened }
}

eachDialect('the worker', (store) => {
  it("writes what the app's models say of a new input, one annotation a region (api.md §1 rows 3, 16)", async () => {
    const { deps } = await world(store(), () => ({
      regions: [aBox('car'), aBox('boat', [0.5, 0.5, 0.9, 0.9])],
      concepts: [{ id: 'street', value: 0.75 }],
    }))
    work(deps)
    await addPhotos(deps, 'i')
    await settled(store())
    const annotations = await made(deps)
    expect(concepts(annotations)).toEqual(['boat', 'car', 'street'])
    const car = annotations.find(({ data }) => data?.regions[0]?.data?.concepts[0]?.id === 'car')!
    expect(car).toMatchObject({
      modelVersionId: 'v-a',
      trusted: false,
      inputLevel: false,
      userId: '',
      worker: { worker: { value: { id: 'a', appId: 'demo', userId: 'owner', modelVersion: { id: 'v-a' } } } },
      data: { regions: [{ id: expect.stringMatching(/^[0-9a-f]{32}$/) }] },
    })
    expect(concepts(await made(deps, { listAllAnnotations: false }))).toEqual([])
    expect(await made(deps, { listAllAnnotations: false, modelVersionIds: ['v-a'] })).toHaveLength(3)
    const { input } = await rpc(deps)('getInput', { inputId: 'i' })
    expect(input?.status?.code).toBe(30000)
    expect((await store().read.selectFrom('input').select('labelled').executeTakeFirstOrThrow()).labelled).toBe(0)
  })

  it('replaces what a model version said before when it runs again; the same regions keep their ids', async () => {
    const boxes = [
      [aBox('car'), aBox('boat', [0.5, 0.5, 0.9, 0.9])],
      [aBox('car'), aBox('bird', [0, 0, 0.1, 0.1])],
    ]
    const { deps } = await world(store(), (_, nth) => ({ regions: boxes[nth - 1] }))
    work(deps)
    await addPhotos(deps, 'i')
    await settled(store())
    const idOf = async (concept: string) =>
      (await made(deps)).find(({ data }) => data?.regions[0]?.data?.concepts[0]?.id === concept)?.data?.regions[0]?.id
    const car = await idOf('car')
    const mine = { inputId: 'i', data: { regions: [{ id: car!, data: { concepts: [{ id: 'van', value: 1 }] } }] } }
    await rpc(deps)('postAnnotations', { annotations: [mine] })
    const apps = [{ id: 'demo', defaultWorkflowId: 'detect' }]
    await rpc(deps)('patchApps', { apps, action: 'overwrite', reindex: true })
    await vi.waitFor(async () => expect(concepts(await made(deps))).toEqual(['bird', 'car']), { timeout: 10_000 })
    expect(await idOf('car')).toBe(car)
    const own = (await rpc(deps)('listAnnotations', { userIds: ['owner'] })).annotations
    expect(own.map(({ data }) => data?.regions[0]?.data?.concepts[0]?.id)).toContain('van')
  })

  it('asks again after failures that may pass, with pauses, and stores what it gets then', async () => {
    const { deps, stubs } = await world(store(), (_, nth) => (nth < 3 ? aStatus(503) : { regions: [aBox('car')] }))
    work(deps)
    await addPhotos(deps, 'i')
    await settled(store())
    expect(stubs[0]!.asked).toHaveLength(3)
    expect(concepts(await made(deps))).toEqual(['car'])
    expect(await jobOf(store())).toMatchObject({ attempts: 3, error: '' })
  })

  it('leaves the input fine when the runner is dead: the failure is on the job, and in the log', async () => {
    const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
    const { deps, stubs } = await world(store(), () => ({ regions: [aBox('car')] }))
    stubs[0]!.close()
    const loud = { ...deps, log }
    work(loud)
    await addPhotos(loud, 'i')
    await settled(store(), 'failed')
    expect((await rpc(deps)('getInput', { inputId: 'i' })).input?.status?.code).toBe(30000)
    expect((await rpc(deps)('listAnnotations', { listAllAnnotations: true })).annotations).toHaveLength(1)
    expect(await failedJobs(store().read, 10)).toMatchObject([
      {
        owner: 'owner',
        app: 'demo',
        workflow: 'detect',
        input_id: 'i',
        attempts: 3,
        error: expect.stringContaining('does not answer'),
      },
    ])
    expect(log.warn).toHaveBeenCalledTimes(2)
    expect(log.error).toHaveBeenCalledTimes(1)
    const back = await runner(() => ({ regions: [aBox('car')] }))
    const version = { id: 'v-a', metadata: { marquee: { endpoint: { url: back.url } } } }
    await rpc(deps)('patchModelVersions', { modelId: 'a', modelVersions: [version], action: 'merge' })
    expect(await retryJobs(store().write, 'all', now())).toBe(1)
    await settled(store())
    expect(concepts(await made(deps))).toEqual(['car'])
  })

  it('gives up at once on answers that will not get better, storing none of them', async () => {
    const { deps, stubs } = await world(store(), () => ({ regions: [aBox('car'), aBox('bad', [0.1, 0.2, 0.3, 1.4])] }))
    work(deps)
    await addPhotos(deps, 'i')
    await settled(store(), 'failed')
    expect(stubs[0]!.asked).toHaveLength(1)
    expect(await made(deps)).toEqual([])
    expect((await jobOf(store())).error).toBe(
      "the runner's answer: regions[1].region_info.bounding_box.right_col: 1.4 is outside [0, 1]",
    )
  })

  it('keeps what one model said while another fails, and asks only that one again', async () => {
    const { deps, stubs } = await world(
      store(),
      () => ({ regions: [aBox('car')] }),
      (_, nth) => (nth === 1 ? aStatus(500) : { concepts: [{ id: 'street' }] }),
    )
    work(deps)
    await addPhotos(deps, 'i')
    await settled(store())
    expect(stubs.map(({ asked }) => asked.length)).toEqual([1, 2])
    expect(concepts(await made(deps))).toEqual(['car', 'street'])
  })

  it('labels the regions a node before found, and writes nothing of suppressed nodes', async () => {
    const { deps, stubs } = await world(
      store(),
      () => ({ regions: [aBox('face')] }),
      ({ body }) => {
        const { regions } = body.node_inputs[0]!.data as { regions: { id: string }[] }
        return { regions: regions.map(({ id }) => ({ id, data: { concepts: [{ id: 'smile' }] } })) }
      },
      () => ({ concepts: [{ id: 'hidden' }] }),
    )
    const nodes = [
      { id: 'b', model: { id: 'b' }, nodeInputs: [{ nodeId: 'a' }] },
      { id: 'c', model: { id: 'c' }, suppressOutput: true },
    ]
    await rpc(deps)('patchWorkflows', { action: 'merge', workflows: [{ id: 'detect', nodes }] })
    work(deps)
    await addPhotos(deps, 'i')
    await settled(store())
    const [face, smile] = ['face', 'smile'].map(async (concept) =>
      (await made(deps)).find(({ data }) => data?.regions[0]?.data?.concepts[0]?.id === concept),
    )
    expect(concepts(await made(deps))).toEqual(['face', 'smile'])
    const [region, labelled] = [(await face)!.data!.regions[0]!, (await smile)!.data!.regions[0]!]
    expect(labelled.id).toBe(region.id)
    expect(labelled.regionInfo).toEqual(region.regionInfo)
    expect(stubs[2]!.asked).toHaveLength(0)
  })

  it('runs a job that a dead process left, and what both wrote is there once', async () => {
    const hold = gate()
    const { deps, stubs } = await world(store(), async (_, nth) => {
      if (nth === 1) await hold.opened
      return { regions: [aBox('car')] }
    })
    await addPhotos(deps, 'i')
    const held = (await takeJob(deps, 1, []))! // its lease ends at once, as of a process that was killed
    const dead = finishJob(deps, held, new AbortController().signal)
    await vi.waitFor(() => expect(stubs[0]!.asked).toHaveLength(1))
    work(deps)
    await settled(store())
    hold.open()
    await dead // it was not dead after all, and comes with its answer when the job is done
    expect(concepts(await made(deps))).toEqual(['car'])
    expect(await jobOf(store())).toMatchObject({ state: 'done', attempts: 2 })
    const history = await store().read.selectFrom('history').select('kind').where('input_id', '=', 'i').execute()
    expect(history.filter(({ kind }) => kind === 'annotation')).toHaveLength(2) // the input's own and the car
  })

  it("takes over at its start what the database's one process left running; on PostgreSQL leases end by themselves", async () => {
    const { deps } = await world(store(), () => ({ regions: [aBox('car')] }))
    await addPhotos(deps, 'i')
    await takeJob(deps, 3_600_000, [])
    work(deps, { recover: true })
    if (store().dialect === 'sqlite') await settled(store())
    else {
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect((await jobOf(store())).state).toBe('running')
    }
  })

  it('gives up a job that stops the server again and again', async () => {
    const { deps, stubs } = await world(store(), () => ({}))
    await addPhotos(deps, 'i')
    await store().write.updateTable('job').set({ attempts: 3 }).execute()
    work(deps)
    await settled(store(), 'failed')
    expect(stubs[0]!.asked).toHaveLength(0)
    expect((await jobOf(store())).error).toBe('the server stopped while it ran, 3 times')
  })

  it('never runs one job twice, however many workers there are', async () => {
    const { deps, stubs } = await world(store(), async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return { regions: [aBox('car')] }
    })
    const ids = Array.from({ length: 24 }, (_, i) => `i${i}`)
    await addPhotos(deps, ...ids)
    for (let n = 0; n < 4; n++) work(deps, { slots: 3, slotsPerApp: 3 })
    await settled(store(), 'done', ids.length)
    expect(stubs[0]!.asked.map(({ body }) => body.input.id).sort()).toEqual(ids.sort())
    expect(await made(deps)).toHaveLength(ids.length)
  })

  it('keeps its lease while it works, and puts the job back when it is stopped', async () => {
    const { deps, stubs } = await world(store(), () => new Promise(() => {}))
    await addPhotos(deps, 'i')
    const worker = work(deps, { leaseMs: 500 })
    await vi.waitFor(() => expect(stubs[0]!.asked).toHaveLength(1))
    const other = work(deps, { leaseMs: 500 })
    await new Promise((resolve) => setTimeout(resolve, 1500)) // three leases
    expect(stubs[0]!.asked).toHaveLength(1)
    await other.stop(0)
    await worker.stop(20)
    expect(await jobOf(store())).toMatchObject({ state: 'waiting', attempts: 0, lease: null })
  })

  it('lets no app take all its places', async () => {
    const { deps, stubs } = await world(store(), ({ body }) =>
      body.input.id.startsWith('x') ? new Promise(() => {}) : {},
    )
    await addPhotos(deps, 'x1', 'x2', 'x3')
    const userAppId = { userId: 'owner', appId: 'other' }
    const from = { id: 'detect', userId: 'owner', appId: 'demo' }
    await rpc(deps)('postApps', { userAppId: { userId: 'owner' }, apps: [{ id: 'other', defaultWorkflow: from }] })
    await rpc(deps)('postInputs', { userAppId, inputs: [{ id: 'y', data: { text: { raw: 'hello' } } }] })
    work(deps, { slots: 3, slotsPerApp: 2 })
    await settled(store())
    expect(stubs[0]!.asked.map(({ body }) => body.input.id).sort()).toEqual(['x1', 'x2', 'y'])
  })

  it.each(['input', 'app', 'workflow'] as const)('drops what belongs to a deleted %s', async (what) => {
    const { deps, stubs } = await world(store(), () => ({ regions: [aBox('car')] }))
    await addPhotos(deps, 'i')
    const call = rpc(deps)
    if (what === 'input') await call('deleteInput', { inputId: 'i' })
    if (what === 'app') await call('deleteApp', {})
    if (what === 'workflow') {
      await call('patchApps', { apps: [{ id: 'demo', defaultWorkflowId: 'detect' }], action: 'remove' })
      await call('deleteWorkflow', { workflowId: 'detect' })
    }
    work(deps)
    await settled(store(), 'dropped')
    expect(stubs[0]!.asked).toHaveLength(0)
    expect((await jobOf(store())).error).toBe(`the ${what} was deleted`)
  })

  it('drops a job whose input goes while it runs', async () => {
    const hold = gate()
    const { deps, stubs } = await world(store(), async () => {
      await hold.opened
      return { regions: [aBox('car')] }
    })
    work(deps)
    await addPhotos(deps, 'i')
    await vi.waitFor(() => expect(stubs[0]!.asked).toHaveLength(1))
    await rpc(deps)('deleteInput', { inputId: 'i' })
    hold.open()
    await settled(store(), 'dropped')
    expect(await made(deps)).toEqual([])
  })
})
