import type { ColumnTypes } from '#proxy/store/dialect.ts'

/** Sessions of a server that forwards. What a column means stands in schema.ts. */
export const upstream = ({ bytes }: ColumnTypes): readonly string[] => [
  `create table upstream_session (
    token_hash text primary key, upstream text not null, user_id text not null, person ${bytes} not null,
    secret ${bytes} not null, created_at bigint not null, expires_at bigint not null)`,
]
