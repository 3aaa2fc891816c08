import type { CSSProperties } from 'react'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import type { AppScope } from '#sync/scope.ts'

export const GAP = 12
/** On both sides of a row; as in the style sheet. */
const PADDING = 16
const CAPTION = 26
/** Above the first row. */
export const TOP = 4

/** Where the cells of the grid are; CSS px. */
export interface GridLayout {
  readonly columns: number
  /** of a row without the padding beside it */
  readonly inner: number
  readonly columnWidth: number
  readonly pictureHeight: number
  /** with the gap below it */
  readonly rowHeight: number
}

/**
 * As many columns as have room; they share what is left over.
 * @param width of the grid, CSS px
 * @param size smallest width of a picture, CSS px
 */
export function gridLayout(width: number, size: number): GridLayout {
  const inner = Math.max(0, width - 2 * PADDING)
  const columns = Math.max(1, Math.floor((inner + GAP) / (size + GAP)))
  const columnWidth = (inner - GAP * (columns - 1)) / columns
  const pictureHeight = Math.round((columnWidth * 3) / 4)
  return { columns, inner, columnWidth, pictureHeight, rowHeight: pictureHeight + CAPTION + GAP }
}

/** Frames of pictures as a background: painted by the browser alone, however fast they pass. */
export function blankRows({ columnWidth: width, pictureHeight: height, rowHeight }: GridLayout): CSSProperties {
  const frame = `<rect width="${width}" height="${height}" rx="7" fill="#888" fill-opacity=".14"/>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width + GAP}" height="${rowHeight}">${frame}</svg>`
  return {
    backgroundImage: `url('data:image/svg+xml,${encodeURIComponent(svg)}')`,
    backgroundPosition: `0 ${TOP}px`,
  }
}

/** Address of the workspace with this input. */
export function hrefOf({ owner, app }: AppScope, input: InputSummary | undefined): string {
  const [user, of, id] = [owner, app, input?.inputId ?? ''].map(encodeURIComponent)
  return `/apps/${user}/${of}/inputs/${id}`
}
