import { Code, ConnectError } from '@connectrpc/connect'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { useApp } from '#app/appContext.tsx'
import { leftWords } from '#app/apps/Departures.tsx'
import type { InputSession } from '#app/workspace/session/session.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { StatusSchema } from '#gen/web/proto/clarifai/api/status/status_pb.ts'
import { classify } from '#sync/errors.ts'
import { departuresQuery } from '#sync/people.ts'
import { openWork } from '#sync/work.ts'
import { painted } from '#ui/painted.ts'
import { isOpen } from './queue.ts'
import type { WorkMode } from './useWork.ts'

interface Lease {
  /** why the open item is no longer this person's */
  readonly lost: string | undefined
  /** the task was deleted */
  readonly ended: boolean
}

const RENEW_MS = 30_000
/** Who cannot go on learns soon that they can again, ms. */
const LOST_MS = 5000

/**
 * Says every 30 s that the open item is being worked on, so that a shared queue keeps it. Returns why it is not this
 * person's any more; undefined while it is, or while nobody can be asked. Asked at once when an edit is refused.
 */
export function useLease(session: InputSession, mode: WorkMode | undefined): Lease {
  const { scope } = session
  const { clients, queryClient, person } = useApp()
  const [lost, setLost] = useState<{ item: string; why: string }>()
  const [ended, setEnded] = useState<string>()
  const item = mode?.item
  const { owner, app, input } = scope
  const queue = mode?.queue
  const task = mode?.task
  // what is submitted needs no lease; what the server has refused is still to do
  const pending = item && mode?.pendingOf(item)
  const id = item && isOpen(item) && (!pending || pending.refused) ? item.id : undefined
  const renew = useCallback(async () => {
    if (id === undefined || task === undefined) return
    try {
      const fresh = await openWork(clients, { owner, app }, { task, item: id, input })
      setLost((known) => (known?.item === id ? undefined : known))
      if (fresh?.input) queue?.update(fresh)
      else {
        setLost({ item: id, why: 'The image was deleted meanwhile.' })
        void queue?.refresh()
      }
    } catch (error) {
      if (classify(error) === 'refused' || classify(error) === 'conflict') {
        const left = (await queryClient.fetchQuery(departuresQuery(clients))).find(
          (one) => one.userId === owner && one.appId === app,
        )
        const isEnded = !left && isDeletedTask(error)
        setEnded(isEnded ? task : undefined)
        setLost({ item: id, why: left ? leftWords(left, person.id) : whyLost(error) })
        if (!left) void queue?.refresh() // perhaps more is gone
      }
    }
  }, [clients, queryClient, person.id, owner, app, input, task, id, queue])
  const isLost = lost !== undefined && lost.item === item?.id
  useEffect(() => {
    let left = false
    // the image first
    void painted().then(() => (left ? undefined : renew()))
    const look = () => void renew()
    const timer = setInterval(look, isLost ? LOST_MS : RENEW_MS)
    // who comes back to the window may find it changed
    window.addEventListener('focus', look)
    return () => {
      left = true
      clearInterval(timer)
      window.removeEventListener('focus', look)
    }
  }, [renew, isLost])
  // the number only: the rest of the session's state is none of its business, and would render the page
  const refused = useSyncExternalStore(session.subscribe, () => refusedIn(session))
  useEffect(() => {
    if (refused > 0) void renew()
  }, [refused, renew])
  return {
    lost: isLost ? lost.why : undefined,
    ended: ended !== undefined && ended === task,
  }
}

const refusedIn = ({ state }: InputSession): number =>
  [...state.problems.values()].filter(({ kind }) => kind === 'refused').length

/** Of the task nothing is to do any more, whichever of its images is opened. */
const isDeletedTask = (error: unknown): boolean =>
  error instanceof ConnectError && error.findDetails(StatusSchema)[0]?.code === StatusCode.TASK_MISSING

function whyLost(error: unknown): string {
  if (!(error instanceof ConnectError)) return 'It is no longer yours.'
  switch (error.code) {
    case Code.PermissionDenied:
      return 'It is no longer yours: your part in this work was changed.'
    case Code.NotFound:
      return isDeletedTask(error) ? 'The task was deleted.' : 'It is gone: the assignment was deleted.'
    default:
      return 'It is no longer yours: it was taken back, or given to somebody else.'
  }
}
