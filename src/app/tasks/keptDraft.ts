import { keep, keptFields } from '#app/kept.ts'
import { type AppScope, appKey } from '#sync/scope.ts'
import type { DraftChanges } from './taskChange.ts'
import { emptyDraft, type TaskDraft } from './taskDraft.ts'

/** `taskId` of an edit; undefined: a new task. */
const keyOf = (scope: AppScope, taskId?: string): string =>
  taskId === undefined ? `marquee.newTask.${appKey(scope)}` : `marquee.editTask.${appKey(scope)}/${taskId}`

/** Fields that look like those of a draft. */
const draftFields = (key: string): DraftChanges =>
  Object.fromEntries(
    Object.entries(keptFields(key)).filter(([field, value]) => {
      if (!Object.hasOwn(emptyDraft, field)) return false
      const empty = emptyDraft[field as keyof TaskDraft]
      return typeof value === typeof empty && Array.isArray(value) === Array.isArray(empty)
    }),
  )

/** What was filled in for a new task and not sent yet. What does not look like it counts as nothing. */
export function keptDraft(scope: AppScope): TaskDraft {
  return { ...emptyDraft, ...draftFields(keyOf(scope)) }
}

export const keepDraft = (scope: AppScope, draft: TaskDraft | undefined): void =>
  keep(keyOf(scope), draft && JSON.stringify(draft))

/** What was changed about a task and not sent yet. */
export const keptChanges = (scope: AppScope, taskId: string): DraftChanges => draftFields(keyOf(scope, taskId))

export const keepChanges = (scope: AppScope, taskId: string, changes: DraftChanges): void =>
  keep(keyOf(scope, taskId), Object.keys(changes).length === 0 ? undefined : JSON.stringify(changes))
