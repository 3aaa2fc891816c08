import type { VirtualItem } from '@tanstack/react-virtual'
import { memo } from 'react'
import type { AppScope } from '#sync/scope.ts'
import { GAP, type GridLayout, hrefOf } from './gridLayout.ts'
import { InputCell } from './InputCell.tsx'
import classes from './InputGrid.module.css'
import { type RowCell, RowOutlines } from './RowOutlines.tsx'
import type { InputPages } from './useInputPages.ts'

interface Props {
  rows: readonly VirtualItem[]
  layout: GridLayout
  scope: AppScope
  pages: InputPages
  total: number
  /** Ids of inputs with changes that are not sent yet. */
  changed: ReadonlyMap<string, unknown>
  selected: ReadonlySet<string>
  /** The one cell the Tab key reaches. */
  reachable: number
  colorOf: (concept: string) => string
  nameOf: (userId: string) => string
}

/** The rows that exist. Remembered: while rows fly by, a scroll draws nothing. */
export const GridRows = memo(function GridRows(props: Props) {
  const { rows, layout, scope, pages, total, changed, selected, reachable, colorOf, nameOf } = props
  const { columns, pictureHeight, rowHeight } = layout
  const cellsOf = (row: number): RowCell[] =>
    Array.from({ length: Math.min(columns, total - row * columns) }, (_, column) => {
      const input = pages.at(row * columns + column)
      return { input, outlines: input && pages.outlines(input.inputId) }
    })
  return rows.map((row) => {
    const cells = cellsOf(row.index)
    return (
      // biome-ignore lint/a11y/useSemanticElements: a grid of pictures is no table
      // biome-ignore lint/a11y/useFocusableInteractive: cells take the focus
      <div
        key={row.key}
        role="row"
        aria-rowindex={row.index + 1}
        className={classes.row}
        style={{
          height: rowHeight,
          transform: `translateY(${row.start}px)`,
          gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
          columnGap: GAP,
          ['--picture-height' as string]: `${pictureHeight}px`,
        }}
      >
        {cells.map(({ input }, column) => {
          const index = row.index * columns + column
          return (
            <InputCell
              key={index}
              input={input}
              href={hrefOf(scope, input)}
              index={index}
              column={column}
              nameOf={nameOf}
              unsent={input !== undefined && changed.has(input.inputId)}
              selected={input !== undefined && selected.has(input.inputId)}
              current={index === reachable}
            />
          )
        })}
        <RowOutlines cells={cells} layout={layout} colorOf={colorOf} />
      </div>
    )
  })
})
