import type { ColumnTypes } from '#proxy/store/dialect.ts'

/**
 * The first tables. What a column means stands in schema.ts.
 * Indexes are partial (`where deleted_at is null`), so what was deleted costs a listing nothing; a query must say the
 * same for the index to be used, and they hold `deleted_at` besides, or SQLite reads every row to check it once more.
 * All names and types here are read alike by SQLite and PostgreSQL.
 */
export const initial = ({ bytes, counter }: ColumnTypes): readonly string[] => [
  `create table meta (key text primary key, value text not null)`,

  `create table account (
    id text primary key, message ${bytes} not null, password_hash text, created_at bigint not null)`,
  `create table api_key (
    id text primary key, secret_hash text not null unique, user_id text not null, kind text not null, app bigint,
    scopes text not null, message ${bytes} not null, created_at bigint not null, expires_at bigint)`,
  `create index api_key_user on api_key (user_id)`,
  `create table session (
    token_hash text primary key, user_id text not null, created_at bigint not null, expires_at bigint not null)`,
  `create index session_of_user on session (user_id)`,
  `create table sign_in_failure (subject text primary key, count integer not null, last_at bigint not null)`,
  `create table preference (
    user_id text not null, key text not null, value text not null, primary key (user_id, key))`,

  `create table app (
    no ${counter}, user_id text not null, id text not null, message ${bytes} not null,
    rev bigint not null, last_at bigint not null,
    created_at bigint not null, modified_at bigint not null, deleted_at bigint)`,
  `create unique index app_key on app (user_id, id) where deleted_at is null`,
  `create table collaborator (
    id text primary key, app bigint not null references app (no), user_id text not null, scopes text not null,
    message ${bytes} not null, created_at bigint not null, modified_at bigint not null, deleted_at bigint)`,
  `create unique index collaborator_key on collaborator (app, user_id) where deleted_at is null`,
  `create index collaborator_user on collaborator (user_id) where deleted_at is null`,

  `create table concept (
    app bigint not null references app (no), id text not null, name text not null, message ${bytes} not null,
    rev bigint not null, created_at bigint not null, modified_at bigint not null, deleted_at bigint, deleted_by text,
    primary key (app, id))`,
  `create index concept_order on concept (app, created_at) where deleted_at is null`,

  `create table input (
    app bigint not null references app (no), id text not null, kind text not null, filename text not null,
    search_text text not null, width integer not null, height integer not null, status_code integer not null,
    source_url text, original text, display text, labelled integer not null default 0, message ${bytes} not null,
    rev bigint not null, created_at bigint not null, modified_at bigint not null, deleted_at bigint, deleted_by text,
    primary key (app, id))`,
  `create index input_order on input (app, created_at, deleted_at) where deleted_at is null`,
  `create index input_labelled on input (app, labelled, created_at, deleted_at) where deleted_at is null`,
  // Holds all that a search by text reads, so that it never touches the messages.
  `create index input_search on input (app, created_at, deleted_at, labelled, search_text) where deleted_at is null`,
  `create index input_source on input (app, source_url) where deleted_at is null and source_url is not null`,
  `create index input_original on input (original) where original is not null`,
  `create index input_display on input (display) where display is not null`,

  `create table annotation (
    app bigint not null, input_id text not null, id text not null, user_id text, model_version_id text,
    workflow_version_id text, status_code integer not null, input_level integer not null, trusted integer not null,
    task_id text, region_id text, region_kind text, has_data integer not null, concept_count integer not null,
    marks_empty integer not null default 0, mask text, message ${bytes} not null,
    rev bigint not null, created_at bigint not null, modified_at bigint not null, deleted_at bigint, deleted_by text,
    primary key (app, input_id, id), foreign key (app, input_id) references input (app, id))`,
  `create index annotation_order on annotation (app, created_at, deleted_at) where deleted_at is null`,
  `create index annotation_trusted on annotation (app, trusted, created_at, deleted_at) where deleted_at is null`,
  // Holds all that the counts of the grid and `input.labelled` are made of.
  `create index annotation_input on annotation
    (app, input_id, created_at, deleted_at, trusted, region_kind, concept_count, marks_empty) where deleted_at is null`,
  `create index annotation_user on annotation (app, user_id, created_at, deleted_at) where deleted_at is null`,
  `create index annotation_model on annotation (app, model_version_id, created_at, deleted_at)
    where deleted_at is null and model_version_id is not null`,
  `create index annotation_workflow on annotation (app, workflow_version_id, created_at, deleted_at)
    where deleted_at is null and workflow_version_id is not null`,
  `create index annotation_status on annotation (app, status_code, created_at, deleted_at) where deleted_at is null`,
  `create index annotation_task on annotation (app, task_id, created_at, deleted_at)
    where deleted_at is null and task_id is not null`,
  `create index annotation_region on annotation (app, input_id, region_id) where region_id is not null`,
  `create index annotation_mask on annotation (mask) where mask is not null`,
  `create index annotation_rev on annotation (app, rev)`,

  `create table history (
    app bigint not null references app (no), rev bigint not null, kind text not null, input_id text not null,
    item_id text not null, user_id text, at bigint not null, before ${bytes}, after ${bytes})`,
  `create index history_rev on history (app, rev)`,
  `create index history_item on history (app, kind, input_id, item_id, rev)`,
]
