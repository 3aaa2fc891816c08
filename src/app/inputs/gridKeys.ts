export interface GridShape {
  /** how many cells there are in all */
  readonly total: number
  readonly columns: number
  /** whole rows that fit the window */
  readonly rowsInView: number
}

/**
 * The cell a navigation key leads to from cell `index` (0-based, row by row), as in a file manager. Stays inside;
 * undefined for any other key or an empty grid.
 */
export function cellAfterKey(key: string, index: number, ctrl: boolean, grid: GridShape): number | undefined {
  const { total, columns, rowsInView } = grid
  if (total === 0) return undefined
  const last = total - 1
  const rowStart = index - (index % columns)
  switch (key) {
    case 'ArrowRight':
      return Math.min(index + 1, last)
    case 'ArrowLeft':
      return Math.max(index - 1, 0)
    case 'ArrowDown':
      return index + columns > last ? (rowStart + columns > last ? index : last) : index + columns
    case 'ArrowUp':
      return index - columns < 0 ? index : index - columns
    case 'PageDown':
      return Math.min(index + columns * Math.max(1, rowsInView), last)
    case 'PageUp':
      return Math.max(index - columns * Math.max(1, rowsInView), 0)
    case 'Home':
      return ctrl ? 0 : rowStart
    case 'End':
      return ctrl ? last : Math.min(rowStart + columns - 1, last)
    default:
      return undefined
  }
}
