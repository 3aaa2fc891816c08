/** Links by which somebody without an account comes into an app, once. What a column means stands in schema.ts. */
export const invitations = (): readonly string[] => [
  `create table invitation (
    id text primary key, token_hash text not null unique, app bigint not null references app (no),
    scopes text not null, created_by text not null, created_at bigint not null, expires_at bigint not null,
    revoked_at bigint, used_at bigint, used_by text)`,
  `create index invitation_app on invitation (app, created_at)`,
]
