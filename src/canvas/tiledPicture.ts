import type { Frame } from './frame.ts'
import { Picture } from './picture.ts'
import { levelAt, type TileFacts, type TilePlace, tilesInView } from './tilePyramid.ts'
import type { ToneWindow } from './tone.ts'

/** Decoded tiles kept, each of 1 MB: some screens' worth, whatever the picture's size. */
const KEPT = 192
const AT_ONCE = 6
/** A tile that could not be had is asked for again after this, ms. */
const AGAIN_MS = 3000

/** Values of a deep picture, whole numbers: what is shown black, and what white. */
export type ValueWindow = readonly [low: number, high: number]

/** Fetches and decodes one tile; of a deep picture, seen through the window. */
export type LoadTile = (place: TilePlace, signal: AbortSignal, window?: ValueWindow) => Promise<ImageBitmap>

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
  /** seen through an earlier window: they stand in until the others come */
  readonly #stale = new Set<string>()
  readonly #range: ValueWindow | undefined
  #window: ValueWindow | undefined
  #wanted: readonly TilePlace[] = []

  /**
   * @param smallest the last level: the whole picture in one tile
   * @param range of the values of a deep picture, through which `smallest` is seen
   */
  constructor(facts: TileFacts, smallest: ImageBitmap, load: LoadTile, range?: ValueWindow) {
    super(smallest, facts, { frames: facts.frames ?? 1 })
    this.#range = range
    this.#window = range
    this.#facts = facts
    this.#load = load
  }

  override get range(): ValueWindow | undefined {
    return this.#range
  }

  override async setWindow([low, high]: ToneWindow): Promise<void> {
    if (!this.#range) return
    const [least, most] = this.#range
    const value = (part: number) => Math.round(least + part * (most - least))
    const window = [value(low), value(high)] as const
    if (this.#window?.[0] === window[0] && this.#window[1] === window[1]) return
    this.#window = window
    for (const name of this.#tiles.keys()) this.#stale.add(name)
    this.#go()
    const place = { level: this.#facts.levels - 1, x: 0, y: 0 }
    const whole = await this.#load(place, this.#abort.signal, window).catch(() => undefined)
    if (!whole) return
    if (this.#window !== window || this.#abort.signal.aborted) return whole.close()
    this.replaceWhole(whole)
    this.tell()
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
      const isHere = this.#tiles.has(name) && !this.#stale.has(name)
      if (isHere || this.#loading.has(name) || this.#failed.has(name)) continue
      this.#loading.add(name)
      const window = this.#window
      void this.#load(place, this.#abort.signal, window)
        .then(
          (bitmap) => this.#take(name, bitmap, window),
          () => this.#miss(name),
        )
        .finally(() => {
          this.#loading.delete(name)
          this.#go()
        })
    }
  }

  #take(name: string, bitmap: ImageBitmap, window: ValueWindow | undefined): void {
    if (this.#abort.signal.aborted || window !== this.#window) {
      bitmap.close()
      return
    }
    this.#tiles.get(name)?.close()
    this.#stale.delete(name)
    this.#tiles.set(name, bitmap)
    for (const [oldest, old] of this.#tiles) {
      if (this.#tiles.size <= KEPT) break
      this.#tiles.delete(oldest)
      old.close()
    }
    this.tell()
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
