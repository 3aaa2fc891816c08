import { useQueries } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import {
  type InputOutlines,
  type InputSummary,
  type ListInputSummariesResponse,
  ListInputSummariesRequest_Labelled as Wire,
} from '#gen/marquee/v1/marquee_pb.ts'
import type { Clients } from '#sync/client.ts'
import type { InputQuery } from '#sync/inputQuery.ts'
import { inputSummariesQuery, outlinesQuery } from '#sync/queries.ts'
import type { AppScope } from '#sync/scope.ts'
import type { Labelled } from './gridFilter.ts'

/** Inputs a page of the grid's list holds. */
export const PER_PAGE = 100

export interface GridFilter {
  readonly text: string
  readonly show: Labelled
  readonly query?: InputQuery | undefined
}

const onWire = { all: Wire.ANY, unlabelled: Wire.NO, labelled: Wire.YES } as const

const pageQuery = (clients: Clients, scope: AppScope, filter: GridFilter, page: number, perPage = PER_PAGE) =>
  inputSummariesQuery(clients, scope, {
    page,
    perPage,
    text: filter.text,
    labelled: onWire[filter.show],
    ...(filter.query && { query: filter.query }),
  })

export interface InputPages {
  /** How many inputs match; undefined until the server has said. */
  readonly total: number | undefined
  /** The input in a place (0-based); undefined while its page is on its way. */
  at(index: number): InputSummary | undefined
  /** Says which places are on the screen, so that their pages (and the next) are fetched. */
  show(first: number, last: number): void
  /** What is drawn on it; undefined when nothing is, or not known yet. */
  outlines(inputId: string): InputOutlines | undefined
  readonly error: unknown
  readonly fetching: boolean
  refetch(): void
  /** Ids in places first…last, from the server where a page is not here yet. */
  idsBetween(first: number, last: number): Promise<string[]>
}

/** The inputs that match a filter, page by page as they are looked at: 100,000 cost no more than 100. */
export function useInputPages(scope: AppScope, filter: GridFilter, outlined = false): InputPages {
  const { clients, queryClient } = useApp()
  const [range, setRange] = useState({ from: 1, to: 1 })
  const wanted = pagesOf(range)
  const queries = useQueries({ queries: wanted.map((page) => pageQuery(clients, scope, filter, page)) })
  const drawn = useQueries({
    queries: outlined
      ? queries.flatMap(({ data }) => {
          const ids = data?.inputs.filter(({ regions }) => regions > 0).map(({ inputId }) => inputId) ?? []
          return ids.length > 0 ? [outlinesQuery(clients, scope, ids)] : []
        })
      : [],
  })
  const total = queries.find((query) => query.data)?.data?.total
  const failed = queries.find((query) => query.error && !query.data)

  const show = useCallback((first: number, last: number) => {
    const from = Math.floor(first / PER_PAGE) + 1
    const to = Math.floor((last + PER_PAGE / 4) / PER_PAGE) + 1
    setRange((old) => (old.from === from && old.to === to ? old : { from, to }))
  }, [])

  async function idsBetween(first: number, last: number): Promise<string[]> {
    const perPage = 1000
    const ids: string[] = []
    for (let page = Math.floor(first / perPage) + 1; (page - 1) * perPage <= last; page++) {
      const { inputs } = await queryClient.fetchQuery({
        ...pageQuery(clients, scope, filter, page, perPage),
        staleTime: 15_000,
      })
      const offset = (page - 1) * perPage
      ids.push(...inputs.slice(Math.max(0, first - offset), last - offset + 1).map((input) => input.inputId))
    }
    return ids
  }

  return {
    total,
    at(index) {
      const page = Math.floor(index / PER_PAGE) + 1
      const query = queries[wanted.indexOf(page)]
      // not asked for now, yet perhaps known from before: where the focus was left, say
      const known = query ? query.data : queryClient.getQueryData(pageQuery(clients, scope, filter, page).queryKey)
      return (known as ListInputSummariesResponse | undefined)?.inputs[index % PER_PAGE]
    },
    outlines: (id) => drawn.find(({ data }) => data?.has(id))?.data?.get(id),
    show,
    error: failed?.error,
    // asked only beside an error: what is asked of a query makes the whole page be drawn when it changes
    get fetching() {
      return queries.some((query) => query.isFetching)
    },
    refetch: () => void Promise.all(queries.map((query) => query.refetch())),
    idsBetween,
  }
}

/** Page 1 is always among them: it knows the total, and the way back to the top is short. */
function pagesOf({ from, to }: { from: number; to: number }): number[] {
  const pages = Array.from({ length: to - from + 1 }, (_, n) => from + n)
  return pages.includes(1) ? pages : [1, ...pages]
}
