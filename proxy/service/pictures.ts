import { readFacts } from '#proxy/media/images.ts'
import type { PictureFacts } from '#proxy/media/pictureFacts.ts'
import { ensureTiles, readTile, type Tile, type TilePlace } from '#proxy/media/tiles.ts'
import type { Deps } from './deps.ts'

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

/** Begins to make the tiles of a picture that needs them; a failure is logged, and tried again when one is asked for. */
export const beginTiles = (picture: StoredPicture, facts: PictureFacts, deps: Deps): void => {
  if (!facts.tiles) return
  tilesOf(picture, facts, deps).catch((error: unknown) =>
    deps.log.error({ err: error, blob: picture.original }, 'the tiles of a picture could not be made'),
  )
}

/** A tile; all of them are made first if they are not there. Undefined where there is none. */
export const openTile = async (picture: StoredPicture, place: TilePlace, deps: Deps): Promise<Tile | undefined> => {
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
