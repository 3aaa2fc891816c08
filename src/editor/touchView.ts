import type { Point } from '#geometry/point.ts'

/** Two fingers: how the view moves with them. Screen px. */
export interface TouchMove {
  readonly dx: number
  readonly dy: number
  /** the middle between the fingers, after the move */
  readonly at: Point
  readonly factor: number
}

/** Follows fingers; from the second on, all of them move the view until the last is up again. */
export class TouchView {
  readonly #fingers = new Map<number, Point>()
  #pinching = false
  #before: { readonly middle: Point; readonly spread: number } | undefined

  get count(): number {
    return this.#fingers.size
  }

  /** Where a finger is now, screen px. */
  at(id: number): Point | undefined {
    return this.#fingers.get(id)
  }

  /** True when this is the finger that makes a pinch, or one more. */
  down(id: number, at: Point): boolean {
    this.#fingers.set(id, at)
    if (this.#fingers.size < 2) return false
    this.#pinching = true
    this.#before = this.#measure()
    return true
  }

  /** True when the finger moves the view. */
  move(id: number, at: Point): boolean {
    if (!this.#fingers.has(id)) return false
    this.#fingers.set(id, at)
    return this.#pinching && this.#fingers.size > 1
  }

  /** True when the finger was part of a pinch whose other fingers are still down. */
  up(id: number): boolean {
    if (!this.#fingers.delete(id)) return false
    const was = this.#pinching
    this.#before = this.#fingers.size > 1 ? this.#measure() : undefined
    this.#pinching = this.#fingers.size > 1
    return was
  }

  /** The move since the last call. */
  take(): TouchMove | undefined {
    const now = this.#measure()
    const before = this.#before
    this.#before = now
    if (!before || !now) return undefined
    const factor = before.spread > 0 && now.spread > 0 ? now.spread / before.spread : 1
    return { dx: now.middle[0] - before.middle[0], dy: now.middle[1] - before.middle[1], at: now.middle, factor }
  }

  #measure() {
    const [a, b] = [...this.#fingers.values()]
    if (!a || !b) return undefined
    const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
    return { middle, spread: Math.hypot(a[0] - b[0], a[1] - b[1]) }
  }
}
