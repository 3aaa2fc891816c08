import { Badge, Skeleton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Initials } from '#app/frame/Initials.tsx'
import { useNameOf } from '#app/people/useNameOf.ts'
import { inWords } from '#app/work/ago.ts'
import { ProgressBar } from '#app/work/ProgressBar.tsx'
import { priorityName, typeName, whyClosed } from '#app/work/workWords.ts'
import type { TaskProgress } from '#gen/marquee/v1/team_pb.ts'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { totalOf } from '#sync/tasks.ts'
import { TaskMenu } from './TaskMenu.tsx'
import classes from './Tasks.module.css'
import type { Editing } from './TasksPage.tsx'
import { draftOf, isPaused } from './taskWire.ts'
import { reviewWords } from './taskWords.ts'

export interface TaskViewProps {
  scope: AppScope
  tasks: readonly Task[]
  /** undefined until it is known */
  progress: ReadonlyMap<string, TaskProgress> | undefined
  isOwner: boolean
  onEdit: (editing: Editing) => void
}

/** A line for each task. */
export function TaskTable(props: TaskViewProps) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label="Tasks">
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Labelers</th>
            <th scope="col">Progress</th>
            <th scope="col" className={classes.number}>
              Inputs
            </th>
            <th scope="col" className={classes.number}>
              In review
            </th>
            <th scope="col" className={classes.number}>
              Returned
            </th>
            <th scope="col">Review</th>
            <th scope="col">Made</th>
            {props.isOwner && (
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {props.tasks.map((task) => (
            <Line key={task.id} {...props} task={task} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Line({ scope, task, progress, isOwner, onEdit }: TaskViewProps & { task: Task }) {
  const nameOf = useNameOf(scope)
  const draft = draftOf(task)
  const far = progress?.get(task.id)
  const { total, done, waiting, returned } = totalOf(far)
  return (
    <tr>
      <th scope="row" className={classes.name}>
        <Link to="/apps/$user/$app/tasks/$task" params={{ user: scope.owner, app: scope.app, task: task.id }}>
          {task.name || task.id}
        </Link>
        <TaskTags task={task} />
      </th>
      <td>
        <People ids={draft.labelers.map(({ id }) => id)} nameOf={nameOf} />
      </td>
      <td className={classes.progress}>
        {far && <ProgressBar total={total} done={done} waiting={waiting} returned={returned} name={task.name} />}
        {!progress && <Skeleton height={8} radius={4} />}
      </td>
      <td className={classes.number}>{far?.inputs.toLocaleString('en')}</td>
      <td className={classes.number}>{far && waiting.toLocaleString('en')}</td>
      <td className={classes.number} data-alert={returned > 0 || undefined}>
        {far && returned.toLocaleString('en')}
      </td>
      <td className={classes.dim}>{reviewWords(draft)}</td>
      <td className={classes.dim}>{task.createdAt && inWords(task.createdAt, Date.now())}</td>
      {isOwner && (
        <td className={classes.act}>
          <TaskMenu
            scope={scope}
            task={task}
            onEdit={() => onEdit({ task })}
            onDuplicate={() => onEdit({ task, copy: true })}
          />
        </td>
      )}
    </tr>
  )
}

/** What kind of task it is, and what is out of the ordinary about it. */
export function TaskTags({ task }: { task: Task }) {
  const closed = whyClosed({ statusCode: task.status?.code ?? 0, paused: isPaused(task) })
  const priority = priorityName(task.priority)
  return (
    <span className={classes.tags}>
      <span className={classes.dim}>{typeName(task.type)}</span>
      {priority && (
        <Badge size="xs" variant="light" color={priority === 'High' ? 'red' : 'gray'}>
          {priority} priority
        </Badge>
      )}
      {closed && (
        <Badge size="xs" variant="outline" color="gray">
          {closed}
        </Badge>
      )}
    </span>
  )
}

const SHOWN = 4

export function People({ ids, nameOf }: { ids: readonly string[]; nameOf: (id: string) => string }) {
  const names = ids.map(nameOf)
  return (
    <span className={classes.people} role="img" aria-label={names.join(', ')} title={names.join(', ')}>
      {names.slice(0, SHOWN).map((name, i) => (
        <Initials key={ids[i]} name={name} size={22} />
      ))}
      {names.length > SHOWN && <span className={classes.dim}>+{names.length - SHOWN}</span>}
    </span>
  )
}
