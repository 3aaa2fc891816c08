import { ConnectError } from '@connectrpc/connect'
import { Button } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { CloudOff, TriangleAlert } from 'lucide-react'
import { useEffect, useEffectEvent } from 'react'
import { classify } from '#sync/errors.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import classes from './Crash.module.css'
import { count, messageOf } from './messages.ts'
import { useConnection } from './providers.tsx'

/** How often a server that is away is asked whether it is back, ms. */
const ASK_EVERY_MS = 4000

/** Stands for a screen that failed. Unsent work is on the device already, so a reload loses nothing. */
export function Crash({ error, reset }: { error: unknown; reset?: () => void }) {
  const away = classify(error) === 'retry'
  usePageTitle(away ? 'No connection' : 'Something went wrong')
  const router = useRouter()
  const again = () => {
    reset?.()
    void router.invalidate()
  }
  // of our own mistakes, which look the same, another try would make another one every few seconds
  const goesOn = away && error instanceof ConnectError
  useServerBack(goesOn, again)
  const { keeper } = useConnection()
  const waiting = keeper.current?.sync.status().waiting ?? 0
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
        {waiting > 0
          ? `Your work is safe: ${count(waiting, 'change')} ${waiting === 1 ? 'is' : 'are'} kept on this device and sent when the server is back.`
          : 'Your work is safe: what has not been sent is kept on this device.'}
        {goesOn && ' This page goes on by itself as soon as there is a connection.'}
      </EmptyState>
      <details className={classes.details}>
        <summary>Details</summary>
        <pre>{error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}</pre>
      </details>
    </main>
  )
}

/** Calls `back` when the server answers again. */
function useServerBack(away: boolean, back: () => void): void {
  const { clients } = useConnection()
  const onBack = useEffectEvent(back)
  useEffect(() => {
    if (!away) return
    let left = false
    const ask = () =>
      clients.account.getSession({}).then(
        () => left || onBack(),
        () => undefined,
      )
    const timer = setInterval(() => void ask(), ASK_EVERY_MS)
    const online = () => void ask()
    window.addEventListener('online', online)
    return () => {
      left = true
      clearInterval(timer)
      window.removeEventListener('online', online)
    }
  }, [away, clients])
}
