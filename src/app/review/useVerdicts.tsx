import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count } from '#app/messages.ts'
import type { WorkItem } from '#gen/marquee/v1/team_pb.ts'
import { newId } from '#model/ids.ts'
import type { Command, Verdict } from '#sync/commands.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { type AppScope, appKey } from '#sync/scope.ts'
import { plainToast, undoToast } from '#ui/toast.tsx'
import { itemKey } from './reviewList.ts'

/** How long a verdict can be taken back before the server is told, ms: as long as its Undo is shown. */
const UNDO_MS = 10_000

const done: Readonly<Record<Verdict, string>> = {
  approve: 'approved',
  changes: 'sent back for changes',
  deny: 'denied',
}

export interface Verdicts {
  /** Verdicts of this app that have not reached the server, those it refused among them. */
  readonly pending: readonly Command[]
  /** What was decided here about a piece of work and has not arrived, the latest. */
  pendingOf(item: WorkItem): Command | undefined
  /** What was decided here about this version of it, arrived or not; lists that were read before still say that it waits. */
  givenOf(item: WorkItem): Verdict | undefined
  /** `taken`: called when all of it was taken back. */
  give(items: readonly WorkItem[], verdict: Verdict, reason?: string, taken?: () => void): void
  /** Forgets one that was refused. */
  dismiss(id: string): void
}

/** The same list while no verdict comes or goes: what else is asked for renders nothing. */
function useVerdictsOf(app: string): readonly Command[] {
  const { sync } = useApp()
  const last = useRef<readonly Command[]>([])
  return useSyncExternalStore(sync.commands.subscribe, () => {
    const now = sync.commands.list.filter(({ body, scope }) => body.is === 'verdict' && appKey(scope) === app)
    const same = now.length === last.current.length && now.every((command, i) => command === last.current[i])
    if (!same) last.current = now
    return last.current
  })
}

/** A reviewer's verdicts as commands: kept on the device, behind the edits of their input, and taken back for a while. */
export function useVerdicts(scope: AppScope): Verdicts {
  const { sync } = useApp()
  const key = appKey(scope)
  const pending = useVerdictsOf(key)
  useRefreshAfter(scope, pending.length)
  const given = useRef(new Map<string, Given>())
  useEffect(() => {
    for (const command of pending) if (command.refused) given.current.delete(keyOf(command))
  }, [pending])
  const byItem = useMemo(() => new Map(pending.map((command) => [keyOf(command), command])), [pending])
  return useMemo(
    () => ({
      pending,
      pendingOf: ({ taskId, id, input }) => byItem.get(`${taskId}/${input?.inputId}/${id}`),
      givenOf(item) {
        const last = given.current.get(itemKey(item))
        return last && last.version === versionOf(item) ? last.verdict : undefined
      },
      dismiss: (id) => void sync.commands.cancel(id),
      give(items, verdict, reason = '', taken) {
        const notBefore = Date.now() + UNDO_MS
        for (const one of items) given.current.set(itemKey(one), { verdict, version: versionOf(one) })
        const ids = items.flatMap((one) => {
          const { id: item, taskId: task, workerId: worker, input } = one
          if (!input) return []
          const id = newId()
          const body = { is: 'verdict' as const, task, item, verdict, worker, reason }
          void sync.commands.add({ id, scope: { ...scope, input: input.inputId }, name: nameOf(one), body, notBefore })
          return [id]
        })
        const images = new Set(items.map(({ input }) => input?.inputId)).size
        const what = images === 1 ? nameOf(items[0]) : count(images, 'image')
        undoToast(`${what} ${done[verdict]}`, () => {
          // forgotten first: with the command goes what tells the pages to look
          for (const item of items) given.current.delete(itemKey(item))
          const late = ids.filter((id) => !sync.commands.cancel(id))
          if (late.length > 0)
            plainToast(`${count(late.length, 'verdict')} had been sent already: reopen it from its task.`)
          else taken?.()
        })
      },
    }),
    [pending, byItem, sync, scope],
  )
}

interface Given {
  readonly verdict: Verdict
  readonly version: string
}

/** Changes when the work is submitted again. */
const versionOf = ({ round, modifiedAt }: WorkItem): string => `${round}/${modifiedAt?.seconds}.${modifiedAt?.nanos}`

const keyOf = ({ body, scope }: Command): string => `${body.task}/${scope.input}/${body.item}`

const nameOf = (item: WorkItem | undefined): string => item?.input?.filename || item?.input?.inputId || 'The image'

/** Lists of work are asked for again when a verdict has arrived. */
function useRefreshAfter(scope: AppScope, waiting: number): void {
  const client = useQueryClient()
  const before = useRef(waiting)
  useEffect(() => {
    if (waiting < before.current) void client.invalidateQueries({ queryKey: queryKeys.work(scope) })
    before.current = waiting
  })
}
