import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { create } from '@bufbuild/protobuf'
import { type Client, createClient, type Interceptor } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { callFor, percentile, type Timing } from '#bench/apiMeasure.ts'
import { type ApiRow, atMost, printApi } from '#bench/apiReport.ts'
import { succeeded } from '#bench/apiSetup.ts'
import { addPhotos } from '#bench/photos.ts'
import { browserRows } from '#bench/teamBrowser.ts'
import { APP, addPeopleAndInputs, openData, personId, type TeamSize, tokenOf, workOn } from '#bench/teamSetup.ts'
import { submitted } from '#bench/turns.ts'
import { TestServer } from '#e2e/server.ts'
import { Studio } from '#gen/marquee/v1/marquee_pb.ts'
import { Team, WorkState } from '#gen/marquee/v1/team_pb.ts'
import {
  TaskWorker_TaskWorkerStrategy as Strategy,
  TaskInputSourceSchema,
  TaskReviewSchema,
  TaskSchema,
  TaskWorkerPartitionedStrategyInfoSchema,
  TaskWorkerSchema,
  UserSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { PutTaskAssignmentsRequestAction as Action, V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { userWorker } from '#proxy/service/annotations/annotationWorker.ts'

export interface TeamBench extends TeamSize {
  /** Of each thing measured. */
  readonly ms: number
}

/** What one person calls. */
interface Person {
  readonly api: Client<typeof V2>
  readonly team: Client<typeof Team>
  readonly studio: Client<typeof Studio>
}

const connect = (baseUrl: string, key: string): Person => {
  const withKey: Interceptor = (next) => (request) => {
    request.header.set('authorization', `Key ${key}`)
    return next(request)
  }
  const transport = createConnectTransport({
    baseUrl,
    httpVersion: '1.1',
    useBinaryFormat: true,
    interceptors: [withKey],
  })
  return {
    api: createClient(V2, transport),
    team: createClient(Team, transport),
    studio: createClient(Studio, transport),
  }
}

const app = { userId: 'owner', appId: APP }

/**
 * What a team waits for, in an app with this much work: the board, people, the grid and the queues, their last pages
 * against their first, and the next image of everybody who labels at once from one shared queue. The tables are filled
 * directly, everything measured goes over HTTP to a server in a process of its own; both share the machine.
 */
export const benchTeam = async (options: TeamBench): Promise<void> => {
  const server = await TestServer.start({ RATE_LIMIT: '0', DEMO: 'auto' })
  const rows: ApiRow[] = []
  const add = (...more: ApiRow[]) => {
    rows.push(...more)
    printApi(more)
  }
  try {
    const { split, shared } = await fill(server, options)
    const owner = connect(server.url, server.credentials('owner').pat)
    add(...(await boards(owner, server, split, options)))
    add(...(await lists(owner, server, split, options)))
    add(...(await nextItems(server, shared, options)))
    await addPhotos(server, submitted)
    add(...(await browserRows(server)))
  } finally {
    await server.remove()
  }
  console.log(`\n${await save(options, rows)}`)
}

/** Stops the server, writes to its tables, and starts it again. */
const between = async (server: TestServer, work: (data: Awaited<ReturnType<typeof openData>>) => Promise<void>) => {
  await server.down('SIGTERM')
  const data = await openData(server.dataDir)
  await work(data)
  await data.close()
  await server.up()
}

const fill = async (server: TestServer, options: TeamBench): Promise<{ split: string; shared: string }> => {
  await between(server, (data) => addPeopleAndInputs(data, options))
  const { api } = connect(server.url, server.credentials('owner').pat)
  const workers = Array.from({ length: options.people }, (_, i) => userWorker(personId(i)))
  const task = async (name: string, strategy: Strategy) => {
    const strategyInfo = {
      case: 'partitionedStrategyInfo' as const,
      value: create(TaskWorkerPartitionedStrategyInfoSchema, { type: 1, workersPerInput: 1 }),
    }
    const asked = create(TaskSchema, {
      name,
      type: 2,
      inputSource: create(TaskInputSourceSchema, { type: 1 }),
      worker: create(TaskWorkerSchema, {
        strategy,
        workers,
        ...(strategy === Strategy.PARTITIONED && { strategyInfo }),
      }),
      review: create(TaskReviewSchema, { strategy: 2, users: [create(UserSchema, { id: 'reviewer' })] }),
    })
    const at = performance.now()
    const { tasks } = succeeded(await api.postTasks({ userAppId: app, tasks: [asked] }))
    printApi([{ what: `PostTasks, ${name}`, figure: `${((performance.now() - at) / 1000).toFixed(1)} s` }])
    return tasks[0]!.id
  }
  const split = await task('split among all', Strategy.PARTITIONED)
  await between(server, (data) => workOn(data, split, options))
  const shared = await task('one shared queue', Strategy.DYNAMIC)
  return { split, shared }
}

const boards = async (owner: Person, server: TestServer, taskId: string, options: TeamBench): Promise<ApiRow[]> => {
  const { ms } = options
  const annotator = connect(server.url, tokenOf(0))
  return [
    {
      what: 'Board: ListTaskProgress',
      timing: await callFor(ms, 1, () => owner.team.listTaskProgress({ ...app, taskIds: [taskId] })),
    },
    { what: 'People: ListPeopleProgress', timing: await callFor(ms, 1, () => owner.team.listPeopleProgress(app)) },
    { what: 'My work, the owner: ListWork', timing: await callFor(ms, 1, () => owner.team.listWork(app)) },
    { what: 'My work, an annotator', timing: await callFor(ms, 1, () => annotator.team.listWork(app)) },
  ]
}

const perPage = 60

const lists = async (owner: Person, server: TestServer, taskId: string, options: TeamBench): Promise<ApiRow[]> => {
  const { ms, inputs } = options
  const reviewer = connect(server.url, server.credentials('reviewer').pat)
  const annotator = connect(server.url, tokenOf(0))
  const grid = (page: number) => owner.studio.listInputSummaries({ ...app, page, perPage })
  const gridRows = await firstAndLast(
    'Grid: ListInputSummaries',
    ms,
    () => grid(1),
    () => grid(Math.floor(inputs / perPage)),
  )
  const queue = async (what: string, person: Person, asked: { state?: WorkState; reviewable?: boolean }) => {
    const page = (after: string) => person.team.listWorkItems({ ...app, ...asked, taskId, perPage, after })
    const last = await lastPage(person, taskId, asked)
    return firstAndLast(
      what,
      ms,
      () => page(''),
      () => page(last),
    )
  }
  return [
    ...gridRows,
    ...(await queue('Queue: ListWorkItems, all work', owner, {})),
    ...(await queue('Queue: done', owner, { state: WorkState.DONE })),
    ...(await queue('Queue: to review', reviewer, { reviewable: true })),
    ...(await queue('Queue: open, of one annotator', annotator, { state: WorkState.OPEN })),
  ]
}

/** Walks to the last page. @returns what the page before it said */
const lastPage = async (
  { team }: Person,
  taskId: string,
  asked: { state?: WorkState; reviewable?: boolean },
): Promise<string> => {
  for (let after = ''; ; ) {
    const { nextPage } = await team.listWorkItems({ ...app, ...asked, taskId, perPage: 1000, after })
    if (nextPage === '') return after
    after = nextPage
  }
}

const firstAndLast = async (
  what: string,
  ms: number,
  first: () => Promise<unknown>,
  last: () => Promise<unknown>,
): Promise<ApiRow[]> => {
  // in turns, so that what else the machine does is the same for both
  const parts = 6
  const ones: number[] = []
  const others: number[] = []
  const timed = (call: () => Promise<unknown>, into: number[]) => async () => {
    const at = performance.now()
    await call()
    into.push(performance.now() - at)
  }
  for (let i = 0; i < parts; i++) {
    await callFor(ms / parts, 1, timed(first, ones))
    await callFor(ms / parts, 1, timed(last, others))
  }
  const [one, other] = [timingOf(ones), timingOf(others)]
  return [
    { what: `${what}, first page`, timing: one },
    { what: `${what}, last page`, timing: other, ratio: atMost('p50 of the first', other.p50 / one.p50, 1.2) },
  ]
}

/** Of calls one after the other. */
const timingOf = (values: readonly number[]): Timing => ({
  perSecond: 1000 / (values.reduce((sum, value) => sum + value, 0) / values.length),
  p50: percentile(values, 0.5),
  p95: percentile(values, 0.95),
  calls: values.length,
})

/** Everybody labels from one queue: from Submit until the next image is known. */
const nextItems = async (server: TestServer, taskId: string, { people, ms }: TeamBench): Promise<ApiRow[]> => {
  const submits: number[] = []
  const starts: number[] = []
  const first: number[] = []
  const started = performance.now()
  const asked = { userAppId: app, taskId }
  const timed = async <T>(into: number[], call: Promise<T>): Promise<T> => {
    const at = performance.now()
    const answer = await call
    into.push(performance.now() - at)
    return answer
  }
  const work = async (i: number) => {
    const { api } = connect(server.url, tokenOf(i))
    let seen: string[] = []
    let fresh = true
    while (performance.now() - started < ms * 3) {
      if (seen.length === 0) {
        const { taskAssignments } = succeeded(
          await timed(fresh ? first : starts, api.putTaskAssignments({ ...asked, action: Action.LABEL_START })),
        )
        seen = taskAssignments.map(({ id }) => id)
        fresh = false
      }
      const id = seen.shift()!
      const actionConfig = { case: 'labelSubmitConfig' as const, value: { taskAssignments: [{ id }] } }
      succeeded(await timed(submits, api.putTaskAssignments({ ...asked, action: Action.LABEL_SUBMIT, actionConfig })))
    }
  }
  await Promise.all(Array.from({ length: people }, (_, i) => work(i)))
  const elapsed = performance.now() - started
  const timing = (values: readonly number[]): Timing => ({
    perSecond: (values.length * 1000) / elapsed,
    p50: percentile(values, 0.5),
    p95: percentile(values, 0.95),
    calls: values.length,
  })
  return [
    { what: `Next item, ${people} people at once: LABEL_SUBMIT`, timing: timing(submits) },
    { what: 'Ten more from the queue: LABEL_START', timing: timing(starts) },
    { what: 'The first ten, everybody at the same moment', timing: timing(first) },
  ]
}

const save = async (options: TeamBench, rows: readonly ApiRow[]): Promise<string> => {
  const folder = new URL('./results/', import.meta.url)
  await mkdir(folder, { recursive: true })
  const at = new Date().toISOString()
  const file = new URL(`team-${at.replaceAll(/[:.]/g, '-')}.json`, folder)
  await writeFile(file, JSON.stringify({ at, node: process.version, options, rows }, null, 2))
  return fileURLToPath(file)
}
