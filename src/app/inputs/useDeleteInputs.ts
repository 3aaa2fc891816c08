import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import { inBatches } from '#sync/batches.ts'
import { ok } from '#sync/errors.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { type AppScope, userAppId } from '#sync/scope.ts'
import { failureToast, plainToast, undoToast } from '#ui/toast.tsx'

const UNDO_MS = 12_000

/** Deletes inputs at once and offers to bring them back, labels and all (kept 30 days on the server). */
export function useDeleteInputs(scope: AppScope): (ids: readonly string[]) => Promise<void> {
  const { clients, queryClient, session } = useApp()
  const refresh = () => queryClient.invalidateQueries({ queryKey: queryKeys.summaries(scope) })

  async function restore(ids: readonly string[]) {
    try {
      let restored = 0
      for (const inputIds of inBatches(ids)) {
        const answer = await clients.studio.restoreInputs({ userId: scope.owner, appId: scope.app, inputIds })
        restored += answer.restored.length
      }
      plainToast(
        restored === ids.length
          ? `${count(restored, 'input')} restored`
          : `${restored} of ${ids.length} inputs restored`,
      )
    } catch (error) {
      failureToast('Not restored', messageOf(error))
    }
    await refresh()
  }

  return async (ids) => {
    const deleted: string[] = []
    try {
      for (const batch of inBatches(ids)) {
        ok(await clients.api.deleteInputs({ userAppId: userAppId(scope), ids: batch }))
        deleted.push(...batch)
      }
    } catch (error) {
      failureToast(deleted.length > 0 ? 'Not all were deleted' : 'Not deleted', messageOf(error))
    }
    await refresh()
    if (deleted.length === 0) return
    const text = `${count(deleted.length, 'input')} deleted`
    if (session.noRestore) plainToast(text)
    else
      undoToast(`${text}, labels and all. Activity brings them back for 30 days.`, () => void restore(deleted), {
        forMs: UNDO_MS,
      })
  }
}
