import { readFacts } from '#proxy/media/images.ts'
import type { PictureFacts } from '#proxy/media/pictureFacts.ts'
import { ensureTiles, readTile, type Tile, type TilePlace } from '#proxy/media/tiles.ts'
import { rangeOf, type ValueWindow, windowed } from '#proxy/media/windowed.ts'
import type { Deps } from '#proxy/service/deps.ts'

/** A picture that is stored. */
interface StoredPicture {
  /** Hashes of blobs. */
  readonly original: string
  readonly display: string | null
}

const factsName = 'facts'

/** Remembered when the picture came, else found out now. @throws ImageRefused for bytes that are no picture */
export const pictureFacts = async (original: string, deps: Pick<Deps, 'blobs'>): Promise<PictureFacts> => {
  const kept = await deps.blobs.getDerived(original, factsName)
  if (kept) return JSON.parse(new TextDecoder().decode(kept)) as PictureFacts
  const facts = await readFacts(await deps.blobs.get(original))
  await keepFacts(original, facts, deps)
  return facts
}

export const keepFacts = (original: string, facts: PictureFacts, { blobs }: Pick<Deps, 'blobs'>): Promise<void> =>
  blobs.putDerived(original, factsName, new TextEncoder().encode(JSON.stringify(facts)))

/** The facts, and of a deep picture the values that are in it: what a window can be chosen from. */
export const pictureInfo = async (
  picture: StoredPicture,
  deps: Deps,
): Promise<PictureFacts & { readonly range?: ValueWindow }> => {
  const facts = await pictureFacts(picture.original, deps)
  if (facts.depth !== 16 || !facts.tiles) return facts
  const smallest = await openTile(picture, { level: facts.tiles.levels - 1, x: 0, y: 0 }, deps)
  return smallest ? { ...facts, range: await rangeOf(smallest) } : facts
}

/** Begins to make the tiles of a picture that needs them; a failure is logged, and tried again when one is asked for. */
export const beginTiles = (picture: StoredPicture, facts: PictureFacts, deps: Deps): void => {
  if (!facts.tiles) return
  tilesOf(picture, facts, deps).catch((error: unknown) =>
    deps.log.error({ err: error, blob: picture.original }, 'the tiles of a picture could not be made'),
  )
}

/**
 * A tile; all of them are made first if they are not there. Undefined where there is none.
 * @param window of values, for a deep picture; others are given as they are
 */
export const openTile = async (
  picture: StoredPicture,
  place: TilePlace,
  deps: Deps,
  window?: ValueWindow,
): Promise<Tile | undefined> => {
  const tile = await storedTile(picture, place, deps)
  return tile && window && tile.type === 'image/png' ? windowed(tile, window) : tile
}

const storedTile = async (picture: StoredPicture, place: TilePlace, deps: Deps): Promise<Tile | undefined> => {
  const facts = await pictureFacts(picture.original, deps)
  if (!facts.tiles || place.level >= facts.tiles.levels) return undefined
  const found = await readTile(deps.blobs, picture.original, facts, place)
  if (found) return found
  await tilesOf(picture, facts, deps)
  return readTile(deps.blobs, picture.original, facts, place)
}

/** Cut from what is displayed, but for deep pictures, whose display has lost their depth. */
const tilesOf = ({ original, display }: StoredPicture, facts: PictureFacts, { blobs }: Pick<Deps, 'blobs'>) =>
  ensureTiles(blobs, original, facts, () => blobs.get(facts.depth === 16 ? original : (display ?? original)))
