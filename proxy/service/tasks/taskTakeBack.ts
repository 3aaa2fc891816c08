import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { followVerdict } from '#proxy/service/team/reviewerLabels.ts'
import { recordWork } from '#proxy/service/team/workRecord.ts'
import type { Db } from '#proxy/store/open.ts'
import type { WorkAction } from '#proxy/store/schema.ts'
import { updateAssignments } from '#proxy/store/taskAssignments.ts'
import { removeReviews } from '#proxy/store/taskReviews.ts'
import { replaceLeavers } from './taskArrange.ts'
import { taskInUse } from './taskInUse.ts'
import { moveWork } from './taskMoves.ts'
import type { TaskRules, Work } from './taskRules.ts'

/**
 * After annotations were patched to PENDING: the assignments they belong to, submitted or approved, are open again with
 * all else that waits in them, since Submit moves them together (decisions §8). Next time they go to the reviewers.
 */
export const takeBackWork = async (
  tx: Db,
  app: AppInUse,
  pending: readonly Annotation[],
  rules: TaskRules,
  deps: Deps,
): Promise<void> => {
  const works = new Map(
    pending.flatMap((annotation) => {
      const work = rules.work(annotation)
      return work && isSubmitted(work) ? [[work.id, work] as const] : []
    }),
  )
  for (const [taskId, rows] of Map.groupBy(works.values(), (work) => work.task_id)) {
    const ids = rows.map((row) => row.id)
    const now = deps.now()
    const work = taskInUse(app, rules.task(taskId)!.row, false, { now, newId: deps.newId })
    await moveWork(tx, work, rows, StatusCode.ANNOTATION_PENDING, ['reviewer'])
    await followVerdict(tx, work, rows, StatusCode.ANNOTATION_PENDING)
    const values = { status_code: StatusCode.TASK_ASSIGNMENT_PENDING, decided_by: app.callerId, modified_at: now }
    await updateAssignments(tx, app.no, taskId, ids, values, true)
    await removeReviews(tx, app.no, taskId, ids)
    for (const [action, some] of Map.groupBy(rows, (row) => actionOn(row, app.callerId)))
      await recordWork(tx, work, some, action)
    await replaceLeavers(tx, work, rows)
  }
}

const actionOn = (row: Work, callerId: string): WorkAction => {
  if (row.status_code === StatusCode.TASK_ASSIGNMENT_SUCCESS) return 'reopen'
  return row.worker_id === callerId ? 'unsubmit' : 'return'
}

const isSubmitted = (work: Work): boolean =>
  work.withdrawn_at === null &&
  (work.status_code === StatusCode.TASK_ASSIGNMENT_AWAITING_REVIEW ||
    work.status_code === StatusCode.TASK_ASSIGNMENT_SUCCESS)
