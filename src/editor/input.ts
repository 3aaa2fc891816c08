import type { Point } from '#geometry/point.ts'
import { toImage } from '#geometry/view.ts'
import { BrushSizing } from './brushSizing.ts'
import { EdgeFollow } from './edgeFollow.ts'
import type { Editor } from './editor.ts'
import type { HeldKeys } from './heldKeys.ts'
import { HeldSelect } from './heldSelect.ts'
import type { KeyFacts } from './keys.ts'
import { KeysHeld } from './keysHeld.ts'
import { isPaintTool } from './painting.ts'
import { PanGesture } from './panGesture.ts'
import type { RawPointer } from './rawPointer.ts'
import type { Pointing } from './scene.ts'
import { holdsSpace, isImmediate, isPath, takesHold } from './state.ts'
import { TouchView } from './touchView.ts'
import { TurnGesture } from './turnGesture.ts'
import { type RawWheel, Wheel, type WheelMode } from './wheel.ts'
import { ZoomGesture } from './zoomGesture.ts'

/** A press moves at most this far in a click, however long it takes, screen px. */
export const clickPx = 4
export const doubleClickMs = 400
/** A second finger this soon makes a pinch of what began as a stroke. */
const pinchMs = 120
/** So does one that comes a little later, as on a slow tablet, while the first has hardly moved: ms, screen px. */
const latePinchMs = 400
const latePinchPx = 24
/** A finger that rests this long, ms. */
const holdMs = 600

export interface InputOptions {
  /** runs `tick` once later; for following at the edge while the pointer rests there */
  readonly schedule?: (tick: () => void, ms: number) => unknown
  /** ms, any origin */
  readonly now?: () => number
}

interface Press {
  readonly pointer: RawPointer
  /** a pen's eraser end, or its barrel button */
  readonly erases: boolean
  /** has moved more than {@link clickPx} */
  dragging: boolean
  /** has been away from the edge, so that the edge may pull now */
  inside: boolean
}

/**
 * Pointer, wheel and held keys → what tools are told, and view gestures. View gestures work in every state and never
 * end or alter a gesture: while the view is moved the tool hears nothing, and afterwards where the pointer now is.
 */
export class PointerInput {
  readonly #editor: Editor
  readonly #schedule: NonNullable<InputOptions['schedule']>
  readonly #wheel = new Wheel()
  readonly #touch = new TouchView()
  readonly #zoom: ZoomGesture
  readonly #turn: TurnGesture
  readonly #sizing: BrushSizing
  readonly #select: HeldSelect
  readonly #pan: PanGesture
  readonly #edge: EdgeFollow
  readonly #keys: KeysHeld
  #press: Press | undefined
  #last: RawPointer | undefined
  #clicked: RawPointer | undefined
  /** this input moves the view itself and will tell the tool */
  #moving = false

