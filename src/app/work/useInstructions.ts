import { useEffect, useState } from 'react'
import { type AppContextValue, useApp } from '#app/appContext.tsx'
import { keep, keptText } from '#app/kept.ts'
import { deterministicId } from '#model/ids.ts'
import type { AppScope } from '#sync/scope.ts'

interface Reading {
  readonly owner: string
  readonly app: string
  readonly task: string
  /** Markdown; undefined while unknown */
  readonly text: string | undefined
}

export interface Instructions {
  readonly opened: boolean
  /** others than the person has read before */
  readonly changed: boolean
  readonly open: () => void
  readonly close: () => void
}

const keyOf = ({ owner, app }: AppScope, task: string, person: string) =>
  `marquee.instructions.${person}.${owner}/${app}/${task}`

const closed = { opened: false, changed: false } as const

interface Shown {
  readonly opened: boolean
  readonly changed: boolean
  /** what is read once it is closed */
  readonly reading?: { readonly key: string; readonly hash: string }
}

/** The person has read a task's instructions and closed them: they do not open by themselves again. */
export function markRead(
  { clients, person }: Pick<AppContextValue, 'clients' | 'person'>,
  of: Required<Reading>,
): void {
  if (of.text === undefined || of.text.trim() === '') return
  putRead(clients, keyOf(of, of.task, person.id), deterministicId('instructions', of.text))
}

function putRead(clients: AppContextValue['clients'], key: string, hash: string): void {
  keep(key, hash)
  void clients.account.putPreferences({ preferences: { [key]: hash } }).catch(() => undefined)
}

/**
 * Opens by itself, once, when a task's instructions are new to the person; kept with the person and in this browser when
 * they close it: what was swept away by a change of pages has not been read.
 */
export function useInstructions({ owner, app, task, text }: Reading): Instructions {
  const { clients, person } = useApp()
  const [state, setState] = useState<Shown>(closed)
  useEffect(() => {
    if (text === undefined || text.trim() === '') return
    const key = keyOf({ owner, app }, task, person.id)
    const hash = deterministicId('instructions', text)
    const known = keptText(key)
    if (known === hash) return
    let live = true
    const settle = (before: string | undefined) => {
      if (!live) return
      if (before === hash) keep(key, hash)
      else setState({ opened: true, changed: before !== undefined, reading: { key, hash } })
    }
    clients.account.getPreferences({}).then(
      ({ preferences }) => settle(preferences[key] ?? known),
      () => settle(known),
    )
    return () => {
      live = false
    }
  }, [clients, person.id, owner, app, task, text])
  return {
    opened: state.opened,
    changed: state.changed,
    open: () => setState({ opened: true, changed: false }),
    close: () => {
      if (state.reading) {
        putRead(clients, state.reading.key, state.reading.hash)
      }
      setState(closed)
    },
  }
}
