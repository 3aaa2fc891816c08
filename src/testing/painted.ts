import { expect } from 'vitest'
import { strokeSpans } from '#geometry/brush.ts'
import { Spans } from '#geometry/mask.ts'
import type { Point } from '#geometry/point.ts'
import type { Mask } from '#geometry/shape.ts'
import { anEditor, type aRegion, shapes } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'

/** A filled rectangle of pixels. */
export const aMask = (x: number, y: number, w: number, h: number): Mask => ({
  kind: 'mask',
  x,
  y,
  w,
  h,
  runs: Uint32Array.of(0, w * h),
})

/** What a brush leaves between two points. */
export const capsule = (from: Point, to: Point, size: number, shape: 'circle' | 'square' = 'circle'): Mask => {
  const spans = new Spans()
  strokeSpans(from, to, { shape, size }, spans.add)
  return spans.toMask()!
}

/** An editor with the Brush in hand, of that size, and the concept car. */
export function brush(size = 10, ...regions: readonly ReturnType<typeof aRegion>[]) {
  const editor = anEditor({ regions })
  editor.setConcept('car')
  editor.setBrush({ size })
  editor.setTool('brush')
  const notices: string[] = []
  editor.onNotice(({ text }) => notices.push(text))
  return { editor, g: gesture(editor), notices }
}
/** The mask, where it is the only region. */
export const only = (editor: ReturnType<typeof anEditor>) => {
  expect(shapes(editor)).toHaveLength(1)
  return shapes(editor)[0] as Mask
}
