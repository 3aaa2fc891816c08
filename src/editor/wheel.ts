import type { Point } from '#geometry/point.ts'

/** One wheel event; `at` in screen px from the surface's top left, deltas as the browser gives them. */
export interface RawWheel {
  readonly at: Point
  readonly deltaX: number
  readonly deltaY: number
  /** 0 pixels, 1 lines, 2 pages */
  readonly deltaMode: number
  readonly ctrl: boolean
  readonly shift: boolean
  readonly alt: boolean
  /** ms; needed to tell a trackpad's scroll from a mouse wheel */
  readonly time?: number
}

export type WheelMove =
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'pan'; readonly dx: number; readonly dy: number }

/** One notch of a mouse wheel. */
export const notchFactor = 1.15

/** What the wheel does: `auto` pans for two fingers on a trackpad and zooms for a wheel. */
export type WheelMode = 'auto' | 'zoom' | 'pan'

/** A trackpad that has scrolled sideways goes on as one for this long, ms. */
const trackpadMs = 400

/** Tells wheel and trackpad apart. */
export class Wheel {
  mode: WheelMode = 'auto'
  #panned = Number.NEGATIVE_INFINITY

  read(w: RawWheel): WheelMove {
    // browsers report a pinch as Ctrl+wheel with small deltas; a real wheel with Ctrl has whole notches
    if (w.ctrl) return zoom(Math.abs(w.deltaY) < 50 && w.deltaMode === 0 ? Math.exp(-w.deltaY / 100) : notched(w))
    if (this.#pans(w)) {
      const unit = w.deltaMode === 0 ? 1 : w.deltaMode === 1 ? 33 : 300
      // Shift turns a wheel sideways where the browser does not do so itself
      const sideways = w.shift && w.deltaX === 0
      const [dx, dy] = sideways ? [w.deltaY, 0] : [w.deltaX, w.deltaY]
      return { kind: 'pan', dx: -dx * unit || 0, dy: -dy * unit || 0 }
    }
    return zoom(notched(w))
  }

  #pans(w: RawWheel): boolean {
    if (this.mode !== 'auto') return this.mode === 'pan'
    const time = w.time ?? 0
    const sideways = w.shift || (w.deltaMode === 0 && w.deltaX !== 0)
    const pans = sideways || (w.deltaMode === 0 && Math.abs(w.deltaY) < 50 && time - this.#panned < trackpadMs)
    if (pans && !w.shift) this.#panned = time
    return pans
  }
}

const zoom = (factor: number): WheelMove => ({ kind: 'zoom', factor })

/** Browsers say 100 or 120 px, 3 lines or 1 page for a notch; less than half of it is a fine wheel. */
function notched(w: RawWheel): number {
  const whole = w.deltaMode === 0 ? w.deltaY / 100 : w.deltaMode === 1 ? w.deltaY / 3 : w.deltaY
  const notches = Math.abs(whole) < 0.5 ? whole : Math.sign(whole) * Math.max(1, Math.round(Math.abs(whole)))
  return notchFactor ** -notches
}
