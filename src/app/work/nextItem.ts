import type { QueryClient } from '@tanstack/react-query'
import type { Work, WorkItem } from '#gen/marquee/v1/team_pb.ts'
import type { Clients } from '#sync/client.ts'
import type { Command } from '#sync/commands.ts'
import { isUnreachable } from '#sync/errors.ts'
import { type AppScope, appKey } from '#sync/scope.ts'
import { startLabeling, workItems } from '#sync/work.ts'
import { type Candidate, candidates, stateOfGroup } from './continueWith.ts'
import { isOpen } from './queue.ts'
import { keptQueue } from './workQueue.ts'

/** What to work on next, and why it comes first. */
export interface NextItem {
  readonly work: Work
  readonly group: Candidate['group']
  /** absent: it is taken from the shared queue when one continues */
  readonly item: WorkItem | undefined
}

export interface Asking {
  readonly clients: Clients
  readonly queryClient: QueryClient
  readonly scope: AppScope
  readonly me: string
  /** what is submitted or skipped here already, whether the server knows or not; what it refused is still to do */
  readonly pending: readonly Command[]
}

/**
 * The first piece of work there is; undefined when there is none. Without the server it is that of the queues that this
 * device knows.
 */
export async function nextItem(works: readonly Work[], asking: Asking): Promise<NextItem | undefined> {
  try {
    return await asked(works, asking)
  } catch (error) {
    const known = isUnreachable(error) && (await keptNext(works, asking))
    if (known) return known
    throw error
  }
}

async function keptNext(works: readonly Work[], asking: Asking): Promise<NextItem | undefined> {
  const done = doneHere(asking)
  for (const { work, group } of candidates(works)) {
    const queue = await keptQueue(asking.queryClient, asking.scope, work.taskId).catch(() => undefined)
    const item = queue?.items.find((each) => isOpen(each) && !done.has(each.id))
    if (item) return { work, group: group === 'unclaimed' ? 'todo' : group, item }
  }
  return undefined
}

async function asked(works: readonly Work[], asking: Asking): Promise<NextItem | undefined> {
  for (const { work, group } of candidates(works)) {
    if (group === 'unclaimed') return { work, group, item: undefined }
    const item = await firstOf(work, group, asking)
    if (item) return { work, group, item }
  }
  return undefined
}

const doneHere = ({ scope, pending }: Asking): ReadonlySet<string> =>
  new Set(
    pending
      .filter((command) => appKey(command.scope) === appKey(scope) && !command.refused)
      .map(({ body }) => body.item),
  )

async function firstOf(
  { taskId }: Work,
  group: Exclude<Candidate['group'], 'unclaimed'>,
  asking: Asking,
): Promise<WorkItem | undefined> {
  const { clients, scope, me } = asking
  const done = doneHere(asking)
  const { items } = await workItems(clients, scope, { task: taskId, workers: [me], state: stateOfGroup[group] })
  const open = items.filter(({ id }) => !done.has(id))
  return (group === 'begun' ? open.find(({ begun }) => begun) : undefined) ?? open[0]
}

/** Takes the next from the shared queue of a task; undefined when others were faster. */
export async function takeNext({ taskId }: Work, { clients, scope, me }: Asking): Promise<WorkItem | undefined> {
  await startLabeling(clients, scope, taskId)
  const { items } = await workItems(clients, scope, { task: taskId, workers: [me], state: stateOfGroup.todo })
  return items[0]
}
