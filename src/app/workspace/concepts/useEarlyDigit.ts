import { useEffect, useRef } from 'react'
import type { InputSession } from '#app/workspace/session/session.ts'
import type { RegionKey } from '#model/region.ts'
import type { Concepts } from './useConcepts.ts'

/** A digit that was pressed before it was known what it stands for. */
export interface EarlyDigit {
  /** 1…10 */
  readonly slot: number
  readonly negative: boolean
  /** what was selected then */
  readonly selected: ReadonlySet<RegionKey>
}

/**
 * Keeps the last digit pressed while the concepts are on their way, and hands it over once they are there, if the same
 * image is still open: somebody quick draws with the concept they chose.
 */
export function useEarlyDigit(session: InputSession, { loading, list }: Concepts, take: (early: EarlyDigit) => void) {
  const early = useRef<{ session: InputSession; digit: EarlyDigit }>(undefined)
  const latest = useRef(take)
  latest.current = take
  useEffect(() => {
    const kept = early.current
    if (loading || !kept) return
    early.current = undefined
    if (kept.session === session && list.length > 0) latest.current(kept.digit)
  }, [loading, list, session])
  return (slot: number, negative: boolean) => {
    early.current = { session, digit: { slot, negative, selected: session.editor.state.selected } }
  }
}
