import { create, equals, fromBinary, toBinary } from '@bufbuild/protobuf'
import { PreviewTaskResponseSchema, type Team } from '#gen/marquee/v1/team_pb.ts'
import { type Task, TaskInputSourceSchema, TaskSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { studioApp } from '#proxy/service/studio/studio.ts'
import { badRequest } from '#proxy/service/team/teamRights.ts'
import type { Db } from '#proxy/store/open.ts'
import { standingAssignments } from '#proxy/store/taskAssignments.ts'
import { taskInputs } from '#proxy/store/taskInputs.ts'
import { type TaskRow, taskById } from '#proxy/store/tasks.ts'
import { plannedWork } from './taskArrange.ts'
import { completeTask, normalTask, overwrittenTask, workerIds } from './taskDraft.ts'
import { storedTask, taskInUse } from './taskInUse.ts'
import { inputsOf } from './taskSource.ts'

/** @throws ApiError as PostTasks and PatchTasks do, for what is wrong about the task */
export const previewTask: MethodImpl<typeof Team.method.previewTask> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'addTasks')
  const db = deps.store.read
  const asked = normalTask(sentTask(request.task), 'task', app.callerId)
  const before = asked.id === '' ? undefined : await taskById(db, app.no, asked.id)
  const task = completeTask(before ? overwrittenTask(storedTask(before), asked) : asked, 'task')
  const inputs = await inputsFor(db, app.no, task, before)
  const row = { ...before, app: app.no, id: task.id, message: toBinary(TaskSchema, task) } as TaskRow
  const work = taskInUse(app, row, false, { now: deps.now(), newId: deps.newId })
  const { kept, given } = plannedWork(work, inputs, before ? await standingAssignments(db, app.no, task.id) : [])
  const has = Map.groupBy(kept, (one) => one.worker_id)
  const gets = Map.groupBy(given, (one) => one.workerId)
  return create(PreviewTaskResponseSchema, {
    inputs: inputs.length,
    shares: workerIds(task.worker).map((userId) => ({
      userId,
      fresh: gets.get(userId)?.length ?? 0,
      kept: has.get(userId)?.length ?? 0,
    })),
  })
}

/** @throws ApiError CONN_INVALID_REQUEST */
const sentTask = (bytes: Uint8Array): Task => {
  try {
    return fromBinary(TaskSchema, bytes)
  } catch {
    throw badRequest('task', 'is no clarifai.api.Task')
  }
}

/** A task whose source stays keeps the inputs it was made with. */
const inputsFor = async (db: Db, app: number, task: Task, before: TaskRow | undefined) => {
  const stays = before && equals(TaskInputSourceSchema, storedTask(before).inputSource!, task.inputSource!)
  if (stays) return taskInputs(db, app, before.id)
  return (await inputsOf(db, app, task.inputSource!, 'task.input_source')).map((input_id) => ({ input_id }))
}
