import type { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { type Actor, isAnnotationStatus, mayMove } from '#model/review.ts'
import { writeStatus } from '#proxy/service/team/statusWrites.ts'
import type { AnnotationRow } from '#proxy/store/annotations.ts'
import type { Db } from '#proxy/store/open.ts'
import { annotationsOfWork } from '#proxy/store/taskAnnotations.ts'
import type { AssignmentRow } from '#proxy/store/taskAssignments.ts'
import type { TaskInUse } from './taskInUse.ts'

/**
 * Moves annotations of a task to `to`, those that may go there by an edge of decisions §7; the others stay as they are.
 * `actors` is what the caller is to them; `speakerOf` the person whose annotation says the same as one, if any
 * (consensusCopies.ts). @returns those that moved, as they were
 */
export const moveAnnotations = async (
  tx: Db,
  { app, now }: TaskInUse,
  rows: readonly AnnotationRow[],
  to: StatusCode,
  actors: readonly Actor[],
  speakerOf?: (row: AnnotationRow) => string | undefined,
): Promise<AnnotationRow[]> => {
  const moving = rows.filter(({ status_code: from }) => from !== to && allows(from, to, actors))
  await writeStatus(tx, app, moving, to, now, speakerOf)
  return moving
}

const allows = (from: number, to: number, actors: readonly Actor[]): boolean =>
  isAnnotationStatus(from) && isAnnotationStatus(to) && mayMove({ from, to, actors, assigned: true })

/** {@link moveAnnotations} for all that the people of these assignments made of their inputs in the task. */
export const moveWork = async (
  tx: Db,
  work: TaskInUse,
  assignments: readonly AssignmentRow[],
  to: StatusCode,
  actors: readonly Actor[],
  speakerOf?: (row: AnnotationRow) => string | undefined,
): Promise<void> => {
  if (assignments.length === 0) return
  const rows = await annotationsOfWork(
    tx,
    work.app.no,
    work.row.id,
    assignments.map((row) => ({ inputId: row.input_id, userId: row.worker_id })),
  )
  await moveAnnotations(tx, work, rows, to, actors, speakerOf)
}
