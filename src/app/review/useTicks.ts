import { useEffect, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { keep, keptText } from '#app/kept.ts'
import type { AppScope } from '#sync/scope.ts'
import { newer, readTicks, ticksText, withTicks } from './marks.ts'

/** So that a run of ticks is one message, ms. */
const SETTLE_MS = 800

const none: ReadonlySet<string> = new Set()

let sending: ReturnType<typeof setTimeout> | undefined

/**
 * The regions that this person found right in this round of a piece of work: at once in this browser, and with the
 * person's preferences, so that another device goes on where this one was left. Of the last pieces of work only.
 * @param work empty: none is open
 */
export function useTicks(
  { owner, app }: AppScope,
  work: string,
): readonly [ReadonlySet<string>, (ticks: ReadonlySet<string>) => void] {
  const { clients, person } = useApp()
  const preference = `ticks.${owner}/${app}`
  const local = `marquee.${person.id}.${preference}`
  const [kept, setKept] = useState(() => readTicks(keptText(local)))
  const reviewing = work !== ''
  useEffect(() => {
    if (!reviewing) return
    let live = true
    clients.account.getPreferences({}).then(
      ({ preferences }) => {
        if (!live) return
        const [mine, theirs] = [readTicks(keptText(local)), readTicks(preferences[preference])]
        const last = newer(mine, theirs)
        keep(local, ticksText(last))
        setKept(last)
      },
      () => undefined, // those of this browser are shown
    )
    return () => {
      live = false
    }
  }, [clients, preference, local, reviewing])
  const set = (ticks: ReadonlySet<string>) => {
    const next = withTicks(kept, work, ticks, Date.now())
    const text = ticksText(next)
    setKept(next)
    keep(local, text)
    clearTimeout(sending)
    // where that fails this browser has them, and the next tick sends all
    const send = () => clients.account.putPreferences({ preferences: { [preference]: text } }).catch(() => undefined)
    sending = setTimeout(() => void send(), SETTLE_MS)
  }
  const found = kept.works.find(([name]) => name === work)
  return [found ? new Set(found[1]) : none, set]
}
