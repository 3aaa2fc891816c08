/** The states of a task's work as people see them, in the order it goes through them. */
export const taskStates = ['todo', 'begun', 'waiting', 'returned', 'done'] as const
export type TaskState = (typeof taskStates)[number]

export const isTaskState = (value: unknown): value is TaskState => taskStates.some((state) => state === value)

export const stateTitles: Readonly<Record<TaskState, string>> = {
  todo: 'To label',
  begun: 'Labeling',
  waiting: 'In review',
  returned: 'Returned',
  done: 'Done',
}
