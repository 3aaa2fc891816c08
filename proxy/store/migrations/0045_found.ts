/**
 * An input's own annotation among thousands of others, and an annotation whose input nobody says: both read all there
 * was. Ids begin with the time now (service/people/secrets.ts), so that the second costs a write next to nothing.
 */
export const found = (): readonly string[] => [
  'create index annotation_level on annotation (app, input_id) where input_level = 1',
  'create index annotation_id on annotation (app, id, created_at, deleted_at) where deleted_at is null',
]
