import type { ColumnTypes } from '#proxy/store/dialect.ts'

/** Datasets, their versions and exports, and the queue these are made from. Columns: schema.ts. */
export const datasets = ({ bytes, counter }: ColumnTypes): readonly string[] => [
  `create table dataset (
    no ${counter}, app bigint not null references app (no), id text not null, message ${bytes} not null,
    rev bigint not null, created_at bigint not null, modified_at bigint not null, deleted_at bigint, deleted_by text)`,
  `create unique index dataset_key on dataset (app, id) where deleted_at is null`,

  `create table dataset_input (
    dataset bigint not null references dataset (no), input_id text not null, app bigint not null,
    added_at bigint not null, primary key (dataset, input_id))`,
  `create index dataset_input_order on dataset_input (dataset, added_at, input_id)`,
  `create index dataset_input_of on dataset_input (app, input_id)`,

  `create table dataset_version (
    no ${counter}, app bigint not null references app (no), dataset bigint not null references dataset (no),
    id text not null, message ${bytes} not null, status_code integer not null, status_details text not null,
    cut_rev bigint not null, snapshot text, metrics ${bytes},
    rev bigint not null, created_at bigint not null, modified_at bigint not null, deleted_at bigint, deleted_by text)`,
  `create unique index dataset_version_key on dataset_version (dataset, id) where deleted_at is null`,
  `create index dataset_version_order on dataset_version (dataset, created_at) where deleted_at is null`,

  `create table dataset_version_input (
    version bigint not null references dataset_version (no), place bigint not null, input_id text not null,
    primary key (version, place))`,

  `create table dataset_export (
    no ${counter}, version bigint not null references dataset_version (no), format integer not null,
    status_code integer not null, status_details text not null, hash text, size bigint not null)`,
  `create unique index dataset_export_key on dataset_export (version, format)`,

  `create table background_work (
    no ${counter}, kind text not null, subject bigint not null, due_at bigint not null, lease text,
    attempts integer not null)`,
  `create index background_work_due on background_work (due_at)`,
]
