import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { useApp } from '#app/appContext.tsx'
import { shownName, useKnownPeople } from '#app/people/useNameOf.ts'
import { conceptColor, conceptOrder, unlabelledColor } from '#model/concept.ts'
import { conceptsQuery } from '#sync/queries.ts'
import type { AppScope } from '#sync/scope.ts'
import type { Choice } from './FilterPanel.tsx'

interface FilterNames {
  readonly people: readonly Choice[]
  readonly concepts: readonly Choice[]
  nameOf(kind: 'person' | 'concept', id: string): string
  /** The same function until the concepts change. */
  colorOf(concept: string): string
}

/** Who and what one can filter by, and the colours of concepts. */
export function useFilterNames(scope: AppScope): FilterNames {
  const { clients } = useApp()
  const { data: concepts } = useQuery(conceptsQuery(clients, scope))
  const known = useKnownPeople(scope)
  const colors = useMemo(() => new Map(concepts?.map((concept) => [concept.id, conceptColor(concept)])), [concepts])
  const colorOf = useCallback(
    (id: string) => (id === '' ? unlabelledColor : (colors.get(id) ?? conceptColor({ id }))),
    [colors],
  )
  const choices = useMemo(
    () => [...(concepts ?? [])].sort(conceptOrder).map(({ id, name }) => ({ value: id, label: name || id })),
    [concepts],
  )
  const people = known.map((one) => ({ value: one.id, label: shownName(one) }))
  const find = (kind: 'person' | 'concept') => (kind === 'concept' ? choices : people)
  return {
    people,
    concepts: choices,
    nameOf: (kind, id) => find(kind).find(({ value }) => value === id)?.label ?? id,
    colorOf,
  }
}
