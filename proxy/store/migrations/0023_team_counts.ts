/**
 * What is counted by person and by state is read from an index alone; measured with 100,000 inputs and 50 people
 * (bench/team): the groups of a task 241 → 60 ms, of one person 128 → 1 ms. Orders have a column of their own: SQLite
 * chooses an index by the columns that are compared, and took those of all annotations of a user or in a state.
 */
export const teamCounts = (): readonly string[] => [
  'drop index task_assignment_worker',
  `create index task_assignment_worker on task_assignment
    (app, task_id, worker_id, status_code, place, id, started, round, decided_by, input_id, withdrawn_at)
    where withdrawn_at is null`,
  'drop index task_assignment_status',
  `create index task_assignment_status on task_assignment
    (app, task_id, status_code, place, id, worker_id, round, decided_by, input_id, withdrawn_at)
    where withdrawn_at is null`,
  // withdrawn work too: rules about annotations ask for it
  'create index task_assignment_any on task_assignment (app, task_id, input_id, worker_id)',
  'create index work_event_task on work_event (app, task_id, worker_id, action)',
  `create index work_agreement_pairs on work_agreement (app, task_id, worker_a, worker_b, agreement)
    where worker_b <> ''`,
  'alter table annotation add column is_order integer not null default 0',
  `update annotation set is_order = 1 where has_data = 0 and marks_empty = 0 and is_note = 0 and input_level = 0
    and task_id is null and user_id is not null`,
  'drop index annotation_work_order',
  `create index annotation_work_order on annotation
    (app, is_order, user_id, status_code, queued_at, created_at, round, decided_by, deleted_at)
    where is_order = 1 and deleted_at is null`,
  'drop index annotation_work_order_state',
  `create index annotation_work_order_state on annotation
    (app, is_order, status_code, queued_at, created_at, user_id, round, decided_by, deleted_at)
    where is_order = 1 and deleted_at is null`,
  'drop index annotation_work_order_input',
  `create index annotation_work_order_input on annotation (app, input_id, is_order, user_id)
    where is_order = 1 and deleted_at is null`,
]
