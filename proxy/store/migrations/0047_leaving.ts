/** Who removed somebody from an app and what went with them, so that they can be brought back. */
export const leaving = (): readonly string[] => [
  'alter table collaborator add column deleted_by text',
  'alter table collaborator add column left_tasks text',
]
