import type { ColumnTypes } from '#proxy/store/dialect.ts'

/** Tasks: who labels what and how it is reviewed. What a column means stands in schema.ts. */
export const tasks = ({ bytes }: ColumnTypes): readonly string[] => [
  `create table task (
    app bigint not null references app (no), id text not null, status_code integer not null,
    source_type integer not null, source_id text not null, label_order_id text, hides integer not null,
    message ${bytes} not null, rev bigint not null, created_at bigint not null, modified_at bigint not null,
    deleted_at bigint, deleted_by text, primary key (app, id))`,
  `create index task_order on task (app, created_at, deleted_at) where deleted_at is null`,

  `create table task_member (
    app bigint not null, task_id text not null, role text not null, member_id text not null, place integer not null,
    primary key (app, task_id, role, member_id), foreign key (app, task_id) references task (app, id))`,
  `create index task_member_of on task_member (app, role, member_id)`,

  `create table task_input (
    app bigint not null, task_id text not null, input_id text not null, place integer not null,
    sampled integer not null, free integer not null,
    primary key (app, task_id, input_id), foreign key (app, task_id) references task (app, id))`,
  `create index task_input_free on task_input (app, task_id, place) where free > 0`,

  `create table task_assignment (
    app bigint not null, task_id text not null, id text not null, input_id text not null, worker_id text not null,
    place integer not null, status_code integer not null, round integer not null, started integer not null,
    lease_until bigint, decided_by text, created_at bigint not null, modified_at bigint not null,
    withdrawn_at bigint,
    primary key (app, task_id, id), foreign key (app, task_id) references task (app, id))`,
  `create unique index task_assignment_key on task_assignment (app, task_id, input_id, worker_id)
    where withdrawn_at is null`,
  `create index task_assignment_worker on task_assignment (app, task_id, worker_id, status_code, place)
    where withdrawn_at is null`,
  `create index task_assignment_status on task_assignment (app, task_id, status_code, place)
    where withdrawn_at is null`,
  `create index task_assignment_lease on task_assignment (app, task_id, lease_until)
    where withdrawn_at is null and lease_until is not null`,

  `create table task_review (
    app bigint not null, task_id text not null, assignment_id text not null, reviewer_id text not null,
    status_code integer not null, lease_until bigint not null, created_at bigint not null, modified_at bigint not null,
    primary key (app, task_id, assignment_id, reviewer_id),
    foreign key (app, task_id, assignment_id) references task_assignment (app, task_id, id))`,
  `create index task_review_of on task_review (app, task_id, reviewer_id, status_code)`,
]
