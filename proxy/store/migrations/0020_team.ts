import { fromBinary } from '@bufbuild/protobuf'
import type { Kysely } from 'kysely'
import { AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { ColumnTypes } from '#proxy/store/dialect.ts'
import type { Tables } from '#proxy/store/schema.ts'
import type { Step } from './step.ts'

/** What a team's screens need: notes, orders outside of tasks, what happened to work. Columns: schema.ts. */
export const team = ({ counter }: ColumnTypes): readonly Step[] => [
  'alter table annotation add column is_note integer not null default 0',
  'alter table annotation add column round integer not null default 0',
  'alter table annotation add column queued_at bigint not null default 0',
  'alter table annotation add column decided_by text',
  'alter table annotation add column opened_by text',
  'alter table annotation add column opened_at bigint',
  markNotes,
  `create index annotation_note on annotation (app, input_id, created_at) where is_note = 1 and deleted_at is null`,
  `create index annotation_work_order on annotation
    (app, user_id, status_code, queued_at, created_at, round, decided_by, deleted_at) where ${isOrder}`,
  `create index annotation_work_order_state on annotation
    (app, status_code, queued_at, created_at, user_id, round, decided_by, deleted_at) where ${isOrder}`,
  `create index annotation_work_order_input on annotation (app, input_id, user_id) where ${isOrder}`,

  `create table work_event (
    no ${counter}, app bigint not null, task_id text not null, item_id text not null, input_id text not null,
    worker_id text not null, actor_id text not null, action text not null, reason text not null, at bigint not null)`,
  `create index work_event_item on work_event (app, task_id, item_id, action, at)`,
  `create index work_event_worker on work_event (app, worker_id, action, at)`,
  `create index work_event_actor on work_event (app, actor_id, at)`,
  `create index work_event_skip on work_event (app, task_id, actor_id, input_id) where action = 'skip'`,
  `create table work_time (
    app bigint not null, task_id text not null, item_id text not null, user_id text not null, visit_id text not null,
    seconds integer not null, at bigint not null, primary key (app, task_id, item_id, user_id, visit_id))`,
  `create index work_time_of on work_time (app, user_id, at)`,

  // what every list of work asks is whether the input is still there: those that are not are few
  `create index input_deleted on input (app, id) where deleted_at is not null`,
  `create index task_assignment_place on task_assignment
    (app, task_id, place, id, status_code, worker_id, round, decided_by, started, input_id, withdrawn_at)
    where withdrawn_at is null`,
  `create index task_assignment_back on task_assignment (app, task_id, place, id)
    where withdrawn_at is null and (round > 0 or status_code = 54204)`,
]

const isOrder = `has_data = 0 and marks_empty = 0 and is_note = 0 and input_level = 0 and task_id is null
  and user_id is not null and deleted_at is null`

const markNotes = async (db: Kysely<Tables>): Promise<void> => {
  const bare = await db
    .selectFrom('annotation')
    .select(['app', 'input_id', 'id', 'message'])
    .where('has_data', '=', 0)
    .where('input_level', '=', 0)
    .execute()
  for (const { message, ...key } of bare) {
    const info = fromBinary(AnnotationSchema, message).annotationInfo?.marquee
    if (typeof info !== 'object' || info === null || !('note' in info)) continue
    await db
      .updateTable('annotation')
      .set({ is_note: 1, marks_empty: 0 })
      .where('app', '=', key.app)
      .where('input_id', '=', key.input_id)
      .where('id', '=', key.id)
      .execute()
  }
}
