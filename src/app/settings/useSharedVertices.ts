import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import { changeSettings } from '#sync/appSettings.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { failureToast, plainToast } from '#ui/toast.tsx'

/**
 * Sets, for everybody in an app, whether shared vertices move together: to what is given, or without it to the other
 * of the two. Says what did not work, and why; resolves when the pages know.
 */
export function useSharedVertices(): (scope: AppScope, to?: boolean) => Promise<void> {
  const { clients, person } = useApp()
  const queryClient = useQueryClient()
  return useCallback(
    async (scope, to) => {
      if (person.id !== scope.owner) {
        failureToast('Not changed', 'It holds for everybody in the app: only its owner changes it.')
        return
      }
      try {
        await changeSettings(clients, scope, ({ sharedVertices }) => {
          const together = to ?? !sharedVertices
          if (to === undefined) plainToast(together ? 'Shared vertices move together.' : 'Shared vertices move apart.')
          return { sharedVertices: together }
        })
      } catch (error) {
        failureToast('Not changed', messageOf(error))
      }
      await queryClient.invalidateQueries({ queryKey: queryKeys.app(scope) })
    },
    [clients, person.id, queryClient],
  )
}
