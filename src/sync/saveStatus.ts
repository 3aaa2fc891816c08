import type { SenderState } from './tabs.ts'

/** What the `status` element shows (decisions §18). */
export interface SaveStatus {
  readonly state: 'saved' | 'saving' | 'local' | 'offline' | 'conflict' | 'refused' | 'signed-out'
  /** changes the server has not acknowledged; those that wait for the person's decision do not count */
  readonly waiting: number
  readonly text: string
}

export interface SaveFacts {
  readonly waiting: number
  readonly conflicts: number
  readonly refusals: number
  /** false: something is kept in this tab only */
  readonly durable: boolean
  readonly online: boolean
  readonly sender: SenderState
}

/** What needs the person comes first, then what keeps the changes here, then progress. */
export function saveStatus(facts: SaveFacts): SaveStatus {
  const { waiting, conflicts, refusals, durable, online, sender } = facts
  const place = durable ? 'on this device' : 'in this tab only'
  if (sender.signedOut) return { state: 'signed-out', waiting, text: 'Sign in to save' }
  if (conflicts > 0) return { state: 'conflict', waiting, text: 'Conflict' }
  if (refusals > 0) return { state: 'refused', waiting, text: 'Refused' }
  if (waiting === 0) return { state: 'saved', waiting, text: 'Saved' }
  if (!online || sender.unreachable)
    return {
      state: 'offline',
      waiting,
      text: `Offline: ${waiting} ${waiting === 1 ? 'change' : 'changes'} kept ${place}`,
    }
  if (sender.failing || !durable) return { state: 'local', waiting, text: `Kept ${place}` }
  return { state: 'saving', waiting, text: 'Saving…' }
}
