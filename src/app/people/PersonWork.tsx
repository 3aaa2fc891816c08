import { Loader, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import { badgeLabels, badgeOf } from '#app/work/workBadges.ts'
import type { ListWorkItemsResponse } from '#gen/marquee/v1/team_pb.ts'
import { tasksQuery } from '#sync/people.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { workItems } from '#sync/work.ts'
import { ErrorState } from '#ui/ErrorState.tsx'
import classes from './PeoplePage.module.css'

/** Of each task so many are shown. */
const SHOWN = 100

interface Props {
  scope: AppScope
  /** undefined: closed */
  person: { readonly id: string; readonly name: string } | undefined
  onClose: () => void
}

/** Somebody's queue: task by task, what was sent back first. */
export function PersonWork({ scope, person, onClose }: Props) {
  return (
    <Modal opened={person !== undefined} onClose={onClose} size={560} title={person && `Work of ${person.name}`}>
      {person && <Queue scope={scope} id={person.id} />}
    </Modal>
  )
}

interface Part {
  readonly id: string
  readonly name: string
  readonly answer: ListWorkItemsResponse
}

function Queue({ scope, id }: { scope: AppScope; id: string }) {
  const { clients, queryClient } = useApp()
  const query = useQuery({
    queryKey: [...queryKeys.work(scope), 'of', id],
    queryFn: async ({ signal }): Promise<readonly Part[]> => {
      const tasks = await queryClient.fetchQuery(tasksQuery(clients, scope))
      const lists = [
        ...tasks.map((task) => ({ id: task.id, name: task.name || task.id })),
        { id: '', name: 'Assigned to them' },
      ]
      const parts = await Promise.all(
        lists.map(async (list) => ({
          ...list,
          answer: await workItems(clients, scope, { task: list.id, workers: [id], perPage: SHOWN }, signal),
        })),
      )
      return parts.filter(({ answer }) => answer.total > 0)
    },
  })
  if (query.isPending) return <Loader size="sm" aria-label="Loading" />
  if (query.error)
    return (
      <ErrorState
        title="Their work could not be loaded"
        message={messageOf(query.error)}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      />
    )
  if (query.data.length === 0) return <p className={classes.detail}>No work has been given to them.</p>
  return query.data.map((part) => (
    <section key={part.id} className={classes.part}>
      <h3>
        {part.name} <span className={classes.detail}>{count(part.answer.total, 'item')}</span>
      </h3>
      <ul>
        {part.answer.items.map((item) => (
          <li key={`${item.input?.inputId}/${item.id}`}>
            <Link
              to="/apps/$user/$app/inputs/$input"
              params={{ user: scope.owner, app: scope.app, input: item.input?.inputId ?? '' }}
            >
              {item.input?.filename || item.input?.inputId}
            </Link>
            <span className={classes.detail}>{badgeLabels[badgeOf(item, undefined)]}</span>
          </li>
        ))}
      </ul>
      {part.answer.total > part.answer.items.length && (
        <p className={classes.detail}>and {(part.answer.total - part.answer.items.length).toLocaleString('en')} more</p>
      )}
    </section>
  ))
}
