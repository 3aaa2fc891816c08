import type { Size } from '#geometry/point.ts'
import type { Frame } from './frame.ts'

/** How a picture is cut: squares of `side` px, in `levels` levels; 0 is the full size, each other a half of the last. */
export interface TileFacts extends Size {
  readonly side: number
  readonly levels: number
  /** Pages it has, of which these are of the first; absent: one */
  readonly frames?: number
}

/** One tile; `x` and `y` count tiles of its level. */
export interface TilePlace {
  readonly level: number
  readonly x: number
  readonly y: number
}

/** The coarsest level that still has a pixel for each device pixel at `k` device px per picture px. */
export const levelAt = (k: number, levels: number): number =>
  Math.min(levels - 1, Math.max(0, Math.floor(Math.log2(1 / (k * 0.99)))))

/** The tiles of a level that are in view, the middle of the view first. */
export function tilesInView({ width, height, side }: TileFacts, level: number, frame: Frame): readonly TilePlace[] {
  // picture px of a tile's side
  const span = side * 2 ** level
  const left = Math.max(0, Math.floor(-frame.x / frame.k / span))
  const top = Math.max(0, Math.floor(-frame.y / frame.k / span))
  const right = Math.min(Math.ceil(width / span), Math.ceil((frame.width - frame.x) / frame.k / span))
  const bottom = Math.min(Math.ceil(height / span), Math.ceil((frame.height - frame.y) / frame.k / span))
  const tiles: TilePlace[] = []
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) tiles.push({ level, x, y })
  const middleX = (frame.width / 2 - frame.x) / frame.k / span - 0.5
  const middleY = (frame.height / 2 - frame.y) / frame.k / span - 0.5
  const away = ({ x, y }: TilePlace) => (x - middleX) ** 2 + (y - middleY) ** 2
  return tiles.sort((a, b) => away(a) - away(b))
}
