import { count } from '#app/messages.ts'
import classes from './TaskForm.module.css'
import type { FieldProps } from './TaskForm.tsx'
import { sharesOfDraft, type TaskDraft } from './taskDraft.ts'

interface Props {
  draft: TaskDraft
  people: FieldProps['people']
  /** how many inputs the task will have; undefined where only the server knows */
  inputs: number | undefined
}

/** Who will get how many inputs, before it happens. */
export function Shares({ draft, people, inputs }: Props) {
  const { labelers, perInput } = draft
  if (labelers.length === 0) return null
  const shares = sharesOfDraft(draft, inputs ?? 0)
  if (shares === undefined)
    return (
      <p className={classes.shares}>
        {inputs === undefined ? 'The inputs' : count(inputs, 'input')} wait in one queue for{' '}
        {count(labelers.length, 'person', 'people')}. An input that somebody leaves lying for two minutes goes back.
      </p>
    )
  if (inputs === undefined || perInput < 1 || perInput > labelers.length)
    return <p className={classes.shares}>How many each gets is known when the task is made.</p>
  const most = Math.max(1, ...shares)
  return (
    <ul className={classes.shares} aria-label="Who gets how many">
      {labelers.map(({ id }, i) => (
        <li key={id}>
          <span className={classes.shareName}>{people.find(({ value }) => value === id)?.label ?? id}</span>
          <span className={classes.shareBar} aria-hidden>
            <span style={{ width: `${((shares[i] ?? 0) / most) * 100}%` }} />
          </span>
          <span className={classes.shareCount}>{(shares[i] ?? 0).toLocaleString('en')}</span>
        </li>
      ))}
    </ul>
  )
}
