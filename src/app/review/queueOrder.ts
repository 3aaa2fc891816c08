import type { WorkItem } from '#gen/marquee/v1/team_pb.ts'

/** In which order what waits is shown. */
export const orders = ['age', 'author', 'most', 'fewest', 'score', 'agreement'] as const
export type Order = (typeof orders)[number]

export const isOrder = (value: unknown): value is Order => orders.some((order) => order === value)

export const orderTitles: Readonly<Record<Order, string>> = {
  age: 'Longest waiting',
  author: 'Author',
  most: 'Most regions',
  fewest: 'Fewest regions',
  score: 'Lowest model score',
  agreement: 'Lowest agreement',
}

const time = ({ modifiedAt }: WorkItem): number => Number(modifiedAt?.seconds ?? 0) + (modifiedAt?.nanos ?? 0) / 1e9

/**
 * Items in this order; equals by how long they wait.
 * @param agreement of an item, 0 … 1; what is not known comes last
 */
export function ordered(
  items: readonly WorkItem[],
  order: Order,
  agreement: (item: WorkItem) => number | undefined,
): readonly WorkItem[] {
  const known = (item: WorkItem) => agreement(item) ?? 2
  const compare: Readonly<Record<Order, (a: WorkItem, b: WorkItem) => number>> = {
    age: () => 0,
    author: (a, b) => a.workerId.localeCompare(b.workerId),
    most: (a, b) => b.regions - a.regions,
    fewest: (a, b) => a.regions - b.regions,
    score: (a, b) => (a.score ?? 2) - (b.score ?? 2),
    agreement: (a, b) => known(a) - known(b),
  }
  return items.toSorted((a, b) => compare[order](a, b) || time(a) - time(b))
}
