import type { AppInUse } from '#proxy/service/people/access.ts'
import type { TaskInUse } from '#proxy/service/tasks/taskInUse.ts'
import type { Db } from '#proxy/store/open.ts'
import type { OrderRow } from '#proxy/store/orders.ts'
import type { WorkAction } from '#proxy/store/schema.ts'
import type { AssignmentRow } from '#proxy/store/taskAssignments.ts'
import { addEvents, type WorkEvent } from '#proxy/store/workEvents.ts'

/** Notes what was done with these, by the caller unless it was the server itself. */
export const recordWork = (
  tx: Db,
  work: TaskInUse,
  rows: readonly AssignmentRow[],
  action: WorkAction,
  { reason = '', by = work.app.callerId }: { readonly reason?: string; readonly by?: string } = {},
): Promise<void> =>
  addEvents(
    tx,
    rows.map((row) => ({
      app: work.app.no,
      task_id: work.row.id,
      item_id: row.id,
      input_id: row.input_id,
      worker_id: row.worker_id,
      actor_id: by,
      action,
      reason,
      at: work.now,
    })),
  )

/** The name of an order among events and times: annotations' ids repeat across inputs. */
export const orderKey = ({ input_id, id }: Pick<OrderRow, 'input_id' | 'id'>): string => `${input_id}/${id}`

/** The same of an order outside of tasks. */
export const orderEvent = (
  app: AppInUse,
  row: Pick<OrderRow, 'input_id' | 'id' | 'user_id'>,
  action: WorkAction,
  at: number,
  reason = '',
): WorkEvent => ({
  app: app.no,
  task_id: '',
  item_id: orderKey(row),
  input_id: row.input_id,
  worker_id: row.user_id,
  actor_id: app.callerId,
  action,
  reason,
  at,
})
