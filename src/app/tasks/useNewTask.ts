import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import type { Clients } from '#sync/client.ts'
import { addToDataset, datasetInputIds, makeDataset } from '#sync/datasets.ts'
import { ApiFailure } from '#sync/errors.ts'
import type { AppScope } from '#sync/scope.ts'
import { postTask } from '#sync/tasks.ts'
import { keepDraft, keptDraft } from './keptDraft.ts'
import type { Sheet } from './TaskForm.tsx'
import type { Editing, GivenInputs } from './TasksPage.tsx'
import { changesOf } from './taskChange.ts'
import { emptyDraft, type TaskDraft } from './taskDraft.ts'
import { draftOf, taskOf, withMarquee } from './taskWire.ts'

/** A task that is not there yet. What is filled in is kept until it is made, but for copies and for given inputs. */
export function useNewTask(scope: AppScope, { task, given, searchId }: Editing): Sheet {
  const { clients } = useApp()
  const kept = task === undefined && given === undefined && searchId === undefined
  const [draft, setDraft] = useState<TaskDraft>(() => startOf(scope, { task, given, searchId }))
  const [resumed, setResumed] = useState(() => kept && Object.keys(changesOf(emptyDraft, draft)).length > 0)
  return {
    draft,
    kept,
    set(changed) {
      const next = { ...draft, ...changed }
      setDraft(next)
      if (kept) keepDraft(scope, next)
    },
    discard: resumed
      ? () => {
          setDraft(emptyDraft)
          setResumed(false)
          keepDraft(scope, undefined)
        }
      : undefined,
    ...(given && { given: given.inputIds.length }),
    async save() {
      if (given) await fill(clients, scope, given, draft.name.trim())
      const made = await postTask(clients, scope, taskOf(draft, task && unpaused(task)))
      if (kept) keepDraft(scope, undefined)
      return made
    },
  }
}

/** Makes the dataset of the given inputs, or goes on with it after a try that failed. @throws ApiFailure */
async function fill(clients: Clients, scope: AppScope, { datasetId, inputIds }: GivenInputs, name: string) {
  try {
    await makeDataset(clients, scope, datasetId, `Inputs of “${name}”`)
  } catch (error) {
    if (!(error instanceof ApiFailure && error.code === StatusCode.DATABASE_DUPLICATE_KEY)) throw error
  }
  const there = new Set(await datasetInputIds(clients, scope, datasetId))
  await addToDataset(
    clients,
    scope,
    datasetId,
    inputIds.filter((id) => !there.has(id)),
  )
}

function startOf(
  scope: AppScope,
  { task, given, searchId }: { [key in 'task' | 'given' | 'searchId']: Editing[key] | undefined },
): TaskDraft {
  if (searchId !== undefined) return { ...emptyDraft, source: 'search', sourceId: searchId }
  if (given) return { ...emptyDraft, source: 'dataset', sourceId: given.datasetId }
  if (!task) return keptDraft(scope)
  const draft = draftOf(task)
  return { ...draft, name: `${draft.name} (copy)` }
}

/** A copy of a task that rests does not rest itself. */
const unpaused = (task: Task): Task => ({ ...task, metadata: withMarquee(task.metadata, { paused: false }) })
