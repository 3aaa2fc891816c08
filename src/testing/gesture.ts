import type { Editor } from '#editor/editor.ts'
import { PointerInput } from '#editor/input.ts'
import type { KeyFacts } from '#editor/keys.ts'
import type { RawPointer } from '#editor/rawPointer.ts'
import type { PointerKind } from '#editor/scene.ts'
import type { RawWheel } from '#editor/wheel.ts'

type Modifier = 'shift' | 'alt' | 'ctrl'

const bits: Readonly<Record<number, number>> = { 0: 1, 1: 4, 2: 2, 5: 32 }
const keyNames: Readonly<Record<Modifier, string>> = { shift: 'Shift', alt: 'Alt', ctrl: 'Control' }

/**
 * Moves a pointer as a person does, in screen px: `gesture(editor).down(10, 10).drag(40, 60).up()`. It goes through
 * {@link PointerInput}, so clicks, thresholds and held keys are the real ones. Time passes 20 ms an event.
 */
export function gesture(editor: Editor): Gesture {
  return new Gesture(editor)
}

export class Gesture {
  readonly input: PointerInput
  readonly #ticks: (() => void)[] = []
  #pointer: RawPointer = {
    id: 1,
    kind: 'mouse',
    at: [0, 0],
    buttons: 0,
    button: -1,
    shift: false,
    alt: false,
    ctrl: false,
    meta: false,
    time: 0,
  }
  readonly #down = new Map<number, RawPointer>()

  constructor(editor: Editor) {
    this.input = new PointerInput(editor, {
      schedule: (tick) => this.#ticks.push(tick),
      now: () => this.#pointer.time,
    })
  }

  /** From now on it is a pen, a finger or another finger. */
  with(kind: PointerKind, id = 1): this {
    const held = this.#down.get(id)
    this.#pointer = held ? { ...held, time: this.#pointer.time } : { ...this.#pointer, kind, id, buttons: 0 }
    return this
  }

  /** How hard the pen is pressed from now on, 0 … 1. */
  press(pressure: number): this {
    this.#pointer = { ...this.#pointer, pressure }
    return this
  }

  hover(x: number, y: number): this {
    return this.#next({ at: [x, y], button: -1 }, (p) => this.input.move(p))
  }

  down(x: number, y: number, button = 0): this {
    const buttons = this.#pointer.buttons | bits[button]!
    // a browser tells further buttons as moves
    const chorded = this.#pointer.buttons !== 0
    return this.#next({ at: [x, y], button, buttons }, (p) => (chorded ? this.input.move(p) : this.input.down(p)))
  }

  /** To there in one move; use several for a path. */
  drag(x: number, y: number): this {
    return this.#next({ at: [x, y], button: -1 }, (p) => this.input.move(p))
  }

  up(button = 0): this {
    const buttons = this.#pointer.buttons & ~bits[button]!
    return this.#next({ button, buttons }, (p) => (buttons === 0 ? this.input.up(p) : this.input.move(p)))
  }

  click(x: number, y: number, button = 0): this {
    return this.down(x, y, button).up(button)
  }

  doubleClick(x: number, y: number): this {
    return this.click(x, y).click(x, y)
  }

  cancel(): this {
    return this.#next({ buttons: 0 }, (p) => this.input.cancel(p))
  }

  leave(): this {
    this.input.leave()
    return this
  }

  wait(ms: number): this {
    this.#pointer = { ...this.#pointer, time: this.#pointer.time + ms }
    return this
  }

  wheel(x: number, y: number, deltaY: number, rest: Partial<RawWheel> = {}): this {
    const { shift, alt, ctrl, time } = this.#pointer
    this.input.wheel({ at: [x, y], deltaX: 0, deltaY, deltaMode: 0, shift, alt, ctrl, time, ...rest })
    return this
  }

  hold(...modifiers: readonly Modifier[]): this {
    for (const modifier of modifiers) {
      this.#pointer = { ...this.#pointer, [modifier]: true }
      this.input.keyDown(this.#key(keyNames[modifier], keyNames[modifier]))
    }
    return this
  }

  release(...modifiers: readonly Modifier[]): this {
    for (const modifier of modifiers) {
      this.#pointer = { ...this.#pointer, [modifier]: false }
      this.input.keyUp(this.#key(keyNames[modifier], keyNames[modifier]))
    }
    return this
  }

  /** Holds a key that is no modifier, by its `code`: `Space`, `KeyV`, `Period`, `Backquote`. */
  keyDown(code: string): this {
    this.input.keyDown(this.#key(keyOf(code), code))
    return this
  }

  keyUp(code: string): this {
    this.input.keyUp(this.#key(keyOf(code), code))
    return this
  }

  /** Runs what was scheduled, and what that schedules, `times` times. */
  tick(times = 1): this {
    for (let i = 0; i < times; i++) for (const tick of this.#ticks.splice(0)) tick()
    return this
  }

  #key(key: string, code: string): KeyFacts {
    const { shift, alt, ctrl, meta } = this.#pointer
    return { key, code, shift, alt, ctrl, meta }
  }

  #next(change: Partial<RawPointer>, tell: (p: RawPointer) => void): this {
    this.#pointer = { ...this.#pointer, ...change, time: this.#pointer.time + 20 }
    if (this.#pointer.buttons === 0) this.#down.delete(this.#pointer.id)
    else this.#down.set(this.#pointer.id, this.#pointer)
    tell(this.#pointer)
    return this
  }
}

function keyOf(code: string): string {
  if (code === 'Space') return ' '
  if (code === 'Period') return '.'
  if (code === 'Backquote') return '`'
  return code.replace(/^Key/, '').toLowerCase()
}
