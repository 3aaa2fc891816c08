/** Jobs that count inputs can be cancelled. What a column means stands in schema.ts. */
export const addJobs = (): readonly string[] => [`alter table inputs_add_job add column cancelled_at bigint`]
