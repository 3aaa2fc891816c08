import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { changeTask } from '#sync/tasks.ts'
import { keepChanges, keptChanges } from './keptDraft.ts'
import type { Sheet } from './TaskForm.tsx'
import { ChangedMeanwhile, changesOf, clashesOf, patchOf } from './taskChange.ts'
import type { TaskDraft } from './taskDraft.ts'
import { draftOf } from './taskWire.ts'

/**
 * An edit of a task; what it changes is kept on this device until it is saved or discarded. Saving writes only what the
 * draft changes, over the task as it is then. Where somebody else has changed the same fields it throws once, so that
 * saving again replaces theirs.
 */
export function useTaskEdit(scope: AppScope, task: Task): Sheet {
  const { clients } = useApp()
  const [before, setBefore] = useState(() => draftOf(task))
  const [draft, setDraft] = useState<TaskDraft>(() => ({ ...before, ...keptChanges(scope, task.id) }))
  const [resumed, setResumed] = useState(() => Object.keys(changesOf(before, draft)).length > 0)
  return {
    draft,
    kept: true,
    set(changed) {
      const next = { ...draft, ...changed }
      setDraft(next)
      keepChanges(scope, task.id, changesOf(before, next))
    },
    discard: resumed
      ? () => {
          setDraft(before)
          setResumed(false)
          keepChanges(scope, task.id, {})
        }
      : undefined,
    async save() {
      const changes = changesOf(before, draft)
      const saved = await changeTask(clients, scope, task.id, (now) => {
        const clashes = clashesOf(before, changes, draftOf(now))
        setBefore(draftOf(now))
        setDraft({ ...draftOf(now), ...changes })
        if (clashes.length > 0) throw new ChangedMeanwhile(clashes)
        return patchOf(now, changes)
      })
      keepChanges(scope, task.id, {})
      return saved
    },
  }
}
