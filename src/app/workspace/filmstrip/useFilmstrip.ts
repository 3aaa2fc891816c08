import { useQueries, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { InputSummary, ListInputSummariesResponse } from '#gen/marquee/v1/marquee_pb.ts'
import { inputSummariesQuery } from '#sync/queries.ts'
import type { InputScope } from '#sync/scope.ts'

const PER_PAGE = 100

export interface Filmstrip {
  /** how many inputs the app has; undefined until known */
  readonly total: number | undefined
  /** the input on the screen; undefined while it is looked for, or if it is not there */
  readonly current: InputSummary | undefined
  /** The input at a 1-based place, if its page is here. */
  readonly at: (place: number) => InputSummary | undefined
  /** Says which places are on the screen, so that their pages are fetched. */
  readonly show: (first: number, last: number) => void
  readonly error: unknown
  /** the server has answered that there is no such input */
  readonly missing: boolean
  readonly retry: () => void
}

/**
 * The inputs of an app in the grid's order, a page at a time, around the one that is open.
 * @param wanted false: another list is shown, and nothing is asked for
 */
export function useFilmstrip(scope: InputScope, wanted = true): Filmstrip {
  const { clients, queryClient } = useApp()
  const { owner, app, input } = scope
  const [pages, setPages] = useState<readonly number[]>([])
  const results = useQueries({
    queries: pages.map((page) => inputSummariesQuery(clients, scope, { page, perPage: PER_PAGE })),
    combine: (all) => all.map(({ data }) => data),
  })
  const places = useMemo(() => placesOf(results), [results])
  const current = useMemo(() => [...places.values()].find((summary) => summary.inputId === input), [places, input])
  // only while the pages at hand do not hold it: paging on through the list asks for nothing
  const located = useQuery({
    ...inputSummariesQuery(clients, { owner, app }, { around: input, perPage: PER_PAGE }),
    enabled: wanted && current === undefined,
    staleTime: 0,
  })
  const around = located.data
  useEffect(() => {
    if (!around) return
    const page = around.page || 1
    const query = inputSummariesQuery(clients, { owner, app }, { page, perPage: PER_PAGE })
    queryClient.setQueryData(query.queryKey, (known: ListInputSummariesResponse | undefined) => known ?? around)
    setPages((known) => (known.includes(page) ? known : [...known, page]))
  }, [around, clients, owner, app, queryClient])
  const show = useCallback((first: number, last: number) => {
    const wanted = [pageOf(first), pageOf(last)]
    setPages((known) => {
      const fresh = wanted.filter((page, i) => page >= 1 && !known.includes(page) && wanted.indexOf(page) === i)
      return fresh.length ? [...known, ...fresh] : known
    })
  }, [])
  const total = results.findLast((data) => data !== undefined)?.total ?? around?.total
  const found = around?.inputs.find((summary) => summary.inputId === input)
  return {
    total,
    current: current ?? found,
    at: useCallback((place: number) => places.get(place), [places]),
    show,
    error: current || found ? undefined : located.error,
    missing: !current && !found && around !== undefined && !located.isFetching,
    retry: () => void located.refetch(),
  }
}

const pageOf = (place: number) => Math.floor((place - 1) / PER_PAGE) + 1

function placesOf(pages: readonly (ListInputSummariesResponse | undefined)[]): ReadonlyMap<number, InputSummary> {
  return new Map(pages.flatMap((page) => page?.inputs.map((summary) => [summary.place, summary] as const) ?? []))
}
