import { Link } from '@tanstack/react-router'
import { Initials } from '#app/frame/Initials.tsx'
import { useNameOf } from '#app/people/useNameOf.ts'
import { inWords } from '#app/work/ago.ts'
import type { PersonProgress, TaskProgress } from '#gen/marquee/v1/team_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { denialRate, percent, spent } from './personNumbers.ts'
import page from './Tasks.module.css'

interface Props {
  scope: AppScope
  progress: TaskProgress
}

/** A line for each labeler of a task, those who have left included. */
export function TaskPeople({ scope, progress }: Props) {
  if (progress.people.length === 0) return null
  return (
    <div className={page.scroll}>
      <table className={page.table} aria-label="People">
        <thead>
          <tr>
            <th scope="col">Labeler</th>
            {[
              'To label',
              'Labeling',
              'Returned',
              'In review',
              'Done',
              'Median time',
              'Sent back',
              'Agreement',
              'Quality',
            ].map((title) => (
              <th key={title} scope="col" className={page.number}>
                {title}
              </th>
            ))}
            <th scope="col">Active</th>
          </tr>
        </thead>
        <tbody>
          {progress.people.map((person) => (
            <Line key={person.userId} scope={scope} task={progress.taskId} person={person} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Line({ scope, task, person }: { scope: AppScope; task: string; person: PersonProgress }) {
  const nameOf = useNameOf(scope)
  const { todo = 0, begun = 0, returned = 0, waiting = 0, done = 0 } = person.counts ?? {}
  const name = nameOf(person.userId)
  return (
    <tr>
      <th scope="row" className={page.name}>
        <span style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
          <Initials name={name} size={22} />
          <Link
            to="/apps/$user/$app/tasks/$task"
            params={{ user: scope.owner, app: scope.app, task }}
            search={{ person: person.userId }}
            title={`Show only the work of ${name}`}
          >
            {name}
          </Link>
        </span>
      </th>
      {[todo, begun, returned, waiting, done].map((n, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: five fixed columns
        <td key={i} className={page.number} data-alert={(i === 2 && n > 0) || undefined}>
          {n.toLocaleString('en')}
        </td>
      ))}
      <td className={page.number}>{spent(person.medianSeconds)}</td>
      <td className={page.number}>{denialRate(person)}</td>
      <td className={page.number}>{percent(person.agreement)}</td>
      <td className={page.number}>{percent(person.quality)}</td>
      <td className={page.dim}>{person.lastActive ? inWords(person.lastActive, Date.now()) : '–'}</td>
    </tr>
  )
}
