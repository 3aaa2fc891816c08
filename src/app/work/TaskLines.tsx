import { Badge, Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { BookOpen } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { Work } from '#gen/marquee/v1/team_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { countIn, progressOf } from './continueWith.ts'
import { InstructionsDialog } from './InstructionsDialog.tsx'
import { ProgressBar } from './ProgressBar.tsx'
import { markRead } from './useInstructions.ts'
import classes from './WorkPage.module.css'
import { priorityName, typeName, whyClosed, workName } from './workWords.ts'

interface Props {
  scope: AppScope
  works: readonly Work[]
  /** id of the task whose items are shown below; undefined: of all */
  chosen: string | undefined
}

/** A line for each task, and for the orders outside of tasks: what is asked, how far it is, what is left. */
export function TaskLines({ scope, works, chosen }: Props) {
  const app = useApp()
  const [reading, setReading] = useState<Work>()
  return (
    <section className={classes.tasks} aria-label="Tasks">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Progress</th>
            <th scope="col" className={classes.number}>
              Returned
            </th>
            <th scope="col" className={classes.number}>
              To do
            </th>
            <th scope="col" className={classes.number}>
              Waiting
            </th>
            <th scope="col" className={classes.number}>
              Done
            </th>
            <th scope="col">
              <span className="visually-hidden">Instructions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {works.map((work) => (
            <TaskLine
              key={work.taskId}
              scope={scope}
              work={work}
              chosen={work.taskId === chosen}
              onRead={() => setReading(work)}
            />
          ))}
        </tbody>
      </table>
      <InstructionsDialog
        name={reading && workName(reading)}
        text={reading?.instructions}
        onClose={() => {
          if (reading) markRead(app, { ...scope, task: reading.taskId, text: reading.instructions })
          setReading(undefined)
        }}
      />
    </section>
  )
}

interface LineProps {
  scope: AppScope
  work: Work
  chosen: boolean
  onRead: () => void
}

function TaskLine({ scope, work, chosen, onRead }: LineProps) {
  const { total, done, waiting, returned, due } = progressOf(work)
  const closed = whyClosed(work)
  const priority = priorityName(work.priority)
  return (
    <tr data-chosen={chosen || undefined}>
      <th scope="row" className={classes.taskName}>
        <Link
          to="/apps/$user/$app/work"
          params={{ user: scope.owner, app: scope.app }}
          search={chosen ? {} : { task: work.taskId }}
          aria-current={chosen ? 'true' : undefined}
          title={chosen ? 'Go on with all tasks' : 'Go on with this task only'}
        >
          {workName(work)}
        </Link>
        <span className={classes.tags}>
          {work.taskId !== '' && <span className={classes.dim}>{typeName(work.type)}</span>}
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
          {work.unclaimed > 0 && (
            <span className={classes.dim}>{work.unclaimed.toLocaleString('en')} in the shared queue</span>
          )}
        </span>
      </th>
      <td className={classes.progressCell}>
        <ProgressBar total={total} done={done} waiting={waiting} returned={returned} name={workName(work)} />
      </td>
      <td className={classes.number} data-alert={returned > 0 || undefined}>
        {returned.toLocaleString('en')}
      </td>
      <td className={classes.number}>{(due - returned).toLocaleString('en')}</td>
      <td className={classes.number}>{countIn(work, 'waiting').toLocaleString('en')}</td>
      <td className={classes.number}>{done.toLocaleString('en')}</td>
      <td className={classes.act}>
        {work.instructions.trim() !== '' && (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<BookOpen size={13} aria-hidden />}
            onClick={onRead}
            aria-label={`Instructions of ${workName(work)}`}
          >
            Instructions
          </Button>
        )}
      </td>
    </tr>
  )
}
