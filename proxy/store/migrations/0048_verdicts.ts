/** Verdicts are counted by who gave them too, from an index that holds nothing else. */
export const verdicts = (): readonly string[] => [
  'drop index work_event_task',
  `create index work_event_verdict on work_event (app, task_id, worker_id, actor_id, action)
    where action in ('approve', 'return', 'deny', 'reopen')`,
]
