import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { BookOpen, ListChecks, Users } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { ButtonLink } from '#app/frame/ButtonLink.tsx'
import { count, isMissing, messageOf } from '#app/messages.ts'
import { NotFound } from '#app/NotFound.tsx'
import { InstructionsDialog } from '#app/work/InstructionsDialog.tsx'
import { ProgressBar } from '#app/work/ProgressBar.tsx'
import type { TaskProgress } from '#gen/marquee/v1/team_pb.ts'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { taskProgressQuery, totalOf } from '#sync/tasks.ts'
import { taskQuery } from '#sync/work.ts'
import { ErrorState } from '#ui/ErrorState.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { TaskDialog } from './TaskDialog.tsx'
import { TaskItems } from './TaskItems.tsx'
import { TaskMenu } from './TaskMenu.tsx'
import classes from './TaskPage.module.css'
import { TaskPeople } from './TaskPeople.tsx'
import page from './Tasks.module.css'
import type { Editing } from './TasksPage.tsx'
import { TaskTags } from './TaskTable.tsx'
import { stateTitles, taskStates } from './taskStates.ts'
import { draftOf, instructionsOf } from './taskWire.ts'
import { giveWords, reviewWords } from './taskWords.ts'

const route = getRouteApi('/signed-in/apps/$user/$app/tasks/$task')
const EVERY_MS = 20_000

/** One task: what it asks for, how far each of its people is, and every piece of its work. */
export function TaskPage() {
  const { user, app, task: id } = route.useParams()
  const scope = useMemo(() => ({ owner: user, app }), [user, app])
  const { clients } = useApp()
  const query = useQuery({ ...taskQuery(clients, scope, id), refetchInterval: EVERY_MS })
  const ids = useMemo(() => [id], [id])
  const { data: progress } = useQuery({ ...taskProgressQuery(clients, scope, ids), refetchInterval: EVERY_MS })
  usePageTitle(query.data?.name || 'Task', app)
  if (query.error && isMissing(query.error)) return <NotFound what="task" />
  return (
    <div className={page.page}>
      {query.isPending && <Skeleton height={320} radius={8} />}
      {query.error && !query.data && (
        <ErrorState
          title="The task could not be loaded"
          message={messageOf(query.error)}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      )}
      {query.data && <Loaded task={query.data} progress={progress?.get(id)} />}
    </div>
  )
}

function Loaded({ task, progress }: { task: Task; progress: TaskProgress | undefined }) {
  const { user, app } = route.useParams()
  const scope = useMemo(() => ({ owner: user, app }), [user, app])
  const { person } = useApp()
  const navigate = route.useNavigate()
  const search = route.useSearch()
  const [editing, setEditing] = useState<Editing>()
  const [reading, setReading] = useState(false)
  const isOwner = person.id === user
  const draft = draftOf(task)
  const totals = totalOf(progress)
  return (
    <>
      <div className={page.head}>
        <Link to="/apps/$user/$app/tasks" params={{ user, app }} className={classes.back}>
          Tasks
        </Link>
        <span className={page.dim} aria-hidden>
          /
        </span>
        <h1 className={page.title}>{task.name || task.id}</h1>
        <TaskTags task={task} />
        <span className={page.space} />
        {(isOwner || draft.reviewers.includes(person.id)) && (
          <ButtonLink
            to={agreementHref(user, app, task.id) as string}
            variant="default"
            leftSection={<Users size={14} />}
          >
            Agreement
          </ButtonLink>
        )}
        {instructionsOf(task).trim() !== '' && (
          <Button variant="default" leftSection={<BookOpen size={14} />} onClick={() => setReading(true)}>
            Instructions
          </Button>
        )}
        {draft.labelers.some(({ id }) => id === person.id) && (
          <ButtonLink
            to={`/apps/${encodeURIComponent(user)}/${encodeURIComponent(app)}/work` as string}
            leftSection={<ListChecks size={14} />}
          >
            My work
          </ButtonLink>
        )}
        {isOwner && (
          <>
            <Button variant="default" onClick={() => setEditing({ task })}>
              Edit
            </Button>
            <TaskMenu
              scope={scope}
              task={task}
              onEdit={() => setEditing({ task })}
              onDuplicate={() => setEditing({ task, copy: true })}
              onRemoved={() => void navigate({ to: '/apps/$user/$app/tasks', params: { user, app } })}
            />
          </>
        )}
      </div>
      <p className={classes.facts}>
        {progress && `${count(progress.inputs, 'input')}, `}
        {giveWords(draft)}. Review: {reviewWords(draft).toLowerCase()}.
      </p>
      {progress && (
        <>
          <dl className={classes.states}>
            {taskStates.map((state) => (
              <div key={state} data-state={state}>
                <dt>{stateTitles[state]}</dt>
                <dd>{totals[state].toLocaleString('en')}</dd>
              </div>
            ))}
          </dl>
          <ProgressBar
            total={totals.total}
            done={totals.done}
            waiting={totals.waiting}
            returned={totals.returned}
            name={task.name}
          />
          <TaskPeople scope={scope} progress={progress} />
        </>
      )}
      <TaskItems
        scope={scope}
        task={task}
        person={search.person}
        state={search.show}
        onFilter={(next) => void navigate({ search: next, replace: true })}
      />
      <TaskDialog scope={scope} editing={editing} onClose={() => setEditing(undefined)} />
      <InstructionsDialog
        name={task.name}
        text={reading ? instructionsOf(task) : undefined}
        onClose={() => setReading(false)}
      />
    </>
  )
}

const agreementHref = (user: string, app: string, task: string): string =>
  `/apps/${[user, app].map(encodeURIComponent).join('/')}/tasks/${encodeURIComponent(task)}/agreement`
