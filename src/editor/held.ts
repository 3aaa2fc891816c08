import { isBeingRead } from '#geometry/shape.ts'
import type { Region, RegionKey } from '#model/region.ts'
import type { History, Step } from './history.ts'
import { canGoForward, type EditorState, isBusy } from './state.ts'

export type Direction = 'undo' | 'redo'

export interface UndoResult {
  readonly done: boolean
  /** why a whole step was left out, for the person */
  readonly skipped?: string
  /** it is done as soon as what it changes has been read */
  readonly waits?: true
}

/** Whether Undo and Redo lead anywhere. @param discarded an unfinished shape can be brought back */
export function waysOf({ past, future }: History, { beside, toolState }: EditorState, discarded: boolean) {
  const steps = past.length
  return {
    canUndo: steps > 0 || discarded || isBusy(toolState) || beside?.canUndo(steps) === true,
    canRedo: future.length > 0 || canGoForward(toolState) || beside?.canRedo(steps) === true,
  }
}

/** What is known of the image so far. */
export interface Arrived {
  readonly regions: ReadonlyMap<RegionKey, Region>
  /** server ⊕ outbox have said which regions there are */
  readonly loaded: boolean
  /** an earlier visit's history is still being read */
  readonly historyComing: boolean
}

/**
 * Undo and redo asked for before what they change is there: right after an image was opened its masks are being read,
 * and its history too. They wait, in the order in which they were asked for; what is done meanwhile lies on top of the
 * steps that they are about.
 */
export class HeldSteps {
  readonly #waiting: Direction[] = []
  /** how many steps of the past lie below what was done since */
  #floor = 0

  get first(): Direction | undefined {
    return this.#waiting[0]
  }

  /** Whether the next step must wait: for what it changes, or behind one that does. */
  holds(direction: Direction, history: History, arrived: Arrived): boolean {
    return this.isNext(history) || isWaiting(direction, history, arrived)
  }

  /** Whether what is done next is the first thing that is done after a step that waits. */
  isNext({ past }: History): boolean {
    return this.#waiting.length > 0 && past.length === this.#floor
  }

  add(direction: Direction, { past }: History): void {
    if (this.#waiting.length === 0) this.#floor = past.length
    // one takes the other back
    if (direction === 'redo' && this.#waiting.at(-1) === 'undo') this.#waiting.pop()
    else this.#waiting.push(direction)
  }

  /** An earlier visit's steps have been put below all. */
  lift(steps: number): void {
    this.#floor += steps
  }

  /** The history without what was done since. */
  below({ past, future }: History): History {
    const older = past.slice(0, this.#floor)
    return { past: older, future: older.length === past.length ? future : [] }
  }

  /** The first one is done, or cannot be, and has left this of the history below; the whole of it now. */
  took(below: History, { past, future }: History): History {
    const newer = past.slice(this.#floor)
    this.#waiting.shift()
    this.#floor = below.past.length
    return newer.length === 0 ? below : { past: [...below.past, ...newer], future }
  }

  clear(): void {
    this.#waiting.length = 0
  }
}

/** Whether the next step is about what is not there yet. */
export function isWaiting(direction: Direction, { past, future }: History, arrived: Arrived): boolean {
  const step = (direction === 'undo' ? past : future).at(-1)
  return step ? isComing(step, direction, arrived) : arrived.historyComing
}

/** Whether something that the step has left is not there yet. */
function isComing(step: Step, direction: Direction, { regions, loaded }: Arrived): boolean {
  for (const [key, { before, after }] of step.change) {
    const left = direction === 'undo' ? after : before
    const now = regions.get(key)
    if (left && !now && !loaded) return true
    if (left && now && isBeingRead(now.shape) && !isBeingRead(left.shape)) return true
  }
  return false
}
