import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo, useSyncExternalStore } from 'react'
import { useApp } from '#app/appContext.tsx'
import { type BadgeKind, waitsForOthers } from '#app/work/workBadges.ts'
import { workState } from '#app/work/workStates.ts'
import type { ImageQueue } from '#app/workspace/filmstrip/imageQueue.ts'
import type { Filmstrip } from '#app/workspace/filmstrip/useFilmstrip.ts'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import type { GetAgreementResponse, InputAgreement, WorkItem } from '#gen/marquee/v1/team_pb.ts'
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
      ({ body, scope: its }) => isSettling(body, task) && appKey(its) === appKey(scope) && its.input === input,
    ),
  )
  const settledHere = useSyncExternalStore(sync.commands.subscribe, () =>
    sync.commands.list
      .filter(({ body, refused, scope: its }) => isSettling(body, task) && !refused && appKey(its) === appKey(scope))
      .map(({ scope: its }) => its.input)
      .join('\n'),
  )
  const settled = useMemo(() => new Set(settledHere.split('\n')), [settledHere])
  return useMemo(() => {
    if (task === undefined) return undefined
    const found = (list.data?.pages ?? []).flatMap((page) => page.inputs.filter((one) => one.input !== undefined))
    const inputs = found.map((one) => one.input!)
    const at = inputs.findIndex(({ inputId }) => inputId === input)
    const next = nextToSettle(found, at, settled)
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
        badgeAt: (place) => badgeOn(found[place - 1], settled),
        next: next && { input: next, search: { consensus: task } },
        atEnd: 'Nothing else waits for a verdict here.',
      },
    }
  }, [task, input, details, agreement.data, agreement.error, items.data, items.error, pending, list.data, settled])
}

const isSettling = (body: Command['body'], task: string | undefined): boolean =>
  body.is === 'settle' && body.task === task

/** Round the end: the next one on which work waits for a verdict, the open one left out. @param at its place, -1: none */
export function nextToSettle(
  found: readonly InputAgreement[],
  at: number,
  settled: ReadonlySet<string>,
): InputSummary | undefined {
  const round = [...found.slice(at + 1), ...found.slice(0, Math.max(at, 0))]
  return round.find((one) => one.waiting > 0 && !settled.has(one.input?.inputId ?? ''))?.input
}

function badgeOn(one: InputAgreement | undefined, settled: ReadonlySet<string>): BadgeKind | undefined {
  if (!one) return undefined
  if (settled.has(one.input?.inputId ?? '')) return 'submitted'
  return agreementBadge(one)
}

/** undefined: others have not submitted it yet, or it went back to them. */
export function agreementBadge({ waiting, approved }: InputAgreement): BadgeKind | undefined {
  if (waiting > 0) return 'waiting'
  return approved > 0 ? 'approved' : undefined
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

/** Why there is nothing to settle: who has settled it, or with whom it is. */
export function unsettledWords(items: readonly WorkItem[], nameOf: (userId: string) => string): string {
  const people = (some: readonly WorkItem[]) => [...new Set(some.map(({ workerId }) => nameOf(workerId)))].join(', ')
  const done = items.filter(({ state }) => state === workState.done)
  const by = [...new Set(done.map(({ decidedBy }) => decidedBy).filter(Boolean))].map(nameOf).join(', ')
  if (done.length === items.length && done.length > 0) return by ? `Settled by ${by}.` : 'They agree: it is approved.'
  const back = items.filter(({ state }) => state === workState.returned)
  if (back.length > 0) return `Sent back: it is with ${people(back)} again.`
  const open = items.filter((item) => item.state === workState.todo || waitsForOthers(item))
  if (open.length > 0) return `It waits for ${people(open.filter((item) => !waitsForOthers(item))) || 'the others'}.`
  return `An answer is approved${by && ` by ${by}`}; that of ${people(items.filter((item) => !done.includes(item)))} waits beside it.`
}

/** All work on the input waits for a verdict, so that it can be settled. */
export const waitsForVerdict = (items: readonly WorkItem[]): boolean =>
  items.length > 0 && items.every((item) => item.state === workState.waiting && !waitsForOthers(item))
