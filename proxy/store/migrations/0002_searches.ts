import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '#proxy/store/dialect.ts'
import { insertRows } from '#proxy/store/insertRows.ts'
import type { Tables } from '#proxy/store/schema.ts'
import { indexRows } from '#proxy/store/searchIndex.ts'
import type { Step } from './step.ts'

const rowsAtOnce = 1000

/** Indexes what was written before there was an index, oldest first, a thousand annotations at a time. */
const indexAll = async (db: Kysely<Tables>): Promise<void> => {
  let last = { app: -1, created_at: -1 }
  for (;;) {
    const rows = await db
      .selectFrom('annotation')
      .select(['app', 'input_id', 'created_at', 'deleted_at', 'message'])
      .where(sql<boolean>`(app, created_at) > (${last.app}, ${last.created_at})`)
      .where('deleted_at', 'is', null)
      .orderBy('app')
      .orderBy('created_at')
      .limit(rowsAtOnce)
      .execute()
    for (const ofApp of Map.groupBy(rows, (row) => row.app).values()) {
      const { terms, places, frames } = await indexRows(db, ofApp)
      // as the table was then
      await insertRows(db, 'annotation_term', terms.map(({ trusted: _, ...term }) => term) as typeof terms)
      await insertRows(db, 'annotation_geo', places)
      await insertRows(db, 'annotation_frame', frames)
    }
    if (rows.length < rowsAtOnce) return
    const { app, created_at } = rows.at(-1)!
    last = { app: Number(app), created_at: Number(created_at) }
  }
}

/** What searches look things up in, what they are saved in, and counters of jobs. Columns are told in schema.ts. */
export const searches = ({ bytes }: ColumnTypes): readonly Step[] => [
  `create table annotation_term (
    app bigint not null, created_at bigint not null, term text not null, input_at bigint not null,
    primary key (app, created_at, term))`,
  `create index annotation_term_order on annotation_term (app, term, created_at)`,
  `create index annotation_term_input on annotation_term (app, term, input_at)`,

  `create table annotation_geo (
    app bigint not null, created_at bigint not null, input_at bigint not null,
    latitude double precision not null, longitude double precision not null,
    x double precision not null, y double precision not null, z double precision not null,
    primary key (app, created_at))`,
  `create index annotation_geo_place on annotation_geo (app, latitude, longitude, created_at, input_at)`,

  `create table annotation_frame (
    app bigint not null, created_at bigint not null, input_at bigint not null,
    time bigint not null, number bigint not null, primary key (app, created_at))`,
  `create index annotation_frame_order on annotation_frame (app, input_at, time, number, created_at)`,

  `create table saved_search (
    app bigint not null references app (no), id text not null, kind text not null, message ${bytes} not null,
    created_at bigint not null, modified_at bigint not null, primary key (app, id))`,
  `create index saved_search_order on saved_search (app, created_at)`,

  `create table annotation_filter (
    app bigint not null references app (no), id text not null, message ${bytes} not null,
    created_at bigint not null, modified_at bigint not null, primary key (app, id))`,
  `create index annotation_filter_order on annotation_filter (app, created_at)`,

  `create table inputs_add_job (
    app bigint not null references app (no), id text not null, succeeded bigint not null, failed bigint not null,
    created_at bigint not null, modified_at bigint not null, primary key (app, id))`,
  `create index inputs_add_job_order on inputs_add_job (app, created_at)`,

  `create index annotation_id on annotation (app, id, created_at) where deleted_at is null`,
  `create index annotation_modified on annotation (app, modified_at, created_at, deleted_at) where deleted_at is null`,
  `create index input_status on input (app, status_code, created_at, deleted_at) where deleted_at is null`,
  `create index input_kind on input (app, kind, created_at, deleted_at) where deleted_at is null`,
  `create index concept_name on concept (app, name) where deleted_at is null`,
  indexAll,
]
