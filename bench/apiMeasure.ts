/** What calls took, one after the other or several at once. */
export interface Timing {
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  readonly calls: number
}

export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

const timingOf = (latencies: readonly number[], ms: number): Timing => ({
  perSecond: (latencies.length * 1000) / ms,
  p50: percentile(latencies, 0.5),
  p95: percentile(latencies, 0.95),
  calls: latencies.length,
})

/** Calls for so long, `inFlight` at a time. `call` gets the number of the call. */
export const callFor = async (ms: number, inFlight: number, call: (n: number) => Promise<unknown>): Promise<Timing> => {
  const latencies: number[] = []
  const started = performance.now()
  let n = 0
  const lane = async () => {
    while (performance.now() - started < ms) {
      const at = performance.now()
      await call(n++)
      latencies.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  return timingOf(latencies, performance.now() - started)
}

/** The middle one by calls a second. */
export const middle = (timings: readonly Timing[]): Timing =>
  [...timings].sort((a, b) => a.perSecond - b.perSecond)[Math.floor(timings.length / 2)]!
