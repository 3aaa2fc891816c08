import { keep, keptFields } from '#app/kept.ts'
import { type AppScope, appKey } from '#sync/scope.ts'
import { emptyDraft, type TaskDraft } from './taskDraft.ts'

const keyOf = (scope: AppScope): string => `marquee.newTask.${appKey(scope)}`

/** What was filled in for a new task and not sent yet. What does not look like it counts as nothing. */
export function keptDraft(scope: AppScope): TaskDraft {
  const fields = keptFields(keyOf(scope))
  const same = Object.entries(emptyDraft).every(
    ([field, value]) => field in fields && Array.isArray(fields[field]) === Array.isArray(value),
  )
  const typed = Object.entries(emptyDraft).every(([field, value]) => typeof fields[field] === typeof value)
  return same && typed ? (fields as unknown as TaskDraft) : emptyDraft
}

export const keepDraft = (scope: AppScope, draft: TaskDraft | undefined): void =>
  keep(keyOf(scope), draft && JSON.stringify(draft))
