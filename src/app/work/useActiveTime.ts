import { useEffect } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { AppScope } from '#sync/scope.ts'
import { recordTime } from '#sync/work.ts'
import { painted } from '#ui/painted.ts'
import { counted, secondsOf, signed, startTime, stopped } from './activeTime.ts'

const REPORT_MS = 30_000
const signs = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const

interface Visited {
  readonly scope: AppScope
  readonly task: string
  readonly item: string
  readonly input: string
}

/**
 * Tells the server how long the person was active on this piece of work: while the page is in sight, has the keyboard,
 * and something was done within the last minute. Of several windows only one has the keyboard, so nothing counts twice.
 */
export function useActiveTime(visited: Visited | undefined): void {
  const { clients } = useApp()
  const key = visited && JSON.stringify([visited.scope, visited.task, visited.item, visited.input])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what is visited
  useEffect(() => {
    if (!visited) return
    const { scope, task, item, input } = visited
    const visit = crypto.randomUUID()
    const present = () => document.visibilityState === 'visible' && document.hasFocus()
    let time = present() ? startTime(performance.now()) : stopped(startTime(performance.now()), performance.now())
    let told = 0
    const report = () => {
      time = counted(time, performance.now())
      const seconds = secondsOf(time)
      if (seconds <= told) return
      // lost reports need no repeating: the next one says the whole
      void recordTime(clients, scope, { task, item, input, visit, seconds }).then(
        () => {
          told = Math.max(told, seconds)
        },
        () => undefined,
      )
    }
    const sign = () => {
      if (present()) time = signed(time, performance.now())
    }
    const away = () => {
      time = stopped(time, performance.now())
      report()
    }
    const seen = () => (document.visibilityState === 'visible' ? sign() : away())
    const stop = new AbortController()
    const { signal } = stop
    for (const name of signs) window.addEventListener(name, sign, { signal, passive: true, capture: true })
    window.addEventListener('focus', sign, { signal })
    window.addEventListener('blur', away, { signal })
    window.addEventListener('pagehide', away, { signal })
    document.addEventListener('visibilitychange', seen, { signal })
    const timer = setInterval(report, REPORT_MS)
    return () => {
      stop.abort()
      clearInterval(timer)
      time = stopped(time, performance.now())
      // the next image first
      void painted().then(report)
    }
  }, [clients, key])
}
