/** Without a sign of the person for so long, they count as away, ms. */
export const IDLE_MS = 60_000

/** How long somebody was active, as far as it is known; times in ms since any fixed moment. */
export interface ActiveTime {
  readonly activeMs: number
  /** when the running stretch was last counted up to; undefined: none runs */
  readonly since: number | undefined
  /** the last sign of the person */
  readonly seen: number
}

export const startTime = (now: number): ActiveTime => ({ activeMs: 0, since: now, seen: now })

/** Counts up to now, but never further than the idle limit after the last sign. */
export function counted(time: ActiveTime, now: number): ActiveTime {
  if (time.since === undefined) return time
  const until = Math.min(now, time.seen + IDLE_MS)
  const activeMs = time.activeMs + Math.max(0, until - time.since)
  return { ...time, activeMs, since: until < now ? undefined : now }
}

/** The person did something. */
export function signed(time: ActiveTime, now: number): ActiveTime {
  return { ...counted(time, now), since: now, seen: now }
}

/** The page is out of sight, or another window has the keyboard. */
export const stopped = (time: ActiveTime, now: number): ActiveTime => ({ ...counted(time, now), since: undefined })

export const secondsOf = ({ activeMs }: ActiveTime): number => Math.floor(activeMs / 1000)
