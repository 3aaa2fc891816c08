import { Link } from '@tanstack/react-router'
import { count } from '#app/messages.ts'
import { useNameOf } from '#app/people/useNameOf.ts'
import { inWords } from '#app/work/ago.ts'
import { ProgressBar } from '#app/work/ProgressBar.tsx'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { totalOf } from '#sync/tasks.ts'
import { TaskMenu } from './TaskMenu.tsx'
import classes from './Tasks.module.css'
import { People, TaskTags, type TaskViewProps } from './TaskTable.tsx'
import { stateTitles, type TaskState, taskStates } from './taskStates.ts'
import { draftOf } from './taskWire.ts'

/** A column for each state; a task has a card in every column in which some of its work is. */
export function TaskBoard(props: TaskViewProps) {
  const { tasks, progress } = props
  return (
    <div className={classes.board}>
      {taskStates.map((state) => {
        const here = tasks.filter(({ id }) => totalOf(progress?.get(id))[state] > 0)
        const items = here.reduce((sum, { id }) => sum + totalOf(progress?.get(id))[state], 0)
        return (
          <section key={state} className={classes.column} aria-label={stateTitles[state]}>
            <h2 className={classes.columnTitle}>
              {stateTitles[state]}
              <span className={classes.columnCount}>{items.toLocaleString('en')}</span>
            </h2>
            {here.map((task) => (
              <Card key={task.id} {...props} task={task} state={state} />
            ))}
            {here.length === 0 && <p className={classes.nothing}>Nothing here</p>}
          </section>
        )
      })}
    </div>
  )
}

function Card({ scope, task, state, progress, isOwner, onEdit }: TaskViewProps & { task: Task; state: TaskState }) {
  const nameOf = useNameOf(scope)
  const far = progress?.get(task.id)
  const totals = totalOf(far)
  const inputs = far?.inputs ?? 0
  return (
    <article className={classes.card} data-state={state}>
      <div className={classes.cardHead}>
        <Link
          to="/apps/$user/$app/tasks/$task"
          params={{ user: scope.owner, app: scope.app, task: task.id }}
          search={{ show: state }}
        >
          {task.name || task.id}
        </Link>
        {isOwner && (
          <TaskMenu
            scope={scope}
            task={task}
            onEdit={() => onEdit({ task })}
            onDuplicate={() => onEdit({ task, copy: true })}
          />
        )}
      </div>
      <p className={classes.cardCount}>
        <b>{totals[state].toLocaleString('en')}</b> of {totals.total.toLocaleString('en')}
        {inputs > 0 && inputs < totals.total && (
          <span className={classes.dim} title="Several people label each: one piece of work for each of them">
            {' '}
            · {count(inputs, 'input')}
          </span>
        )}
      </p>
      <ProgressBar
        total={totals.total}
        done={totals.done}
        waiting={totals.waiting}
        returned={totals.returned}
        name={task.name}
      />
      <div className={classes.cardFoot}>
        <People ids={draftOf(task).labelers.map(({ id }) => id)} nameOf={nameOf} />
        <span className={classes.dim}>{task.modifiedAt && inWords(task.modifiedAt, Date.now())}</span>
      </div>
      <TaskTags task={task} />
    </article>
  )
}
