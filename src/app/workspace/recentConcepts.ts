import { type AppScope, appKey } from '#sync/scope.ts'

const KEPT = 20
const recentKey = (scope: AppScope) => `marquee.recent.${appKey(scope)}`
const activeKey = (scope: AppScope) => `marquee.concept.${appKey(scope)}`

/** Ids of the concepts used last in this app and browser, the latest first. */
export function readRecent(scope: AppScope): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(recentKey(scope)) ?? '[]')
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : []
  } catch {
    return [] // storage is off or holds what is no JSON
  }
}

/** Puts an id first and returns the new list. */
export function remember(scope: AppScope, id: string): readonly string[] {
  const recent = [id, ...readRecent(scope).filter((other) => other !== id)].slice(0, KEPT)
  write(recentKey(scope), JSON.stringify(recent))
  return recent
}

/** The concept that was active last in this app and browser. */
export function readActive(scope: AppScope): string | undefined {
  try {
    return localStorage.getItem(activeKey(scope)) ?? undefined
  } catch {
    return undefined
  }
}

export const keepActive = (scope: AppScope, id: string | undefined): void => write(activeKey(scope), id)

function write(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // storage is off or full: it lasts as long as the page
  }
}
