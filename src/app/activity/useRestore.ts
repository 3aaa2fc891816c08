import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import type { Change } from '#gen/marquee/v1/office_pb.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { failureToast, plainToast } from '#ui/toast.tsx'

/** Brings back what a write deleted; undefined where the server cannot. */
export type Restore = ((change: Change) => Promise<void>) | undefined

export function useRestore(scope: AppScope): Restore {
  const { clients, queryClient, session } = useApp()
  if (session.noRestore) return undefined
  const address = { userId: scope.owner, appId: scope.app }
  return async ({ kind, inputId, itemId }) => {
    try {
      const { restored } =
        kind === 'input'
          ? await clients.studio.restoreInputs({ ...address, inputIds: [inputId] })
          : await clients.studio.restoreAnnotations({ ...address, annotations: [{ inputId, annotationId: itemId }] })
      if (restored.length > 0)
        plainToast(kind === 'input' ? 'Input brought back, with its labels' : 'Label brought back')
      else failureToast('Not brought back', 'It was deleted more than 30 days ago, or its input is gone.')
    } catch (error) {
      failureToast('Not brought back', messageOf(error))
    }
    await queryClient.invalidateQueries({ queryKey: queryKeys.app(scope) })
  }
}
