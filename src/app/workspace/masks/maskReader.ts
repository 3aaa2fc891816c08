import { likelyStep, rememberOutline } from '#canvas/maskDetail.ts'
import type { Size } from '#geometry/point.ts'
import { rememberMask } from '#model/readMasks.ts'
import { type Job, maskPool, type Turn } from './maskPool.ts'

/** Reads masks somewhere, remembers what they say, and tells when some more are known. */
export type ReadMasks = (masks: readonly Uint8Array[], size: Size, known: () => void) => void

/** What came within this time is told at once, then within twice as long …: each time, all regions are looked at. ms */
const TOGETHER_MS = 80
const MOST_TOGETHER_MS = 320

interface Reading {
  readonly job: Job
  /** whom to tell */
  readonly ears: Set<() => void>
}

/** What is being read, by the bytes. */
const readings = new Map<Uint8Array, Reading>()
const news = new Set<() => void>()
let telling: ReturnType<typeof setTimeout> | undefined
let together = TOGETHER_MS

/** In workers: the picture and all other regions never wait for it. */
export const readMasks: ReadMasks = (masks, size, known) => read(masks, size, known, 'shown')

/** Those of an image that may be next: they wait for everything else. */
export const readMasksAhead = (masks: readonly Uint8Array[], size: Size): void => read(masks, size, undefined, 'ahead')

function read(masks: readonly Uint8Array[], size: Size, known: (() => void) | undefined, turn: Turn): void {
  for (const bytes of masks) {
    const reading = readings.get(bytes)
    if (known) reading?.ears.add(known)
    if (reading && turn === 'shown') maskPool().hurry(reading.job)
    if (!reading) begin(bytes, size, new Set(known && [known]), turn)
  }
}

function begin(bytes: Uint8Array, size: Size, ears: Set<() => void>, turn: Turn): void {
  const step = likelyStep()
  const job: Job = {
    ask: () => {
      // a copy: the bytes lie within the whole answer of the server, which would be copied each time
      const copy = bytes.slice()
      return { request: { do: 'read', bytes: copy, size, step }, transfer: [copy.buffer] }
    },
    answer: (reply) => {
      readings.delete(bytes)
      const { read, outline } =
        reply && 'read' in reply ? reply : { read: { why: 'the mask could not be read on this device' } }
      if ('mask' in read && outline) rememberOutline(read.mask, step, outline)
      rememberMask(bytes, size, read)
      for (const ear of ears) news.add(ear)
      if (!isAwaited()) tell()
      else telling ??= setTimeout(tell, together)
    },
  }
  readings.set(bytes, { job, ears })
  maskPool().add(job, turn)
}

/** Somebody wants to hear of what is still being read. */
const isAwaited = (): boolean => [...readings.values()].some(({ ears }) => ears.size > 0)

function tell(): void {
  clearTimeout(telling)
  telling = undefined
  together = isAwaited() ? Math.min(MOST_TOGETHER_MS, 2 * together) : TOGETHER_MS
  const all = [...news]
  news.clear()
  for (const known of all) known()
}
