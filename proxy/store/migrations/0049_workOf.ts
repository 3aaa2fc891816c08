/** How far work is on the inputs of a page, of whatever task. */
export const workOf = (): readonly string[] => [
  'create index task_assignment_of on task_assignment (app, input_id) where withdrawn_at is null',
]
