import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { changeTask, deleteTask, restoreTask } from '#sync/tasks.ts'
import { failureToast, undoToast } from '#ui/toast.tsx'
import { withMarquee } from './taskWire.ts'

export interface TaskWrites {
  /** While paused nobody gets new work of the task, and nothing is submitted or reviewed. */
  setPaused(task: Task, paused: boolean): Promise<void>
  /** Finished early, or going on again. */
  setEnded(task: Task, ended: boolean): Promise<void>
  /** Answers whether it is gone. What was labelled stays. */
  remove(task: Task): Promise<boolean>
  /** Everything shown about tasks is asked for again. */
  refresh(): Promise<void>
}

export function useTaskWrites(scope: AppScope): TaskWrites {
  const { clients, queryClient, session } = useApp()

  async function refresh() {
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: queryKeys.tasks(scope) }),
      queryClient.invalidateQueries({ queryKey: queryKeys.work(scope) }),
    ])
  }

  async function attempt(title: string, act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act()
      return true
    } catch (error) {
      failureToast(title, messageOf(error))
      return false
    } finally {
      await refresh()
    }
  }

  const mark = (task: Task, paused: boolean) =>
    attempt(paused ? 'Not paused' : 'Not resumed', () =>
      // what is shown may be old, and metadata is replaced as a whole
      changeTask(clients, scope, task.id, (now) => ({
        id: task.id,
        metadata: withMarquee(now.metadata, { paused }),
      })),
    )
  const end = (task: Task, ended: boolean) =>
    attempt(ended ? 'Not ended' : 'Not reopened', () =>
      changeTask(clients, scope, task.id, () => ({
        id: task.id,
        status: { code: ended ? StatusCode.TASK_DONE : StatusCode.TASK_IN_PROGRESS },
      })),
    )

  return {
    refresh,
    async setPaused(task, paused) {
      if (await mark(task, paused))
        undoToast(`“${task.name || task.id}” is ${paused ? 'paused' : 'going on'}`, () => void mark(task, !paused))
    },
    async setEnded(task, ended) {
      if (await end(task, ended))
        undoToast(`“${task.name || task.id}” is ${ended ? 'finished' : 'going on'}`, () => void end(task, !ended))
    },
    async remove(task) {
      if (!(await attempt('Not deleted', () => deleteTask(clients, scope, task.id)))) return false
      if (!session.noRestore)
        undoToast(
          `“${task.name || task.id}” deleted`,
          () => void attempt('Not brought back', () => restoreTask(clients, scope, task.id)),
        )
      return true
    },
  }
}
