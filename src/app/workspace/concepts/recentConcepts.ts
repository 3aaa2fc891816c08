import { keep, keepId, keptIds, keptText } from '#app/kept.ts'
import { type AppScope, appKey } from '#sync/scope.ts'

const KEPT = 20
const recentKey = (scope: AppScope) => `marquee.recent.${appKey(scope)}`
const activeKey = (scope: AppScope) => `marquee.concept.${appKey(scope)}`

/** Ids of the concepts used last in this app and browser, the latest first. */
export const readRecent = (scope: AppScope): readonly string[] => keptIds(recentKey(scope))

/** Puts an id first and returns the new list. */
export const remember = (scope: AppScope, id: string): readonly string[] => keepId(recentKey(scope), id, KEPT)

/** The concept that was active last in this app and browser. */
export const readActive = (scope: AppScope): string | undefined => keptText(activeKey(scope))

export const keepActive = (scope: AppScope, id: string | undefined): void => keep(activeKey(scope), id)
