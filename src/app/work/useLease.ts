import { Code, ConnectError } from '@connectrpc/connect'
import { useCallback, useEffect, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { leftWords } from '#app/apps/Departures.tsx'
import type { InputSession } from '#app/workspace/session/session.ts'
import { useSessionState } from '#app/workspace/session/useSession.ts'
import { classify } from '#sync/errors.ts'
import { departuresQuery } from '#sync/people.ts'
import { openWork } from '#sync/work.ts'
import { painted } from '#ui/painted.ts'
import { isOpen } from './queue.ts'
import type { WorkMode } from './useWork.ts'

const RENEW_MS = 30_000

/**
 * Says every 30 s that the open item is being worked on, so that a shared queue keeps it. Returns why it is not this
 * person's any more; undefined while it is, or while nobody can be asked. Asked at once when an edit is refused.
 */
export function useLease(session: InputSession, mode: WorkMode | undefined): string | undefined {
  const { scope } = session
  const { clients, queryClient, person } = useApp()
  const [lost, setLost] = useState<{ item: string; why: string }>()
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
        setLost({ item: id, why: left ? leftWords(left, person.id) : whyLost(error) })
        if (!left) void queue?.refresh() // perhaps more is gone
      }
    }
  }, [clients, queryClient, person.id, owner, app, input, task, id, queue])
  useEffect(() => {
    let left = false
    // the image first
    void painted().then(() => (left ? undefined : renew()))
    const timer = setInterval(() => void renew(), RENEW_MS)
    return () => {
      left = true
      clearInterval(timer)
    }
  }, [renew])
  const { problems } = useSessionState(session)
  const refused = [...problems.values()].filter(({ kind }) => kind === 'refused').length
  useEffect(() => {
    if (refused > 0) void renew()
  }, [refused, renew])
  return lost && lost.item === item?.id ? lost.why : undefined
}

function whyLost(error: unknown): string {
  if (!(error instanceof ConnectError)) return 'It is no longer yours.'
  switch (error.code) {
    case Code.PermissionDenied:
      return 'It is no longer yours: your part in this work was changed.'
    case Code.NotFound:
      return 'It is gone: the task or the assignment was deleted.'
    default:
      return 'It is no longer yours: it was taken back, or given to somebody else.'
  }
}
