import type { ColumnTypes } from '#proxy/store/dialect.ts'

/** Bulk operations. Columns: schema.ts. */
export const bulk = ({ bytes, counter }: ColumnTypes): readonly string[] => [
  `create table bulk_operation (
    no ${counter}, app bigint not null references app (no), id text not null, created_by text not null,
    scopes text not null, message ${bytes} not null, status_code integer not null, status_details text not null,
    reached bigint not null, processed bigint not null, failed bigint not null, last_processed_id text not null,
    total bigint, created_at bigint not null, modified_at bigint not null)`,
  `create unique index bulk_operation_key on bulk_operation (app, id)`,
  `create index bulk_operation_order on bulk_operation (app, created_at)`,
]
