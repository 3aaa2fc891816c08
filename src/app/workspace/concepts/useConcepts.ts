import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import { type DefinitionsOf, labelSuffix } from '#app/workspace/attributes/attributeRows.ts'
import type { Concept } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { type AttributeDefinition, definitionsOf } from '#model/attributes.ts'
import { conceptColor, conceptOrder, conceptSlots, freeColor, unlabelledColor } from '#model/concept.ts'
import type { Region } from '#model/region.ts'
import { isSuggestion } from '#model/suggestions.ts'
import { ok } from '#sync/errors.ts'
import { conceptsQuery } from '#sync/queries.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { type AppScope, appKey, userAppId } from '#sync/scope.ts'
import { failureToast } from '#ui/toast.tsx'
import { type ConceptRow, conceptIdFor } from './conceptSearch.ts'
import { readRecent, remember } from './recentConcepts.ts'

export interface Concepts {
  readonly loading: boolean
  readonly error: unknown
  readonly retry: () => void
  readonly list: readonly ConceptRow[]
  readonly byId: ReadonlyMap<string, ConceptRow>
  /** ids, the one used last first */
  readonly recent: readonly string[]
  /** Remembers that a concept was used. */
  readonly used: (id: string) => void
  /** Makes a concept on the server; undefined if it was refused, which the person has been told. */
  readonly make: (name: string) => Promise<ConceptRow | undefined>
  /** Stable while concepts stay, as the canvas wants them. */
  readonly colorOf: (region: Region) => string
  readonly labelOf: (region: Region) => string
  /** with the attributes that are shown on labels */
  readonly canvasLabelOf: (region: Region) => string
  readonly attributesOf: DefinitionsOf
}

/** What the owner renames, merges or deletes is seen after this long, ms. */
const EVERY_MS = 10_000

/**
 * The concepts of an app as the workspace shows them: order, colours, digits, recent ones.
 * @param asked ids of those that a task asks for: they come first, and have the digits before all others
 */
export function useConcepts(scope: AppScope, asked?: readonly string[]): Concepts {
  const { clients } = useApp()
  const query = useQuery({ ...conceptsQuery(clients, scope), staleTime: 15_000, refetchInterval: EVERY_MS })
  useReplaced(scope, query.data)
  const key = asked?.join('/') ?? ''
  const list = useMemo(() => rowsOf(query.data ?? [], key === '' ? [] : key.split('/')), [query.data, key])
  const byId = useMemo(() => new Map(list.map((row) => [row.id, row])), [list])
  const [recent, setRecent] = useState<readonly string[]>(() => readRecent(scope))
  const { owner, app } = scope
  const used = useCallback((id: string) => setRecent(remember({ owner, app }, id)), [owner, app])
  const make = useMake(scope, query.data ?? [])
  const colorOf = useCallback(
    (region: Region) => byId.get(mainConcept(region) ?? '')?.color ?? colorOfUnknown(region),
    [byId],
  )
  const labelOf = useCallback((region: Region) => conceptsText(region, byId), [byId])
  const attributesOf = useCallback((id: string) => byId.get(id)?.attributes ?? none, [byId])
  const canvasLabelOf = useCallback(
    (region: Region) => conceptsText(region, byId) + scoreSuffix(region) + labelSuffix(region, attributesOf),
    [byId, attributesOf],
  )
  const retry = useCallback(() => void query.refetch(), [query.refetch])
  const { isPending: loading } = query
  const error = query.data ? undefined : query.error
  // the same object while nothing in it changes: the panel renders no more often
  return useMemo(
    () => ({ loading, error, retry, list, byId, recent, used, make, colorOf, labelOf, canvasLabelOf, attributesOf }),
    [loading, error, retry, list, byId, recent, used, make, colorOf, labelOf, canvasLabelOf, attributesOf],
  )
}

const none: readonly AttributeDefinition[] = []

