import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import type { Concept } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { mergeConcept, restoreConcept } from '#sync/conceptOffice.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { failureToast, plainToast, undoToast } from '#ui/toast.tsx'

export interface EndingConcepts {
  /** Merges or deletes a concept, says what it did, and takes it back when asked. Answers whether it was done. */
  readonly end: (concept: Concept, into: string) => Promise<boolean>
  /** Takes back what was done to a concept. */
  readonly undo: (concept: Named, token: string) => Promise<void>
}

type Named = Pick<Concept, 'id' | 'name'>

export function useEndConcept(scope: AppScope, nameOf: (id: string) => string): EndingConcepts {
  const { clients, queryClient } = useApp()
  const refresh = () => queryClient.invalidateQueries({ queryKey: queryKeys.app(scope) })

  async function undo(concept: Named, token: string) {
    try {
      const { restored, kept } = await restoreConcept(clients, scope, concept.id, token)
      plainToast(
        kept === 0
          ? `“${concept.name}” is back, with ${count(restored, 'label')}`
          : `“${concept.name}” is back; ${count(kept, 'label')} that changed since ${kept === 1 ? 'stays' : 'stay'} as ${kept === 1 ? 'it is' : 'they are'}`,
      )
    } catch (error) {
      failureToast('Not taken back', messageOf(error))
    }
    await refresh()
  }

  async function end(concept: Concept, into: string): Promise<boolean> {
    try {
      const done = await mergeConcept(clients, scope, concept.id, into)
      undoToast(
        into === ''
          ? `“${concept.name}” deleted`
          : `“${concept.name}” is “${nameOf(into)}” now, on ${count(done.changed, 'label')}`,
        () => void undo(concept, done.undo),
        { forMs: 10_000 },
      )
      return true
    } catch (error) {
      failureToast(into === '' ? 'Not deleted' : 'Not merged', messageOf(error))
      return false
    } finally {
      await refresh()
    }
  }
  return { end, undo }
}
