import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo, useSyncExternalStore } from 'react'
import { useApp } from '#app/appContext.tsx'
import { waitsForOthers } from '#app/work/workBadges.ts'
import { workState } from '#app/work/workStates.ts'
import type { ImageQueue } from '#app/workspace/filmstrip/imageQueue.ts'
import type { Filmstrip } from '#app/workspace/filmstrip/useFilmstrip.ts'
import type { GetAgreementResponse, WorkItem } from '#gen/marquee/v1/team_pb.ts'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { agreementOnQuery, agreementPagesQuery } from '#sync/agreement.ts'
import type { Command } from '#sync/commands.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { appKey, type InputScope } from '#sync/scope.ts'
import { taskQuery, workItems } from '#sync/work.ts'

const EVERY_MS = 30_000

/** The open input as what several people made of it apart. */
export interface ConsensusMode {
  /** empty: orders outside of tasks */
  readonly task: string
  readonly details: Task | undefined
  readonly agreement: GetAgreementResponse | undefined
  readonly items: readonly WorkItem[] | undefined
  readonly error: unknown
  /** asked for here, and not answered yet */
  readonly pending: Command | undefined
  readonly queue: ImageQueue
  readonly strip: Filmstrip | undefined
}

/** @param task undefined: the input is not open to be settled */
export function useConsensusMode(scope: InputScope, task: string | undefined): ConsensusMode | undefined {
  const { clients, sync } = useApp()
  const { input } = scope
  const asked = task !== undefined
  const { data: details } = useQuery({ ...taskQuery(clients, scope, task ?? ''), enabled: Boolean(task) })
  const agreement = useQuery({ ...agreementOnQuery(clients, scope, task ?? ''), enabled: asked })
  const items = useQuery({
    queryKey: [...queryKeys.work(scope), 'onInput', task, input] as const,
    queryFn: async ({ signal }) =>
      (await workItems(clients, scope, { task: task ?? '', workers: [], input, perPage: 100 }, signal)).items,
    enabled: asked,
    refetchInterval: EVERY_MS,
  })
  const list = useInfiniteQuery({ ...agreementPagesQuery(clients, scope, task ?? ''), enabled: asked })
  // the one command, not the list: what others are asked for renders nothing here
  const pending = useSyncExternalStore(sync.commands.subscribe, () =>
    sync.commands.list.find(
      ({ body, scope: its }) =>
        body.is === 'settle' && body.task === task && appKey(its) === appKey(scope) && its.input === input,
    ),
  )
  return useMemo(() => {
    if (task === undefined) return undefined
    const inputs = (list.data?.pages ?? []).flatMap((page) => page.inputs.flatMap((one) => one.input ?? []))
    const at = inputs.findIndex(({ inputId }) => inputId === input)
    const next = inputs[at + 1]
    return {
      task,
      details,
      agreement: agreement.data,
      items: items.data,
      error: agreement.data ? undefined : (agreement.error ?? items.error),
      pending,
      strip: stripOf(inputs, at),
      queue: {
        searchAt: () => ({ consensus: task }),
        badgeAt: () => undefined,
        next: next && { input: next, search: { consensus: task } },
        atEnd: 'That was the last one on which people disagree.',
      },
    }
  }, [task, input, details, agreement.data, agreement.error, items.data, items.error, pending, list.data])
}

function stripOf(inputs: readonly NonNullable<WorkItem['input']>[], at: number): Filmstrip | undefined {
  if (at < 0) return undefined
  const place = (n: number) => inputs[n - 1] && { ...inputs[n - 1]!, place: n }
  return {
    total: inputs.length,
    current: place(at + 1),
    at: place,
    show: () => undefined,
    error: undefined,
    missing: false,
    retry: () => undefined,
  }
}

/** All work on the input waits for a verdict, so that it can be settled. */
export const waitsForVerdict = (items: readonly WorkItem[]): boolean =>
  items.length > 0 && items.every((item) => item.state === workState.waiting && !waitsForOthers(item))
