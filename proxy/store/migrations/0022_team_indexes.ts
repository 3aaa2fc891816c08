/**
 * Looks the work on an input up by the input. Holds what the counts read, or SQLite takes the other index that does
 * (task_assignment_place) and walks the whole task for each input.
 */
export const teamIndexes = (): readonly string[] => [
  `create index task_assignment_input on task_assignment
    (app, task_id, input_id, worker_id, status_code, id, withdrawn_at) where withdrawn_at is null`,
]
