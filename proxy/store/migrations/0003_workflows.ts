import type { ColumnTypes } from '#proxy/store/dialect.ts'

/** Models, workflows, and the jobs that run them. What a column means stands in schema.ts. */
export const workflows = ({ bytes, counter }: ColumnTypes): readonly string[] => [
  `create table model (
    no ${counter}, app bigint not null references app (no), id text not null, message ${bytes} not null,
    rev bigint not null, created_at bigint not null, modified_at bigint not null, deleted_at bigint, deleted_by text)`,
  `create unique index model_key on model (app, id) where deleted_at is null`,

  `create table model_version (
    no ${counter}, app bigint not null references app (no), parent bigint not null references model (no),
    id text not null, message ${bytes} not null,
    rev bigint not null, created_at bigint not null, modified_at bigint not null, deleted_at bigint, deleted_by text)`,
  `create unique index model_version_key on model_version (app, id)`,
  `create index model_version_order on model_version (parent, created_at) where deleted_at is null`,

  `create table workflow (
    no ${counter}, app bigint not null references app (no), id text not null, message ${bytes} not null,
    rev bigint not null, created_at bigint not null, modified_at bigint not null, deleted_at bigint, deleted_by text)`,
  `create unique index workflow_key on workflow (app, id) where deleted_at is null`,

  `create table workflow_version (
    no ${counter}, app bigint not null references app (no), parent bigint not null references workflow (no),
    id text not null, message ${bytes} not null,
    rev bigint not null, created_at bigint not null, modified_at bigint not null, deleted_at bigint, deleted_by text)`,
  `create unique index workflow_version_key on workflow_version (app, id)`,
  `create index workflow_version_order on workflow_version (parent, created_at) where deleted_at is null`,

  `create table job (
    no ${counter}, app bigint not null references app (no), input_id text not null,
    workflow_version bigint not null references workflow_version (no), state text not null, attempts integer not null,
    due_at bigint, lease text, written text not null, error text not null,
    created_at bigint not null, modified_at bigint not null)`,
  `create unique index job_key on job (app, input_id, workflow_version)`,
  `create index job_due on job (due_at, app) where due_at is not null`,
  `create index job_failed on job (modified_at) where state = 'failed'`,
]
