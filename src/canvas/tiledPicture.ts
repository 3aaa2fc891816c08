import type { Frame } from './frame.ts'
import { Picture } from './picture.ts'
import { levelAt, type TileFacts, type TilePlace, tilesInView } from './tilePyramid.ts'

/** Decoded tiles kept, each of 1 MB: some screens' worth, whatever the picture's size. */
const KEPT = 192
const AT_ONCE = 6
/** A tile that could not be had is asked for again after this, ms. */
const AGAIN_MS = 3000

/** Fetches and decodes one tile. */
export type LoadTile = (place: TilePlace, signal: AbortSignal) => Promise<ImageBitmap>

const nameOf = ({ level, x, y }: TilePlace): string => `${level}/${x}/${y}`

/**
 * A picture too large to be decoded whole: its smallest version, over which tiles of what is in view are painted as they
 * come. Memory is bounded by {@link KEPT}; the tiles unseen for longest go first.
 */
export class TiledPicture extends Picture {
  readonly #facts: TileFacts
  readonly #load: LoadTile
  readonly #abort = new AbortController()
  /** in order of use, the latest last */
  readonly #tiles = new Map<string, ImageBitmap>()
  readonly #loading = new Set<string>()
  readonly #failed = new Set<string>()
  #wanted: readonly TilePlace[] = []
  #changed: () => void = () => undefined

  /** @param smallest the last level: the whole picture in one tile */
  constructor(facts: TileFacts, smallest: ImageBitmap, load: LoadTile) {
    super(smallest, undefined, facts)
    this.#facts = facts
    this.#load = load
  }

  /** There are no smaller versions to make; tiles that have come are told by `ready`. */
  override buildLevels(ready: () => void): void {
    this.#changed = ready
  }

  /** Paints the tiles that are here over what is coarser, and asks for those that are missing. */
  override paintDetail(context: CanvasRenderingContext2D, frame: Frame): void {
    const finest = levelAt(frame.k, this.#facts.levels)
    if (finest === this.#facts.levels - 1) return
    // coarser ones stand in for a while
    const coarsest = Math.min(this.#facts.levels - 2, finest + 3)
    for (let level = coarsest; level >= finest; level--)
      for (const place of tilesInView(this.#facts, level, frame)) this.#paint(context, frame, place)
    this.#wanted = tilesInView(this.#facts, finest, frame)
    this.#go()
  }

  override close(): void {
    this.#abort.abort()
    for (const bitmap of this.#tiles.values()) bitmap.close()
    this.#tiles.clear()
    this.#wanted = []
    super.close()
  }

  #paint(context: CanvasRenderingContext2D, frame: Frame, place: TilePlace): void {
    const name = nameOf(place)
    const tile = this.#tiles.get(name)
    if (!tile) return
    this.#tiles.delete(name)
    this.#tiles.set(name, tile)
    const { width, height, side } = this.#facts
    const scale = 2 ** place.level
    const [x, y] = [place.x * side * scale, place.y * side * scale]
    // a level rounds up: its last column may reach over the picture's edge
    const w = Math.min(tile.width, (width - x) / scale)
    const h = Math.min(tile.height, (height - y) / scale)
    // on whole pixels, so that neighbours leave no seam
    const left = Math.round(x * frame.k + frame.x)
    const top = Math.round(y * frame.k + frame.y)
    const right = Math.round((x + w * scale) * frame.k + frame.x)
    const bottom = Math.round((y + h * scale) * frame.k + frame.y)
    context.drawImage(tile, 0, 0, w, h, left, top, right - left, bottom - top)
  }

  #go(): void {
    for (const place of this.#wanted) {
      if (this.#loading.size >= AT_ONCE || this.#abort.signal.aborted) return
      const name = nameOf(place)
      if (this.#tiles.has(name) || this.#loading.has(name) || this.#failed.has(name)) continue
      this.#loading.add(name)
      void this.#load(place, this.#abort.signal)
        .then(
          (bitmap) => this.#take(name, bitmap),
          () => this.#miss(name),
        )
        .finally(() => {
          this.#loading.delete(name)
          this.#go()
        })
    }
  }

  #take(name: string, bitmap: ImageBitmap): void {
    if (this.#abort.signal.aborted) {
      bitmap.close()
      return
    }
    this.#tiles.set(name, bitmap)
    for (const [oldest, old] of this.#tiles) {
      if (this.#tiles.size <= KEPT) break
      this.#tiles.delete(oldest)
      old.close()
    }
    this.#changed()
  }

  /** What is coarser goes on standing in. */
  #miss(name: string): void {
    if (this.#abort.signal.aborted) return
    this.#failed.add(name)
    setTimeout(() => {
      this.#failed.delete(name)
      this.#go()
    }, AGAIN_MS)
  }
}
