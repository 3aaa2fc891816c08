import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { useApp } from '#app/appContext.tsx'
import { useConnection } from '#app/providers.tsx'
import type { Filmstrip } from '#app/workspace/filmstrip/useFilmstrip.ts'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import type { Work, WorkItem } from '#gen/marquee/v1/team_pb.ts'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Command, CommandBody } from '#sync/commands.ts'
import { appKey, type InputScope } from '#sync/scope.ts'
import { taskQuery } from '#sync/work.ts'
import { painted } from '#ui/painted.ts'
import { atPlace, inputOf, nextAfter, placeOf } from './queue.ts'
import { WorkQueue } from './workQueue.ts'
import { workState } from './workStates.ts'

/** How often the queue is asked for while one works in it, ms. */
const EVERY_MS = 30_000

/** The open input as a piece of assigned work. */
export interface WorkMode {
  /** empty: an order outside of tasks */
  readonly task: string
  readonly queue: WorkQueue
  readonly work: Work | undefined
  /** the task itself, for its concepts and reviewers */
  readonly details: Task | undefined
  /** the open input's item; undefined while it is looked for, or when it is not this person's */
  readonly item: WorkItem | undefined
  /** the server has said that the open input is not this person's work */
  readonly foreign: boolean
  readonly error: unknown
  /** 1-based */
  readonly place: number | undefined
  readonly total: number | undefined
  /** what Submit goes on to */
  readonly next: WorkItem | undefined
  readonly itemOf: (inputId: string) => WorkItem | undefined
  /** what is asked of the server for an item and not answered yet, the latest */
  readonly pendingOf: (item: WorkItem) => Command | undefined
  /** the queue as the filmstrip shows it */
  readonly strip: Filmstrip | undefined
}

/** @param task undefined: the input is not open as work; empty: an order */
export function useWork(scope: InputScope, task: string | undefined): WorkMode | undefined {
  const { clients, queryClient, sync, person } = useApp()
  const { owner, app, input } = scope
  const [kept, keep] = useState<{ key: string; queue: WorkQueue }>()
  const key = task === undefined ? undefined : `${appKey(scope)}/${task}`
  let queue = kept?.key === key ? kept?.queue : undefined
  if (key !== undefined && task !== undefined && !queue) {
    queue = new WorkQueue({ clients, queryClient, scope: { owner, app }, me: person.id, task })
    keep({ key, queue })
  }
  useEffect(() => void queue?.open(input), [queue, input])
  useRefresh(queue)
  useBegun(queue, owner, app)
  useEnded(queue, owner, app)
  const nothing = useCallback(() => () => undefined, [])
  const state = useSyncExternalStore(queue?.subscribe ?? nothing, () => queue?.state)
  const commands = useSyncExternalStore(
    // whoever asks for something has the next image opened, too: one rendering shows both
    useCallback((listener) => sync.commands.subscribe(() => void painted().then(listener)), [sync]),
    () => sync.commands.list,
  )
  const { data: details } = useQuery({
    ...taskQuery(clients, scope, task ?? ''),
    enabled: task !== undefined && task !== '',
    staleTime: 60_000,
  })
  return useMemo(() => {
    if (!queue || !state || task === undefined) return undefined
    const items = state.queue?.items ?? []
    const byInput = new Map(items.map((item) => [inputOf(item), item]))
    // what the server refused is still to do
    const asked = commands.filter(({ body, refused }) => body.task === task && !refused)
    const last = new Map(asked.map(({ body }) => [body.item, body]))
    const gone = new Set([...last.values()].filter(({ is }) => is !== 'unsubmit').map(({ item }) => item))
    return {
      task,
      queue,
      work: state.work,
      details,
      item: byInput.get(input),
      foreign: state.foreign.has(input),
      error: state.error,
      place: state.queue && placeOf(state.queue, input),
      total: state.queue?.total,
      next: state.queue && nextAfter(state.queue, input, gone),
      itemOf: (id: string) => byInput.get(id),
      // as it is now: what was asked a moment ago is not asked again
      pendingOf: ({ id }: WorkItem) =>
        sync.commands.list.findLast(({ body }) => body.task === task && body.item === id),
      strip: state.queue && stripOf(queue, input),
    }
  }, [queue, state, sync, commands, details, task, input])
}

/** The same places as the bar shows; what was submitted before and is not loaded stays blank. */
function stripOf(store: WorkQueue, input: string): Filmstrip | undefined {
  const { queue, error } = store.state
  if (!queue) return undefined
  const place = placeOf(queue, input)
  const at = (wanted: number): InputSummary | undefined => {
    const summary = atPlace(queue, wanted)?.input
    return summary && { ...summary, place: wanted }
  }
  return {
    total: queue.total,
    current: place === undefined ? undefined : at(place),
    at,
    show: (first, last) => {
      if (first <= queue.before) void store.loadBefore()
      if (queue.more !== undefined && last > queue.before + queue.items.length - 20) void store.loadMore()
    },
    error,
    missing: false,
    retry: () => void store.refresh(),
  }
}

function useRefresh(queue: WorkQueue | undefined): void {
  const { answers } = useConnection()
  useEffect(() => {
    if (!queue) return
    const look = () => document.visibilityState === 'visible' && void queue.refresh()
    const stop = answers.subscribe(() => !answers.away && look())
    const timer = setInterval(look, EVERY_MS)
    document.addEventListener('visibilitychange', look)
    window.addEventListener('focus', look)
    return () => {
      stop()
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
      window.removeEventListener('focus', look)
    }
  }, [queue, answers])
}

/** What has edits is begun, whether the server knows or not. */
function useBegun(queue: WorkQueue | undefined, owner: string, app: string): void {
  const { sync } = useApp()
  useEffect(() => {
    if (!queue) return
    const look = () => queue.begin(new Set(sync.changedInputs({ owner, app }).keys()))
    const stops = [sync.subscribe(() => void painted().then(look)), queue.subscribe(look)]
    return () => {
      for (const stop of stops) stop()
    }
  }, [queue, sync, owner, app])
}

/** Until the server has been asked. */
function stateAfter(body: CommandBody): WorkItem['state'] {
  if (body.is !== 'submit') return workState.todo
  return body.to === 'done' ? workState.done : workState.waiting
}

/** What a command has come to is asked for: the server decides what state it leads to. */
function useEnded(queue: WorkQueue | undefined, owner: string, app: string): void {
  const { sync } = useApp()
  useEffect(
    () =>
      sync.onCommandEnded(({ scope, body, refused }) => {
        if (scope.owner !== owner || scope.app !== app || !queue) return
        const item = queue.state.queue?.items.find(({ id }) => id === body.item)
        if (item && !refused) queue.update({ ...item, state: stateAfter(body) })
        const waiting = sync.commands.list.filter(
          ({ body: { is }, refused }) => !refused && (is === 'submit' || is === 'skip'),
        )
        void queue.look(scope.input).then(() => queue.topUp(new Set(waiting.map(({ body: { item: id } }) => id))))
      }),
    [sync, queue, owner, app],
  )
}