  constructor(editor: Editor, options: InputOptions = {}) {
    this.#editor = editor
    this.#zoom = new ZoomGesture(editor, clickPx)
    this.#turn = new TurnGesture(editor)
    this.#sizing = new BrushSizing(editor)
    this.#select = new HeldSelect(editor, options.now ?? (() => performance.now()))
    this.#schedule = options.schedule ?? ((tick, ms) => setTimeout(tick, ms))
    this.#pan = new PanGesture(editor, (change) => this.#moveView(change))
    this.#keys = new KeysHeld(editor, {
      pan: {
        hold: () => {
          if (this.#pan.space) return
          this.#pan.holdSpace(this.#press?.dragging ? this.#last : undefined)
          this.#repeat()
        },
        release: () => {
          this.#pan.releaseSpace()
          this.#repeat()
        },
      },
      zoom: this.#zoom,
      turn: this.#turn,
      select: this.#select,
    })
    this.#edge = new EdgeFollow(editor, {
      schedule: this.#schedule,
      drag: () => {
        const [press, last] = [this.#press, this.#last]
        return press?.dragging && last && !this.#pan.running ? { press, at: last.at } : undefined
      },
      pan: (dx, dy) => {
        this.#moveView(() => editor.pan(dx, dy))
        this.#repeat()
      },
    })
    editor.subscribe((state, previous) => {
      const other = state.view !== previous.view || state.tool !== previous.tool || state.inverted !== previous.inverted
      // a window that changes its size is no stroke of the hand that draws in it
      const resized = state.viewport !== previous.viewport && this.#press?.dragging
      if (!this.#moving && other && !resized) this.#repeat()
    })
  }

  /** Whether the wheel zooms or pans; `auto` tells a trackpad by how it scrolls. */
  set wheelMode(mode: WheelMode) {
    this.#wheel.mode = mode
  }

  /** Which keys do something while they are held. */
  set heldKeys(heldKeys: HeldKeys) {
    this.#keys.means = heldKeys
  }

  down(p: RawPointer): void {
    this.#last = p
    if (p.kind === 'touch') {
      this.#touchDown(p)
      return
    }
    if (this.#press && this.#press.pointer.id !== p.id) return
    this.#begin(p, p.button)
  }

  /** `coalesced` are the positions since the last event, for tools that follow the pointer. */
  move(p: RawPointer, coalesced?: readonly RawPointer[]): void {
    const before = this.#last
    this.#last = p
    if (p.kind === 'touch' && this.#touch.move(p.id, p.at)) {
      this.#applyTouch()
      return
    }
    if (before?.id === p.id && p.kind !== 'touch') this.#chorded(before, p)
    if (this.#pan.move(p)) return
    if (this.#zoom.move(p.id, p.at) || this.#turn.move(p.id, p.at, p.shift) || this.#sizing.move(p.id, p.at)) return
    if (!this.#press) {
      if (p.kind !== 'touch') this.#tell('hover', p)
      return
    }
    if (this.#press.pointer.id !== p.id) return
    // the release happened where we could not see it: the gesture ends where it was seen last
    if (p.buttons === 0 && p.kind !== 'touch') this.up({ ...p, at: before?.at ?? p.at })
    else this.#drag(p, coalesced)
  }

  up(p: RawPointer): void {
    this.#last = p
    const press = this.#press
    // a pinch goes on with the other finger, unless this one was still drawing
    if (p.kind === 'touch' && this.#touch.up(p.id) && press?.pointer.id !== p.id) return
    if (this.#zoom.up(p.id, p.at) || this.#turn.up(p.id) || this.#sizing.up(p.id)) return
    this.#pan.up(p)
    if (!press || press.pointer.id !== p.id || (p.buttons & 1) !== 0) return
    this.#press = undefined
    if (press.dragging) this.#tell('up', p)
    else this.#click(p)
    this.#select.used()
  }

  /** The system took the pointer away. */
  cancel(p: RawPointer): void {
    if (p.kind === 'touch') this.#touch.up(p.id)
    if (this.#pan.isOf(p.id)) this.#pan.end()
    this.#zoom.cancel(p.id)
    this.#turn.up(p.id)
    this.#sizing.up(p.id)
    if (this.#press?.pointer.id !== p.id) return
    this.#press = undefined
    this.#editor.dispatch({ type: 'abort', lost: true })
  }

  /** The pointer left the surface, or capture was lost without a release. */
  leave(): void {
    if (this.#press || this.#pan.running) return
    this.#last = undefined
    this.#editor.dispatch({ type: 'leave' })
  }

  wheel(w: RawWheel): void {
    const move = this.#wheel.read(w)
    this.#moveView(() => {
      if (move.kind === 'zoom') this.#editor.zoomAt(w.at, move.factor)
      else this.#editor.pan(move.dx, move.dy)
    })
    this.#repeat()
  }

  /** Keys that do something while held. True: it was one, and is not a command's. */
  keyDown(k: KeyFacts): boolean {
    if (isModifier(k)) {
      this.#modifiers(k)
      return false
    }
    return this.#keys.down(k)
  }

  keyUp(k: KeyFacts): void {
    if (isModifier(k)) this.#modifiers(k)
    this.#keys.up(k)
  }

  /** The window lost the focus: whatever was held is not known to be held any more. */
  blur(): void {
    this.#keys.forget()
    this.#pan.end()
    if (this.#press) this.cancel(this.#press.pointer)
  }

  // --- presses

  #begin(p: RawPointer, button: number): void {
    const erases = p.kind === 'pen' && (button === 5 || (button === 2 && isPaintTool(this.#editor.state.tool)))
    if (button === 1 || (button === 0 && this.#pan.space && !this.#press)) {
      this.#pan.start(p, button === 1 ? 'middle' : 'space')
    } else if (button === 2 && !erases) {
      const sizes = (p.ctrl || p.meta) && !this.#press && this.#sizing.down(p.id, p.at)
      if (!sizes) this.#rightButton(p)
    } else if (
      (button === 0 || erases) &&
      !this.#press &&
      !this.#zoom.down(p.id, p.at) &&
      !this.#turn.down(p.id, p.at)
    ) {
      this.#press = { pointer: p, erases, dragging: false, inside: false }
      this.#tell('down', p)
      if (p.kind === 'touch') this.#holdLater(this.#press)
    }
  }

  /** A finger that rests where it went down says something of its own. */
  #holdLater(press: Press): void {
    this.#schedule(() => {
      if (this.#press !== press || press.dragging || !takesHold(this.#editor.state.toolState)) return
      this.#press = undefined
      this.#editor.dispatch({ type: 'hold', ...this.#pointing(press.pointer) })
    }, holdMs)
  }

  /** Buttons pressed or released while another is held come as moves. */
  #chorded(before: RawPointer, p: RawPointer): void {
    if (p.button === 0 || p.button === -1) return
    const pressed = p.buttons & ~before.buttons
    if (pressed & 4) this.#begin(p, 1)
    if (pressed & 2) this.#rightButton(p)
    if ((before.buttons & 4) !== 0 && (p.buttons & 4) === 0 && this.#pan.by === 'middle') {
      this.#pan.move(p)
      this.#pan.end()
    }
  }

  /** Ends a gesture, or opens the menu. */
  #rightButton(p: RawPointer): void {
    this.#press = undefined
    this.#tell('menu', p)
  }

  #drag(p: RawPointer, coalesced: readonly RawPointer[] = []): void {
    const press = this.#press!
    if (!press.dragging) {
      if (distance(p.at, press.pointer.at) <= clickPx && !isImmediate(this.#editor.state.toolState)) return
      press.dragging = true
    }
    if (this.#pan.space && !holdsSpace(this.#editor.state.toolState)) {
      this.#pan.start(p, 'space')
      return
    }
    const { view } = this.#editor.state
    const path = coalesced.map(({ at }) => toImage(view, at))
    const pressures = p.pressure === undefined ? [] : coalesced.map(({ pressure }) => pressure ?? p.pressure!)
    const way = { ...(path.length > 0 && { path }), ...(pressures.length > 0 && { pressures }) }
    this.#editor.dispatch({ type: 'drag', ...this.#pointing(p), ...way })
    this.#edge.follow()
  }

  #click(p: RawPointer): void {
    const again = this.#clicked
    const near = p.kind === 'touch' ? 20 : clickPx
    const double = again !== undefined && p.time - again.time <= doubleClickMs && distance(p.at, again.at) <= near
    this.#clicked = double ? undefined : p
    this.#editor.dispatch({ type: 'click', count: double ? 2 : 1, ...this.#pointing(p) })
  }

  #tell(type: 'hover' | 'down' | 'drag' | 'up' | 'menu', p: RawPointer): void {
    this.#editor.dispatch({ type, ...this.#pointing(p) })
  }

  #pointing(p: RawPointer): Pointing {
    const { at, kind, shift, alt, time } = p
    return {
      at: toImage(this.#editor.state.view, at),
      screen: at,
      kind,
      shift,
      alt: alt !== this.#editor.state.inverted,
      ctrl: p.ctrl || p.meta,
      space: this.#pan.space,
      time,
      ...(p.pressure !== undefined && { pressure: p.pressure }),
      ...(this.#press?.erases && { erases: true }),
    }
  }

  /** Tells the tool where the pointer is, after the view or a modifier changed under it. */
  #repeat(): void {
    const last = this.#last
    if (!last || this.#pan.running || this.#zoom.running || this.#turn.running || this.#sizing.running) return
    if (this.#press?.dragging) this.#tell('drag', last)
    else if (!this.#press && last.kind !== 'touch') this.#tell('hover', last)
  }

  #modifiers(k: KeyFacts): void {
    const last = this.#last
    if (!last) return
    this.#last = { ...last, shift: k.shift, alt: k.alt, ctrl: k.ctrl, meta: k.meta }
    this.#repeat()
  }

  // --- the view

  #moveView(change: () => void): void {
    this.#moving = true
    try {
      change()
    } finally {
      this.#moving = false
    }
  }

  // --- touch: one finger is the tool, two are the view

  #touchDown(p: RawPointer): void {
    const second = this.#touch.down(p.id, p.at)
    if (!second) {
      if (!this.#press) this.#begin(p, this.#touch.count === 1 ? 0 : -1)
      return
    }
    const press = this.#press
    // a stroke that has only just begun was the first half of a pinch
    if (press && this.#isPinch(press, p.time)) {
      this.#press = undefined
      this.#editor.dispatch({ type: 'abort' })
    } else if (press && isPath(this.#editor.state.toolState)) {
      // it would get a tail of how the view is moved
      this.#press = undefined
      this.#editor.dispatch({ type: 'abort', lost: true })
    }
  }

  #isPinch({ pointer, dragging }: Press, now: number): boolean {
    const since = now - pointer.time
    if (since < pinchMs || !dragging) return true
    const first = this.#touch.at(pointer.id)
    return since < latePinchMs && first !== undefined && distance(first, pointer.at) < latePinchPx
  }

  #applyTouch(): void {
    const change = this.#touch.take()
    if (!change) return
    this.#moveView(() => {
      this.#editor.pan(change.dx, change.dy)
      this.#editor.zoomAt(change.at, change.factor)
    })
  }
}

const isModifier = ({ key }: KeyFacts) => ['Shift', 'Alt', 'Control', 'Meta'].includes(key)

const distance = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1])
