import type { BadgeKind } from '#app/work/workBadges.ts'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'

/** The search of the workspace's address. */
export interface WorkspaceSearch {
  /** to be selected */
  region?: string
  /** a thread of notes to be opened */
  note?: string
  /** The input is opened as work in this task. */
  task?: string
  /** The input is opened as work that was assigned outside of tasks. */
  work?: 'orders'
  /** The input is opened to review work on it in this task; empty: an order outside of tasks. */
  review?: string
  /** Which piece of work is reviewed. */
  item?: string
  /** What comes next in the review: of all tasks, by this author, in this order. */
  among?: 'all'
  author?: string
  order?: string
  /** The input is opened to settle what several people made of it in this task; empty: orders. */
  consensus?: string
}

/** A queue that the images on the screen are those of, in its order: of work, of a review, of disagreements. */
export interface ImageQueue {
  /** of the address that opens what is at this 1-based place */
  readonly searchAt: (place: number) => WorkspaceSearch
  readonly badgeAt: (place: number) => BadgeKind | undefined
  /** what comes after the open one; undefined: nothing */
  readonly next: { readonly input: InputSummary; readonly search: WorkspaceSearch } | undefined
  /** said where there is nothing after it */
  readonly atEnd: string
}

const texts = ['region', 'note', 'author', 'order'] as const
const mayBeEmpty = ['review', 'item', 'consensus'] as const

/** What an address says, without what is no word of ours. */
export function workspaceSearchOf(search: Readonly<Record<string, unknown>>): WorkspaceSearch {
  const found: WorkspaceSearch = {}
  for (const name of texts) if (isText(search[name]) && search[name] !== '') found[name] = search[name]
  for (const name of mayBeEmpty) if (isText(search[name])) found[name] = search[name]
  if (isText(search.task) && search.task !== '') found.task = search.task
  if (search.work === 'orders') found.work = 'orders'
  if (search.among === 'all') found.among = 'all'
  return found
}

const isText = (value: unknown): value is string => typeof value === 'string'
