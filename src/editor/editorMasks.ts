import type { Pieces } from './combine.ts'
import { convertingAt } from './converting.ts'
import { EditorTools } from './editorTools.ts'
import { changeable, isMask, splitPieces, toMasks, withoutHolesOf, withoutIslandsOf } from './masks.ts'
import { nextSize } from './painting.ts'

/** How far a polygon made of a mask may be from the edges of its pixels at first, image px. */
const firstTolerance = 1

/** What a person does to masks other than painting them. */
export class EditorMasks extends EditorTools {
  /** The next size of the brush up or down. */
  stepBrush(direction: 1 | -1): void {
    this.setBrush({ size: nextSize(this.state.brush.size, direction) })
  }

  /** Takes the small pieces of the selected masks away; the largest piece of each stays. */
  removeIslands(): void {
    this.plan(withoutIslandsOf(this.state, this.state.brush.islands))
  }

  fillHoles(): void {
    this.plan(withoutHolesOf(this.state))
  }

  /** Each piece of the selected masks becomes a region of its own. */
  splitMask(): void {
    this.plan(splitPieces(this.state))
  }

  /** Boxes and polygons of the selection become masks. */
  toMask(): void {
    this.plan(toMasks(this.state))
  }

  /** Opens the choice of how closely polygons follow the selected masks. */
  toPolygon(): void {
    const { shapes, reason } = changeable(this.state, isMask)
    if (shapes.size === 0) this.notice({ text: reason ?? 'No mask is selected.' })
    else this.update({ converting: convertingAt(shapes, firstTolerance) })
  }

  /** Image px; {@link applyConverting} keeps what it shows. */
  setConvertingTolerance(tolerance: number): void {
    const { converting } = this.state
    if (converting && tolerance !== converting.tolerance)
      this.update({ converting: convertingAt(converting.masks, Math.max(0, tolerance)) })
  }

  /** The masks become the polygons that are shown, a region each; one step. */
  applyConverting(): void {
    const { converting } = this.state
    if (!converting) return
    this.run(() => {
      this.update({ converting: undefined })
      this.replace(converting.polygons)
    })
  }

  /** Enter: takes the polygons that are shown, else finishes the shape that is being drawn. */
  override finish(): void {
    if (this.state.converting) this.applyConverting()
    else super.finish()
  }

  /** Esc: the choice of polygons first; the masks stay. */
  override cancel(): boolean {
    if (!this.state.converting) return super.cancel()
    this.endConverting()
    return true
  }

  endConverting(): void {
    if (this.state.converting) this.update({ converting: undefined })
  }

  protected plan(pieces: Pieces | string): void {
    if (typeof pieces === 'string') this.notice({ text: pieces })
    else this.replace(pieces)
  }
}
