/** Calls `run` when the page has nothing else to do, unless the returned function is called before. */
export const whenIdle = (run: () => void): (() => void) => {
  if (!window.requestIdleCallback) {
    const waiting = window.setTimeout(run, 200)
    return () => window.clearTimeout(waiting)
  }
  const waiting = window.requestIdleCallback(run)
  return () => window.cancelIdleCallback(waiting)
}

/** The same, after at least `ms`. */
export const whenIdleAfter = (ms: number, run: () => void): (() => void) => {
  let cancel = () => {}
  const timer = window.setTimeout(() => {
    cancel = whenIdle(run)
  }, ms)
  return () => {
    window.clearTimeout(timer)
    cancel()
  }
}
