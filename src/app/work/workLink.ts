/** The search of the workspace's address that opens an input as work. `task` empty: an order outside of tasks. */
export const workSearch = (task: string): { task?: string; work?: 'orders' } =>
  task === '' ? { work: 'orders' } : { task }
