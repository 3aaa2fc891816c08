import type { Point } from '#geometry/point.ts'
import type { PointerKind } from './scene.ts'

/** One pointer event, without the event. */
export interface RawPointer {
  readonly id: number
  readonly kind: PointerKind
  /** screen px from the surface's top left */
  readonly at: Point
  /** held buttons as bits: 1 left, 2 right, 4 middle */
  readonly buttons: number
  /** the button that changed: 0 left, 1 middle, 2 right, -1 none */
  readonly button: number
  readonly shift: boolean
  readonly alt: boolean
  readonly ctrl: boolean
  readonly meta: boolean
  /** ms */
  readonly time: number
  /** of a pen, 0 … 1 */
  readonly pressure?: number | undefined
}
