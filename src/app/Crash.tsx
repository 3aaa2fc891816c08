import { Button } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { CloudOff, TriangleAlert } from 'lucide-react'
import { classify } from '#sync/errors.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import classes from './Crash.module.css'
import { messageOf } from './messages.ts'

/** Stands for a screen that failed. Unsent work is on the device already, so a reload loses nothing. */
export function Crash({ error, reset }: { error: unknown; reset?: () => void }) {
  const away = classify(error) === 'retry'
  usePageTitle(away ? 'No connection' : 'Something went wrong')
  const router = useRouter()
  const again = () => {
    reset?.()
    void router.invalidate()
  }
  return (
    <main role="alert">
      <EmptyState
        wholePage
        icon={away ? CloudOff : TriangleAlert}
        title={away ? 'Marquee cannot reach its server' : 'Something went wrong on this screen'}
        action={
          <>
            {away && <Button onClick={again}>Try again</Button>}
            <Button variant={away ? 'default' : 'filled'} onClick={() => window.location.reload()}>
              Reload
            </Button>
            <Button variant="default" component="a" href="/apps">
              Go to my apps
            </Button>
          </>
        }
      >
        Your changes are safe: what has not been sent is kept on this device.
      </EmptyState>
      <details className={classes.details}>
        <summary>Details</summary>
        <pre>{error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}</pre>
      </details>
    </main>
  )
}
