import { create } from '@bufbuild/protobuf'
import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import { type Concept, ConceptSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { conceptOrder, freeColor } from '#model/concept.ts'
import { ok } from '#sync/errors.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { type AppScope, userAppId } from '#sync/scope.ts'
import { failureToast } from '#ui/toast.tsx'
import { marqueeOf, type NewConcept, withMarquee } from './conceptEdits.ts'

/** The API takes this many concepts in one call. */
const BATCH = 128

export interface ConceptWrites {
  /** Adds concepts, each with a colour of its own, after those that are there. Answers whether it worked. */
  add(fresh: readonly NewConcept[]): Promise<boolean>
  /** Writes changed concepts; the screen has them at once and takes them back if the server refuses. */
  patch(changed: readonly Concept[]): Promise<void>
}

export function useConceptWrites(scope: AppScope, concepts: readonly Concept[]): ConceptWrites {
  const { clients, queryClient } = useApp()
  const queryKey = queryKeys.concepts(scope)
  const refresh = () => queryClient.invalidateQueries({ queryKey })

  return {
    async add(fresh) {
      const coloured = withPlaces(fresh, concepts)
      try {
        for (let n = 0; n < coloured.length; n += BATCH)
          ok(
            await clients.api.postConcepts({
              userAppId: userAppId(scope),
              concepts: coloured.slice(n, n + BATCH),
            }),
          )
        return true
      } catch (error) {
        failureToast(`${count(fresh.length, 'concept')} not added`, messageOf(error))
        return false
      } finally {
        await refresh()
      }
    },
    async patch(changed) {
      await queryClient.cancelQueries({ queryKey })
      queryClient.setQueryData<readonly Concept[]>(queryKey, (old) =>
        old?.map((concept) => changed.find((other) => other.id === concept.id) ?? concept),
      )
      try {
        for (let n = 0; n < changed.length; n += BATCH)
          ok(
            await clients.api.patchConcepts({
              userAppId: userAppId(scope),
              action: 'overwrite',
              concepts: changed.slice(n, n + BATCH).map(({ id, name, definition, metadata }) => ({
                id,
                name,
                definition,
                ...(metadata ? { metadata } : {}),
              })),
            }),
          )
      } catch (error) {
        failureToast('Not changed', messageOf(error))
      }
      await refresh()
    },
  }
}

function withPlaces(fresh: readonly NewConcept[], concepts: readonly Concept[]) {
  const last = concepts.toSorted(conceptOrder).at(-1)
  const lastOrder = last ? marqueeOf(last).order : undefined
  const from = Math.max(typeof lastOrder === 'number' ? lastOrder + 1 : 0, concepts.length)
  const coloured = [...concepts]
  return fresh.map(({ id, name }, n) => {
    const concept = withMarquee(create(ConceptSchema, { id, name }), { color: freeColor(coloured), order: from + n })
    coloured.push(concept)
    return { id, name, metadata: concept.metadata! }
  })
}
