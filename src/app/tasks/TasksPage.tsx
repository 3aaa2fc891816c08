import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ClipboardList, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { taskProgressQuery, tasksQuery } from '#sync/tasks.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { TaskBoard } from './TaskBoard.tsx'
import { TaskDialog } from './TaskDialog.tsx'
import classes from './Tasks.module.css'
import { TaskTable } from './TaskTable.tsx'

const route = getRouteApi('/signed-in/apps/$user/$app/tasks')

/** How often progress is asked for while it is looked at, ms. */
const EVERY_MS = 20_000

/** Which task the dialog is about: a new one, a copy of one, or one to change. */
export interface Editing {
  readonly task?: Task
  readonly copy?: boolean
  /** a new one about these inputs, of which a dataset is made with it */
  readonly given?: GivenInputs
  /** a new one about what this saved search finds */
  readonly searchId?: string
}

export interface GivenInputs {
  readonly inputIds: readonly string[]
  readonly datasetId: string
}

/** The tasks of an app, and how far they are: as a table, or on a board by state. */
export function TasksPage() {
  const { user, app } = route.useParams()
  const scope = useMemo(() => ({ owner: user, app }), [user, app])
  usePageTitle('Tasks', app)
  const { clients, person } = useApp()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const isOwner = person.id === user
  const query = useQuery({ ...tasksQuery(clients, scope), refetchInterval: EVERY_MS })
  const [editing, setEditing] = useState<Editing | undefined>(search.new && isOwner ? {} : undefined)
  const tasks = query.data ?? []
  const add = isOwner && (
    <Button leftSection={<Plus size={14} />} onClick={() => setEditing({})}>
      New task
    </Button>
  )
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className={classes.title}>Tasks</h1>
        {query.data && <span className={classes.dim}>{count(tasks.length, 'task')}</span>}
        <span className={classes.space} />
        {tasks.length > 0 && (
          <SegmentedControl
            size="xs"
            aria-label="Show tasks as"
            value={search.as ?? 'table'}
            onChange={(as) => void navigate({ search: as === 'board' ? { as: 'board' } : {}, replace: true })}
            data={[
              { value: 'table', label: 'Table' },
              { value: 'board', label: 'Board' },
            ]}
          />
        )}
        {tasks.length > 0 && add}
      </div>
      {query.isPending && <Skeleton height={240} radius={8} />}
      {query.error && !query.data && (
        <ErrorState
          title="The tasks could not be loaded"
          message={messageOf(query.error)}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      )}
      {query.data?.length === 0 && (
        <EmptyState icon={ClipboardList} title="No tasks yet" action={add}>
          {isOwner
            ? 'A task hands images to people with instructions, and says who reviews what they label.'
            : 'When the owner makes a task, it appears here.'}
        </EmptyState>
      )}
      {tasks.length > 0 && (
        <Tasks scope={scope} tasks={tasks} board={search.as === 'board'} isOwner={isOwner} onEdit={setEditing} />
      )}
      <TaskDialog scope={scope} editing={editing} onClose={() => setEditing(undefined)} />
    </div>
  )
}

interface TasksProps {
  scope: AppScope
  tasks: readonly Task[]
  board: boolean
  isOwner: boolean
  onEdit: (editing: Editing) => void
}

function Tasks({ scope, tasks, board, isOwner, onEdit }: TasksProps) {
  const { clients } = useApp()
  const ids = useMemo(() => tasks.map(({ id }) => id), [tasks])
  const { data: progress } = useQuery({ ...taskProgressQuery(clients, scope, ids), refetchInterval: EVERY_MS })
  const View = board ? TaskBoard : TaskTable
  return <View scope={scope} tasks={tasks} progress={progress} isOwner={isOwner} onEdit={onEdit} />
}
