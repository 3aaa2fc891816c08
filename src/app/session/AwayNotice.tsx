import { CloudOff } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useConnection } from '#app/providers.tsx'
import classes from './AwayNotice.module.css'

const why =
  'The server cannot be reached. You see what this device kept of it; what you change is kept too, and sent when the server is back.'

/**
 * Says, for as long as it is so, that the screen shows what this device kept. Stands in the page's own bar; heard, not
 * seen, where that shows already that the server is away.
 */
export function AwayNotice({ shown = true }: { shown?: boolean }) {
  const { answers } = useConnection()
  const away = useSyncExternalStore(answers.subscribe, () => answers.away)
  return (
    <output className={classes.place} aria-label="Connection">
      {away && !shown && <span className="visually-hidden">Offline. {why}</span>}
      {away && shown && (
        <span className={classes.notice} title={why}>
          <CloudOff size={14} strokeWidth={2} aria-hidden />
          Offline<span className="visually-hidden">. {why}</span>
        </span>
      )}
    </output>
  )
}
