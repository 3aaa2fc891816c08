import { useQuery } from '@tanstack/react-query'
import { CheckCheck } from 'lucide-react'
import { useApp } from '#app/appContext.tsx'
import { workState } from '#app/work/workStates.ts'
import type { Work, WorkItem } from '#gen/marquee/v1/team_pb.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { workItems } from '#sync/work.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import classes from './Review.module.css'
import { elsewhereWords } from './reviewWords.ts'

interface Props {
  scope: AppScope
  works: readonly Work[]
  nameOf: (user: string) => string
}

/** The review is empty: what waits all the same, and for whom. */
export function NothingToReview(props: Props) {
  return (
    <EmptyState icon={CheckCheck} title="Nothing waits for your review">
      {useElsewhere(props) || 'What people submit appears here by itself.'} Nobody reviews their own work.
    </EmptyState>
  )
}

/** Beside what waits: what else does, and for whom. */
export function WaitsElsewhere(props: Props) {
  const words = useElsewhere(props)
  return words ? <p className={classes.elsewhere}>{words}</p> : undefined
}

function useElsewhere({ scope, works, nameOf }: Props): string {
  const { clients, person } = useApp()
  const tasks = works.map(({ taskId }) => taskId)
  const { data = [] } = useQuery({
    queryKey: [...queryKeys.work(scope), 'waiting', tasks] as const,
    queryFn: async ({ signal }): Promise<readonly WorkItem[]> => {
      const filter = { workers: [], state: workState.waiting }
      const pages = await Promise.all(tasks.map((task) => workItems(clients, scope, { ...filter, task }, signal)))
      return pages.flatMap(({ items }) => items)
    },
    refetchInterval: 20_000,
  })
  return elsewhereWords(data, person.id, nameOf)
}
