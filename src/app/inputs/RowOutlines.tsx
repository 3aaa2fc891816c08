import { memo, useLayoutEffect, useRef } from 'react'
import type { InputOutlines, InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import classes from './InputGrid.module.css'
import { outlinePaths } from './outlinePaths.ts'

/** A cell of the row; either is absent while it is on its way. */
export interface RowCell {
  readonly input: InputSummary | undefined
  readonly outlines: InputOutlines | undefined
}

interface Props {
  cells: readonly RowCell[]
  /** of the row without its padding, of a column and of a picture, CSS px */
  width: number
  column: number
  height: number
  gap: number
  colorOf: (concept: string) => string
}

/**
 * What people drew, over the thumbnails of a row. Decoration: the counts stand beside the names.
 * @param flying rows fly by: what is not drawn yet waits
 */
export function RowOutlines({ flying, ...props }: Props & { flying: boolean }) {
  const shown = useRef(false)
  if (!props.cells.some(({ outlines }) => outlines && outlines.outlines.length > 0)) return null
  if (flying && !shown.current) return null
  shown.current = true
  return <RowCanvas {...props} />
}

const lineWidth = 1.5

/** One canvas a row: an SVG of some paths for each thumbnail is made, styled and laid out for each. */
const RowCanvas = memo(
  function RowCanvas({ cells, width, column, height, gap, colorOf }: Props) {
    const ref = useRef<HTMLCanvasElement>(null)
    useLayoutEffect(() => {
      const canvas = ref.current
      const context = canvas?.getContext('2d')
      if (!canvas || !context) return
      const ratio = window.devicePixelRatio
      canvas.width = Math.round(width * ratio)
      canvas.height = Math.round(height * ratio)
      context.lineJoin = 'round'
      context.lineCap = 'round'
      for (const [i, { input, outlines }] of cells.entries()) {
        if (!input || !outlines || input.width === 0 || input.height === 0) continue
        const scale = Math.min(column / input.width, height / input.height)
        const x = i * (column + gap) + (column - input.width * scale) / 2
        const y = (height - input.height * scale) / 2
        context.setTransform(scale * ratio, 0, 0, scale * ratio, x * ratio, y * ratio)
        context.lineWidth = lineWidth / scale
        for (const [concept, path] of outlinePaths(outlines.outlines, input.width, input.height)) {
          context.strokeStyle = colorOf(concept)
          context.stroke(new Path2D(path))
        }
      }
    }, [cells, width, column, height, gap, colorOf])
    const drawn = cells.reduce((sum, { outlines }) => sum + (outlines?.outlines.length ?? 0), 0)
    return <canvas ref={ref} className={classes.outlines} data-outlines={drawn} aria-hidden style={{ width, height }} />
  },
  (a, b) =>
    a.width === b.width &&
    a.column === b.column &&
    a.height === b.height &&
    a.gap === b.gap &&
    a.colorOf === b.colorOf &&
    a.cells.length === b.cells.length &&
    a.cells.every((cell, i) => cell.input === b.cells[i]!.input && cell.outlines === b.cells[i]!.outlines),
)
