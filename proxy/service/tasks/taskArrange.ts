import { createHash } from 'node:crypto'
import { TaskWorker_TaskWorkerStrategy as Strategy } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { distribute, type Given, type Place, sampleOf } from '#model/shares.ts'
import type { Db } from '#proxy/store/open.ts'
import {
  type AssignmentRow,
  insertAssignments,
  standingAssignments,
  updateAssignments,
} from '#proxy/store/taskAssignments.ts'
import { insertTaskInputs, removeTaskInputs, resetFree, taskInputs } from '#proxy/store/taskInputs.ts'
import { settleInputs } from './taskConsensus.ts'
import { peopleNeeded, peoplePerInput, weightsOf, workerIds } from './taskDraft.ts'
import { leaseMicros, type TaskInUse } from './taskInUse.ts'

/** Says which inputs a task is about, in this order, and which of them are reviewed. */
export const setInputs = async (tx: Db, work: TaskInUse, inputIds: readonly string[]): Promise<void> => {
  const [app, taskId] = [work.app.no, work.row.id]
  const salt = work.newId()
  const order = inputIds
    .map((id, place) => ({ place, key: createHash('sha256').update(`${salt}/${id}`).digest('hex') }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ place }) => place)
  const sampled = sampleOf(inputIds.length, work.rules.sample, order)
  await removeTaskInputs(tx, app, taskId)
  await insertTaskInputs(
    tx,
    inputIds.map((input_id, place) => ({
      app,
      task_id: taskId,
      input_id,
      place,
      sampled: Number(sampled.has(place)),
      free: 0,
    })),
  )
}

/**
 * Gives the inputs of a task to its workers, as its strategy says, when it is made and whenever its workers, strategy or
 * inputs have changed. What was submitted stays with the people who made it, what was begun or denied with those who are
 * still workers (decisions §9); all else is given out anew.
 */
export const giveOut = async (tx: Db, work: TaskInUse): Promise<void> => {
  const [app, taskId] = [work.app.no, work.row.id]
  const inputs = await taskInputs(tx, app, taskId)
  const standing = await standingAssignments(tx, app, taskId)
  const { kept, given } = plannedWork(work, inputs, standing)
  const wanted = new Set(given.map(pairKey))
  const idle = standing.filter((row) => !kept.includes(row))
  const withdrawn = idle.filter((row) => !wanted.has(pairKey({ inputId: row.input_id, workerId: row.worker_id })))
  await updateAssignments(
    tx,
    app,
    taskId,
    withdrawn.map((row) => row.id),
    { withdrawn_at: work.now, lease_until: null, modified_at: work.now },
  )
  const there = new Set(idle.map((row) => pairKey({ inputId: row.input_id, workerId: row.worker_id })))
  const place = new Map(inputs.map((input) => [input.input_id, input.place]))
  await insertAssignments(
    tx,
    given.filter((pair) => !there.has(pairKey(pair))).map((pair) => newRow(work, pair, place.get(pair.inputId)!)),
  )
  await resetLeases(tx, work, kept)
  await resetFree(tx, app, taskId, work.dynamic ? peopleNeeded(work.task) : 0)
}

/** What stays with whom of the work that is there, and who gets what besides. */
export const plannedWork = (
  work: TaskInUse,
  inputs: readonly { input_id: string }[],
  standing: readonly AssignmentRow[],
): { kept: AssignmentRow[]; given: Given[] } => {
  const known = new Set(inputs.map((input) => input.input_id))
  const kept = standing.filter((row) => isKept(row, work, known))
  return { kept, given: newWork(work, inputs, kept) }
}

/**
 * After work was sent back: what comes back to somebody who has left the task is given to others, and consensus is
 * looked for without it.
 */
export const replaceLeavers = async (tx: Db, work: TaskInUse, sentBack: readonly AssignmentRow[]): Promise<void> => {
  const left = sentBack.filter((row) => !work.workers.has(row.worker_id))
  if (left.length === 0) return
  await giveOut(tx, work)
  await settleInputs(
    tx,
    work,
    left.map((row) => row.input_id),
  )
}

const pairKey = ({ inputId, workerId }: Given): string => `${inputId}/${workerId}`

const isKept = (row: AssignmentRow, { workers }: TaskInUse, inputs: ReadonlySet<string>): boolean =>
  isOpen(row)
    ? workers.has(row.worker_id) &&
      (row.status_code === StatusCode.TASK_ASSIGNMENT_REJECTED || (row.started === 1 && inputs.has(row.input_id)))
    : true

/** Its person has something to do: never submitted, or sent back. */
const isOpen = ({ status_code: code }: AssignmentRow): boolean =>
  code === StatusCode.TASK_ASSIGNMENT_PENDING || code === StatusCode.TASK_ASSIGNMENT_REJECTED

/** Who gets what besides what is kept. Nothing in a DYNAMIC task: its people fetch their work. */
const newWork = (
  { task }: TaskInUse,
  inputs: readonly { input_id: string }[],
  kept: readonly AssignmentRow[],
): Given[] => {
  const worker = task.worker!
  if (worker.strategy === Strategy.DYNAMIC) return []
  const has = Map.groupBy(kept, (row) => row.input_id)
  const places = inputs.map(
    ({ input_id }): Place => ({
      inputId: input_id,
      kept: (has.get(input_id) ?? []).map((row) => row.worker_id),
    }),
  )
  if (worker.strategy === Strategy.PARTITIONED) return distribute(places, weightsOf(worker), peoplePerInput(worker))
  const people = workerIds(worker)
  return places.flatMap((place) =>
    people.filter((id) => !place.kept.includes(id)).map((workerId) => ({ inputId: place.inputId, workerId })),
  )
}

const newRow = ({ app, row, newId, now }: TaskInUse, { inputId, workerId }: Given, place: number) => ({
  app: app.no,
  task_id: row.id,
  id: newId(),
  input_id: inputId,
  worker_id: workerId,
  place,
  status_code: StatusCode.TASK_ASSIGNMENT_PENDING,
  round: 0,
  started: 0,
  lease_until: null,
  decided_by: null,
  created_at: now,
  modified_at: now,
  withdrawn_at: null,
})

/** Work that was begun is leased in DYNAMIC tasks, and in no other. */
const resetLeases = async (tx: Db, work: TaskInUse, kept: readonly AssignmentRow[]): Promise<void> => {
  const begun = kept.filter((row) => row.status_code === StatusCode.TASK_ASSIGNMENT_PENDING)
  const leased = work.dynamic ? begun.filter((row) => row.round === 0 && row.lease_until === null) : []
  const free = work.dynamic ? [] : begun.filter((row) => row.lease_until !== null)
  const set = (rows: readonly AssignmentRow[], lease_until: number | null) =>
    updateAssignments(
      tx,
      work.app.no,
      work.row.id,
      rows.map((row) => row.id),
      { lease_until },
    )
  await set(leased, work.now + leaseMicros)
  await set(free, null)
}
