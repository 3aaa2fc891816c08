import { memo } from 'react'
import type { InputOutlines, InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import { GAP, type GridLayout } from './gridLayout.ts'
import classes from './InputGrid.module.css'
import { addOutlines } from './outlinePaths.ts'

/** A cell of the row; either is absent while it is on its way. */
export interface RowCell {
  readonly input: InputSummary | undefined
  readonly outlines: InputOutlines | undefined
}

interface Props {
  cells: readonly RowCell[]
  layout: GridLayout
  colorOf: (concept: string) => string
}

/**
 * What people drew, over the thumbnails of a row. Decoration: the counts stand beside the names. One SVG a row, of a
 * path for each concept: an SVG for each thumbnail was made, styled and laid out for each, a canvas for each row was a
 * layer of its own that the browser put together in every frame.
 */
export const RowOutlines = memo(
  function RowOutlines({ cells, layout, colorOf }: Props) {
    const { columnWidth, pictureHeight } = layout
    const paths = new Map<string, string>()
    for (const [i, { input, outlines }] of cells.entries()) {
      if (!input || !outlines || input.width === 0 || input.height === 0) continue
      const scale = Math.min(columnWidth / input.width, pictureHeight / input.height)
      const [width, height] = [input.width * scale, input.height * scale]
      const x = i * (columnWidth + GAP) + (columnWidth - width) / 2
      addOutlines(paths, outlines.outlines, { x, y: (pictureHeight - height) / 2, width, height })
    }
    if (paths.size === 0) return null
    const drawn = cells.reduce((sum, { outlines }) => sum + (outlines?.outlines.length ?? 0), 0)
    return (
      <svg className={classes.outlines} width={layout.inner} height={pictureHeight} data-outlines={drawn} aria-hidden>
        {[...paths].map(([concept, path]) => (
          <path key={concept} d={path} stroke={colorOf(concept)} />
        ))}
      </svg>
    )
  },
  (a, b) =>
    a.layout === b.layout &&
    a.colorOf === b.colorOf &&
    a.cells.length === b.cells.length &&
    a.cells.every((cell, i) => cell.input === b.cells[i]!.input && cell.outlines === b.cells[i]!.outlines),
)