/** Labels follow when a concept has been merged or deleted since. */
function useReplaced({ owner, app }: AppScope, concepts: readonly Concept[] | undefined): void {
  const { queryClient } = useApp()
  const before = useRef<{ key: string; concepts: readonly Concept[] }>(undefined)
  useEffect(() => {
    if (!concepts) return
    const key = appKey({ owner, app })
    const last = before.current
    before.current = { key, concepts }
    if (last?.key === key && anyGone(last.concepts, concepts))
      void queryClient.invalidateQueries({ queryKey: queryKeys.inputs({ owner, app }) })
  }, [concepts, queryClient, owner, app])
}

/** Whether some concept is not there any more. */
export function anyGone(before: readonly Concept[], now: readonly Concept[]): boolean {
  const ids = new Set(now.map(({ id }) => id))
  return before.some(({ id }) => !ids.has(id))
}

export function rowsOf(concepts: readonly Concept[], asked: readonly string[] = []): readonly ConceptRow[] {
  const first = new Set(asked)
  const wanted = concepts.filter(({ id }) => first.has(id)).sort(conceptOrder)
  const others = concepts.filter(({ id }) => !first.has(id)).sort(conceptOrder)
  const slots = slotsOf(wanted, others)
  return [...wanted, ...others].map((concept) => ({
    id: concept.id,
    name: concept.name || concept.id,
    color: conceptColor(concept),
    slot: slots.get(concept.id),
    attributes: definitionsOf(concept),
    ...(concept.definition.trim() === '' ? {} : { meaning: concept.definition.trim() }),
    ...(first.has(concept.id) ? { asked: true } : {}),
  }))
}

/** Slots by id: what is asked for takes its own first, the others their own or the next that is left. */
function slotsOf(wanted: readonly Concept[], others: readonly Concept[]): ReadonlyMap<string, number> {
  const taken = new Map([...conceptSlots(wanted)].map(([slot, id]) => [id, slot]))
  const free = new Set(Array.from({ length: 10 }, (_, i) => i + 1)).difference(new Set(taken.values()))
  for (const [slot, id] of conceptSlots(others)) {
    const got = free.has(slot) ? slot : [...free][0]
    if (got === undefined) break
    free.delete(got)
    taken.set(id, got)
  }
  return taken
}

/** The concept that gives a region its colour: the first that is present. */
const mainConcept = (region: Region): string | undefined => region.concepts.find(({ value }) => value > 0)?.id

function colorOfUnknown(region: Region): string {
  const id = mainConcept(region)
  return id === undefined ? unlabelledColor : conceptColor({ id })
}

/** "car", "car, red", "not car", or "Unlabelled". */
export function conceptsText(region: Region, byId: ReadonlyMap<string, ConceptRow>): string {
  const names = region.concepts.map(({ id, value }) => `${value > 0 ? '' : 'not '}${byId.get(id)?.name ?? id}`)
  return names.length ? names.join(', ') : 'Unlabelled'
}

/** How sure the model is of what it only suggests. */
const scoreSuffix = (region: Region): string =>
  isSuggestion(region) && region.score !== undefined ? ` ${Math.round(region.score * 100)} %` : ''

function useMake({ owner, app }: AppScope, known: readonly Concept[]) {
  const { clients, queryClient } = useApp()
  const latest = useRef(known)
  latest.current = known
  return useCallback(
    async (name: string): Promise<ConceptRow | undefined> => {
      const scope = { owner, app }
      const id = conceptIdFor(name, new Set(latest.current.map((concept) => concept.id)))
      const color = freeColor(latest.current)
      try {
        const answer = ok(
          await clients.api.postConcepts({
            userAppId: userAppId(scope),
            concepts: [{ id, name: name.trim(), metadata: { marquee: { color } } }],
          }),
        )
        const made = answer.concepts[0]
        if (!made) return undefined
        queryClient.setQueryData<readonly Concept[]>(queryKeys.concepts(scope), (old) => [...(old ?? []), made])
        void queryClient.invalidateQueries({ queryKey: queryKeys.concepts(scope) })
        return { id: made.id, name: made.name || made.id, color: conceptColor(made) }
      } catch (error) {
        failureToast(`“${name.trim()}” was not made`, messageOf(error))
        return undefined
      }
    },
    [clients, queryClient, owner, app],
  )
}
