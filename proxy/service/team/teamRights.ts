import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { type AppSettings, appSettings } from '#proxy/service/appSettings.ts'
import { type AppInUse, mayDo } from '#proxy/service/people/access.ts'
import type { TaskInUse } from '#proxy/service/tasks/taskInUse.ts'

/** Who may see everybody's work in an app: its owner, and those who make tasks in it. */
export const seesEverybody = (app: AppInUse): boolean => app.role === 'owner' || mayDo(app, 'addTasks')

/** Who may see everybody's work in a task: its reviewers, too. */
export const seesTask = (work: TaskInUse): boolean => work.isReviewer || seesEverybody(work.app)

/** Of the orders outside of tasks. */
export const reviewsOrders = (app: AppInUse, settings: AppSettings = appSettings(app.message)): boolean =>
  app.role === 'owner' || settings.reviewers.includes(app.callerId)

export const badRequest = (path: string, what: string): ApiError =>
  new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}: ${what}`)

/** Ids a request names and looks up together. */
export const mostIds = 1000

/** "me" resolved. @throws ApiError CONN_INVALID_REQUEST too many; TASK_PERMISSION_DENIED others' who may not see them */
export const askedPeople = (
  ids: readonly string[],
  everybody: boolean,
  callerId: string,
): readonly string[] | undefined => {
  if (ids.length > mostIds) throw badRequest('worker_ids', `${ids.length} items, must be at most ${mostIds}`)
  const people = ids.map((id) => (id === 'me' ? callerId : id))
  if (everybody) return people.length > 0 ? people : undefined
  const i = people.findIndex((id) => id !== callerId)
  if (i >= 0) throw new ApiError(StatusCode.TASK_PERMISSION_DENIED, `worker_ids[${i}]: you may see your own work only`)
  return [callerId]
}
