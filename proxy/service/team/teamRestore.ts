import { create } from '@bufbuild/protobuf'
import { RestoreTasksResponseSchema, type Team } from '#gen/marquee/v1/team_pb.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { checkBatch } from '#proxy/service/paging.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { leftTasksOf } from '#proxy/service/people/formerPeople.ts'
import { studioApp } from '#proxy/service/studio/studio.ts'
import { keptMicros } from '#proxy/service/studio/studioRestore.ts'
import { reviewerIds, workerIds } from '#proxy/service/tasks/taskDraft.ts'
import { storedTask } from '#proxy/service/tasks/taskInUse.ts'
import { leaveTasks } from '#proxy/service/tasks/taskLeaving.ts'
import { lockApp, nextRev } from '#proxy/store/apps.ts'
import { formerCollaborators, setLeftTasks } from '#proxy/store/collaborators.ts'
import { appendHistory, itemHistory } from '#proxy/store/history.ts'
import type { Db } from '#proxy/store/open.ts'
import { peopleOfApp, putTasks, tasksById } from '#proxy/store/tasks.ts'

/** RestoreTasks: who has left the app since then leaves these tasks, too. */
export const restoreTasks: MethodImpl<typeof Team.method.restoreTasks> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'deleteTasks')
  checkBatch(request.taskIds, 'task_ids', deps.limits.batch)
  const there = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const since = deps.now() - keptMicros
    const rows = (await tasksById(tx, app.no, request.taskIds)).filter(
      (row) => row.deleted_at !== null && row.deleted_at >= since,
    )
    for (const row of rows) {
      const { rev, at } = await nextRev(tx, app.no, deps.now())
      await putTasks(tx, [{ ...row, rev, deleted_at: null, deleted_by: null }])
      await appendHistory(tx, [itemHistory('task', app, row.id, { rev, at }, null, row.message)])
    }
    const people = await peopleOfApp(tx, app.no)
    const named = rows.map(storedTask).flatMap(({ worker, review }) => [...workerIds(worker), ...reviewerIds(review)])
    for (const id of new Set(named)) if (!people.has(id)) await leaveAgain(tx, app, id, deps)
    return (await tasksById(tx, app.no, request.taskIds)).filter((row) => row.deleted_at === null)
  })
  const ids = new Set(there.map((row) => row.id))
  return create(RestoreTasksResponseSchema, { restored: request.taskIds.filter((id) => ids.has(id)) })
}

/** Whoever comes back comes back to these tasks, too. */
const leaveAgain = async (tx: Db, app: AppInUse, userId: string, deps: Deps): Promise<void> => {
  const left = await leaveTasks(tx, app, userId, deps)
  const gone = (await formerCollaborators(tx, app.no)).find((row) => row.user_id === userId)
  if (gone) await setLeftTasks(tx, gone.id, JSON.stringify([...leftTasksOf(gone), ...left]))
}
