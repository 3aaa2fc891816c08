/** What the outbox needs of a browser; every part may be missing (Node, an insecure origin, an old browser). */

/**
 * Calls `hold` when this tab becomes the only one that holds the lock; at once where the browser has no locks, since
 * two senders are safe, only wasteful. Returns how to let it go.
 */
export function holdLock(name: string, hold: () => void): () => void {
  const locks = globalThis.navigator?.locks
  if (!locks) {
    hold()
    return () => undefined
  }
  const waiting = new AbortController()
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const request = locks.request(name, { signal: waiting.signal }, () => {
    hold()
    return held
  })
  request.catch((error: unknown) => {
    if (!waiting.signal.aborted) throw error
  })
  return () => {
    waiting.abort()
    release()
  }
}

/** Held by a tab for as long as it lives. */
export const tabLock = (tab: string): string => `marquee-tab:${tab}`

/** Whether some tab holds the lock; false where the browser has no locks. */
export async function isLockHeld(name: string): Promise<boolean> {
  const state = await globalThis.navigator?.locks?.query()
  return state?.held?.some((lock) => lock.name === name) ?? false
}

let alone: Promise<unknown> = Promise.resolve()

/** Runs one piece of work at a time under a name, over all tabs; without locks, within this tab. */
export function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks
  if (locks) return locks.request(name, work) as Promise<T>
  const result = alone.then(work, work)
  alone = result.catch(() => undefined)
  return result
}

/** True unless the browser knows that it has no network. */
export const isOnline = (): boolean => globalThis.navigator?.onLine !== false

export interface Life {
  /** the network is back, or the person looks at the page again */
  readonly back: () => void
  /** the network is gone */
  readonly offline: () => void
  /** the page is being left; there may be no later chance */
  readonly leaving: () => void
}

/** Tells about the life of the page. Returns how to stop. */
export function watchLife({ back, offline, leaving }: Life): () => void {
  if (typeof window === 'undefined') return () => undefined
  const stop = new AbortController()
  const { signal } = stop
  const seen = (): void => (document.visibilityState === 'visible' ? back() : leaving())
  window.addEventListener('online', back, { signal })
  window.addEventListener('focus', back, { signal })
  window.addEventListener('offline', offline, { signal })
  window.addEventListener('pagehide', leaving, { signal })
  document.addEventListener('visibilitychange', seen, { signal })
  return () => stop.abort()
}

/** Tells every tab of this browser, whoever is signed in there, who signed in here. Returns how to stop listening. */
export function announcePerson(serverId: string, userId: string, another: () => void): () => void {
  if (typeof BroadcastChannel === 'undefined') return () => undefined
  const channel = new BroadcastChannel('marquee-person')
  channel.addEventListener('message', (event: MessageEvent<{ serverId: string; userId: string }>) => {
    if (event.data.serverId === serverId && event.data.userId !== userId) another()
  })
  channel.postMessage({ serverId, userId })
  return () => channel.close()
}
