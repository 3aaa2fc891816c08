import type { CDPSession } from '@playwright/test'

interface TraceEvent {
  readonly name: string
  readonly cat: string
  readonly ph: string
  /** µs */
  readonly ts: number
  readonly dur?: number
  /** µs of the thread's own time, without what it waited for others */
  readonly tdur?: number
  readonly pid: number
  readonly tid: number
  readonly id?: string
  readonly id2?: { readonly local?: string }
  readonly args: object
}

const CATEGORIES = ['cc', 'benchmark', 'input', 'blink.user_timing', 'toplevel']

/** What a browser trace says about one gesture. Durations in ms. */
export interface TraceReading {
  /** Frames that reached the screen with what the page had drawn. */
  readonly frames: number
  /** All that reached the screen: those that only scrolled what was drawn before, too. */
  readonly presented: number
  readonly seconds: number
  /** Work of the page's main thread: its own time, which other programs on the machine do not change. */
  readonly mainThread: number
  /** As the clock says, and what of it was work of the thread's own. */
  readonly longestTask: number
  readonly longestWork: number
  /** From each input event of that type to the frame that shows what it did, in the order they ended. */
  readonly latencies: readonly number[]
  /** Work of the main thread (its own time) by frames of 16.7 ms: tasks count where they begin, so a long one exceeds its frame. */
  readonly frameWork: readonly number[]
}

/** Records a trace around `gesture`. The two marks keep what happens before and after out of the figures. */
export const traced = async (
  session: CDPSession,
  eventType: string,
  gesture: () => Promise<void>,
): Promise<TraceReading> => {
  const events: TraceEvent[] = []
  const collect = ({ value }: { value: object[] }) => {
    events.push(...(value as TraceEvent[]))
  }
  session.on('Tracing.dataCollected', collect)
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: CATEGORIES, excludedCategories: ['*'], traceBufferSizeInKb: 400_000 },
  })
  const mark = (name: string) => session.send('Runtime.evaluate', { expression: `performance.mark('${name}')` })
  await mark('bench-begin')
  await gesture()
  await mark('bench-end')
  const complete = new Promise((done) => session.once('Tracing.tracingComplete', done))
  await session.send('Tracing.end')
  await complete
  session.off('Tracing.dataCollected', collect)
  return read(events, eventType)
}

const read = (events: readonly TraceEvent[], eventType: string): TraceReading => {
  const begin = events.find((event) => event.name === 'bench-begin')
  const end = events.find((event) => event.name === 'bench-end')
  if (!begin || !end) throw new Error('the trace does not hold the marks of the gesture')
  const within = (event: TraceEvent) => event.ts >= begin.ts && event.ts <= end.ts
  const tasks = events.filter(
    (event) =>
      event.name === 'ThreadControllerImpl::RunTask' &&
      event.pid === begin.pid &&
      event.tid === begin.tid &&
      within(event),
  )
  const lengths = tasks.map((task) => (task.dur ?? 0) / 1000)
  const work = tasks.map(workOf)
  return {
    frames: presentedFrames(events.filter(within), ['STATE_PRESENTED_ALL']),
    presented: presentedFrames(events.filter(within), ['STATE_PRESENTED_ALL', 'STATE_PRESENTED_PARTIAL']),
    seconds: (end.ts - begin.ts) / 1e6,
    mainThread: work.reduce((sum, length) => sum + length, 0),
    longestTask: largest(lengths),
    longestWork: largest(work),
    frameWork: workByFrame(tasks, begin.ts, end.ts),
    latencies: latenciesOf(events.filter(within), eventType),
  }
}

/** ms */
const workOf = ({ tdur, dur = 0 }: TraceEvent): number => (tdur ?? dur) / 1000

const largest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0)

const FRAME_US = 1e6 / 60

const workByFrame = (tasks: readonly TraceEvent[], begin: number, end: number): number[] => {
  const work = new Array<number>(Math.ceil((end - begin) / FRAME_US)).fill(0)
  for (const task of tasks) work[Math.floor((task.ts - begin) / FRAME_US)]! += workOf(task)
  return work
}

interface FrameReporter {
  readonly state?: string
  readonly frame_sequence?: number
}

interface FrameArgs {
  readonly frame_reporter?: FrameReporter
  /** Its name before Chromium 140 or so. */
  readonly chrome_frame_reporter?: FrameReporter
}

/** STATE_PRESENTED_ALL has the main thread's update, STATE_PRESENTED_PARTIAL only the compositor's part. */
const presentedFrames = (events: readonly TraceEvent[], states: readonly string[]): number => {
  const sequences = new Set<number>()
  for (const event of events) {
    if (event.name !== 'PipelineReporter' || event.ph !== 'b') continue
    const { frame_reporter, chrome_frame_reporter } = event.args as FrameArgs
    const reporter = frame_reporter ?? chrome_frame_reporter
    if (reporter?.state && states.includes(reporter.state) && reporter.frame_sequence !== undefined)
      sequences.add(reporter.frame_sequence)
  }
  return sequences.size
}

interface EventLatency {
  readonly event_latency?: { readonly event_type?: string; readonly surface_frame_trace_id?: number }
}

/**
 * EventLatency spans, from when the event was made to when its frame was on the screen; those without a frame id
 * changed nothing. Spans of one id follow each other and never overlap.
 */
const latenciesOf = (events: readonly TraceEvent[], eventType: string): number[] => {
  const begun = new Map<string, number>()
  const latencies: number[] = []
  for (const event of [...events].sort((a, b) => a.ts - b.ts)) {
    if (event.name !== 'EventLatency') continue
    const span = `${event.pid}/${event.id2?.local ?? event.id ?? ''}`
    const latency = (event.args as EventLatency).event_latency
    const from = begun.get(span)
    if (
      event.ph === 'b' &&
      latency?.event_type?.startsWith(eventType) &&
      latency.surface_frame_trace_id !== undefined
    ) {
      begun.set(span, event.ts)
    } else if (event.ph === 'e' && from !== undefined) {
      begun.delete(span)
      latencies.push((event.ts - from) / 1000)
    }
  }
  return latencies
}
