/** The newest notes of an app, for who is told of them. */
export const mentions = (): readonly string[] => [
  `create index annotation_note_time on annotation (app, created_at) where is_note = 1 and deleted_at is null`,
]
