import { create } from '@bufbuild/protobuf'
import {
  ListPeopleProgressResponseSchema,
  ListTaskProgressResponseSchema,
  type PersonProgress,
  PersonProgressSchema,
  type TaskProgress,
  TaskProgressSchema,
  type Team,
} from '#gen/marquee/v1/team_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { checkBatch } from '#proxy/service/paging.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { studioApp } from '#proxy/service/studio/studio.ts'
import { workerIds } from '#proxy/service/tasks/taskDraft.ts'
import { loadTask, type TaskInUse } from '#proxy/service/tasks/taskInUse.ts'
import { microsOf, timestampOf } from '#proxy/service/time.ts'
import { agreementOfPeople, type Mean } from '#proxy/store/agreement.ts'
import type { Db } from '#proxy/store/open.ts'
import { groupOrders } from '#proxy/store/orders.ts'
import { peopleOfApp } from '#proxy/store/tasks.ts'
import { countTaskInputs, freeWork, groupAllWork, groupWork, type WorkGroup } from '#proxy/store/work.ts'
import { countSince, countVerdicts, lastActive, recentSeconds } from '#proxy/store/workEvents.ts'
import { reviewsOrders, seesEverybody, seesTask } from './teamRights.ts'
import { countsOf } from './workStates.ts'

/** How many visits a median is taken from: what somebody did long ago does not count for ever. */
const visitsForMedian = 200

/** How far tasks are. Those who only label in a task are told of themselves alone. */
export const listTaskProgress: MethodImpl<typeof Team.method.listTaskProgress> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'readWork')
  checkBatch(request.taskIds, 'task_ids', deps.limits.batch)
  const tasks: TaskProgress[] = []
  for (const [i, id] of request.taskIds.entries()) {
    const work = await loadTask(deps.store.read, app, id, deps).catch((error: unknown) => {
      if (error instanceof ApiError && error.code === StatusCode.TASK_MISSING)
        throw new ApiError(StatusCode.TASK_MISSING, `task_ids[${i}]: the app has no task "${id}"`)
      throw error
    })
    tasks.push(await progressOf(deps.store.read, work))
  }
  return create(ListTaskProgressResponseSchema, { tasks })
}

const progressOf = async (db: Db, work: TaskInUse): Promise<TaskProgress> => {
  const { app, row } = work
  const own = seesTask(work) ? undefined : app.callerId
  const groups = await groupWork(db, app.no, row.id, own)
  const workers = workerIds(work.task.worker)
  const left = [...new Set(groups.map((group) => group.workerId))].filter((id) => !workers.includes(id)).sort()
  const people = own === undefined ? [...workers, ...left] : [own]
  const members = await peopleOfApp(db, app.no)
  return create(TaskProgressSchema, {
    taskId: row.id,
    inputs: await countTaskInputs(db, app.no, row.id),
    unassigned: work.dynamic
      ? (await freeWork(db, app.no, row.id, app.callerId)).places
      : openCount(groups.filter((group) => !members.has(group.workerId))),
    counts: countsOf(groups),
    people: await peopleProgress(db, app, people, groups, own === undefined, row.id),
  })
}

const openCount = (groups: readonly WorkGroup[]): number => {
  const { todo, begun, returned } = countsOf(groups)
  return todo + begun + returned
}

/** What each person has open, has done, and how it was received. Who only labels is told of themselves alone. */
export const listPeopleProgress: MethodImpl<typeof Team.method.listPeopleProgress> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'readWork')
  const db = deps.store.read
  const everybody = seesEverybody(app) || reviewsOrders(app)
  const own = everybody ? undefined : app.callerId
  const groups = [...(await groupAllWork(db, app.no, own)), ...(await groupOrders(db, app.no, own))]
  const members = [...(await peopleOfApp(db, app.no))].sort()
  const left = [...new Set(groups.map((group) => group.workerId))].filter((id) => !members.includes(id)).sort()
  const people = await peopleProgress(db, app, own === undefined ? [...members, ...left] : [own], groups, everybody)
  const today = request.today ? microsOf(request.today) : startOfDay(deps)
  const done = await countSince(
    db,
    app.no,
    people.map(({ userId }) => userId),
    ['submit', 'finish'],
    today,
  )
  for (const person of people) person.doneToday = done.get(person.userId) ?? 0
  return create(ListPeopleProgressResponseSchema, { people })
}

const dayMicros = 24 * 3600 * 1_000_000

/** Of the day in UTC, for those who do not say when theirs began. */
const startOfDay = ({ now }: Deps): number => Math.floor(now() / dayMicros) * dayMicros

/** One line a person, in this order; of one task, or of all. */
const peopleProgress = async (
  db: Db,
  app: AppInUse,
  people: readonly string[],
  groups: readonly WorkGroup[],
  seesQuality: boolean,
  taskId?: string,
): Promise<PersonProgress[]> => {
  const byPerson = Map.groupBy(groups, (group) => group.workerId)
  const { on: verdicts, by: given } = await countVerdicts(db, app.no, taskId)
  const agreement = await agreementOfPeople(db, app.no, taskId, false)
  const quality = seesQuality ? await agreementOfPeople(db, app.no, taskId, true) : new Map<string, Mean>()
  const members = await peopleOfApp(db, app.no)
  const lines: PersonProgress[] = []
  for (const userId of people) {
    const active = await lastActive(db, app.no, userId)
    lines.push(
      create(PersonProgressSchema, {
        userId,
        left: !members.has(userId),
        counts: countsOf(byPerson.get(userId) ?? []),
        medianSeconds: median(await recentSeconds(db, app.no, userId, visitsForMedian, taskId)),
        verdicts: verdicts.get(userId)?.verdicts ?? 0,
        sentBack: verdicts.get(userId)?.sentBack ?? 0,
        decided: given.get(userId)?.verdicts ?? 0,
        decidedBack: given.get(userId)?.sentBack ?? 0,
        ...(active !== undefined && { lastActive: timestampOf(active) }),
        ...(agreement.has(userId) && { agreement: agreement.get(userId)!.mean }),
        agreementPairs: agreement.get(userId)?.count ?? 0,
        ...(quality.has(userId) && { quality: quality.get(userId)!.mean }),
        qualityItems: quality.get(userId)?.count ?? 0,
      }),
    )
  }
  return lines
}

/** The middle one, of an even number the mean of the two; whole seconds, 0 for none. */
const median = (numbers: readonly number[]): number => {
  if (numbers.length === 0) return 0
  const sorted = numbers.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return Math.round((sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2)
}
