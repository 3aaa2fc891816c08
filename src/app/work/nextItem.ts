import type { Work, WorkItem } from '#gen/marquee/v1/team_pb.ts'
import type { Clients } from '#sync/client.ts'
import type { Command } from '#sync/commands.ts'
import { type AppScope, appKey } from '#sync/scope.ts'
import { startLabeling, workItems } from '#sync/work.ts'
import { type Candidate, candidates, stateOfGroup } from './continueWith.ts'

/** What to work on next, and why it comes first. */
export interface NextItem {
  readonly work: Work
  readonly group: Candidate['group']
  /** absent: it is taken from the shared queue when one continues */
  readonly item: WorkItem | undefined
}

export interface Asking {
  readonly clients: Clients
  readonly scope: AppScope
  readonly me: string
  /** what is submitted or skipped here already, whether the server knows or not; what it refused is still to do */
  readonly pending: readonly Command[]
}

/** The first piece of work there is; undefined when there is none. */
export async function nextItem(works: readonly Work[], asking: Asking): Promise<NextItem | undefined> {
  for (const { work, group } of candidates(works)) {
    if (group === 'unclaimed') return { work, group, item: undefined }
    const item = await firstOf(work, group, asking)
    if (item) return { work, group, item }
  }
  return undefined
}

async function firstOf(
  { taskId }: Work,
  group: Exclude<Candidate['group'], 'unclaimed'>,
  { clients, scope, me, pending }: Asking,
): Promise<WorkItem | undefined> {
  const done = new Set(
    pending
      .filter((command) => appKey(command.scope) === appKey(scope) && !command.refused)
      .map(({ body }) => body.item),
  )
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
