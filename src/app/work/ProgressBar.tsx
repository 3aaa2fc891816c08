import classes from './ProgressBar.module.css'

interface Props {
  total: number
  done: number
  waiting: number
  returned: number
  /** whose progress */
  name: string
}

/** Shares of work: approved, submitted, sent back; the rest of the bar is to do. */
export function ProgressBar({ total, done, waiting, returned, name }: Props) {
  const share = (n: number) => `${total > 0 ? (n / total) * 100 : 0}%`
  const finished = total > 0 ? Math.floor(((done + waiting) / total) * 100) : 0
  const text = `${done.toLocaleString('en')} approved, ${waiting.toLocaleString('en')} submitted, ${returned.toLocaleString('en')} returned, of ${total.toLocaleString('en')}`
  return (
    <span
      role="progressbar"
      aria-label={`Progress of ${name}`}
      aria-valuenow={finished}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={text}
      title={text}
      className={classes.root}
    >
      <span className={classes.bar}>
        <span data-kind="done" style={{ width: share(done) }} />
        <span data-kind="waiting" style={{ width: share(waiting) }} />
        <span data-kind="returned" style={{ width: share(returned) }} />
      </span>
      <span className={classes.percent}>{finished}%</span>
    </span>
  )
}
