export type Group = 'returned' | 'todo' | 'begun' | 'waiting' | 'done'

/** How a person's work is sorted on "My work". */
export const groups: readonly { readonly id: Group; readonly label: string }[] = [
  { id: 'returned', label: 'Returned to me' },
  { id: 'todo', label: 'To do' },
  { id: 'begun', label: 'In progress' },
  { id: 'waiting', label: 'Waiting for review' },
  { id: 'done', label: 'Approved this week' },
]

export const isGroup = (text: unknown): text is Group => groups.some(({ id }) => id === text)
