import type { Size } from '#geometry/point.ts'
import { fetchKept } from './fetchKept.ts'
import { loadPicture, Picture, PictureError } from './picture.ts'
import { firstSize } from './pictureSizes.ts'
import type { LoadTile, ValueWindow } from './tiledPicture.ts'
import type { TileFacts } from './tilePyramid.ts'

/** Decoded whole up to this many pixels; the server has tiles of what is larger. */
const WHOLE_PIXELS = 32_000_000
/** Canvases and textures of browsers end here. */
const WHOLE_SIDE = 16_384

/** A picture that is not there after this is seen as its thumbnail meanwhile, ms. */
const PATIENCE_MS = 300

export interface OpenOptions {
  /** As displayed, px, as far as it is known. */
  readonly size?: Size | undefined
  /** It is not what the person waits for, but may be next. */
  readonly ahead?: boolean | undefined
  /** Takes the thumbnail where the picture is slow to come; the caller closes it too. */
  readonly show?: ((preview: Picture) => void) | undefined
}

/**
 * Loads a picture the way its size asks for: whole, or by tiles as they come into view. The caller closes it.
 * @throws PictureError; the signal's reason when aborted
 */
export async function openPicture(
  url: string,
  { size, ahead, show }: OpenOptions,
  signal: AbortSignal,
): Promise<Picture> {
  const opening = new AbortController()
  const timer =
    show && size && setTimeout(() => void previewOf(url, size, opening.signal).then(show, noPreview), PATIENCE_MS)
  try {
    return await openWhole(url, size, ahead, signal)
  } finally {
    clearTimeout(timer)
    opening.abort()
  }
}

/** The picture comes without it. */
const noPreview = () => undefined

async function previewOf(url: string, size: Size, signal: AbortSignal): Promise<Picture> {
  const addressOf = renditionsOf(url)
  if (!addressOf) throw new Error('its thumbnail has no address')
  const thumbnail = await createImageBitmap(await (await got(addressOf('thumbnail'), signal)).blob())
  return new Picture(thumbnail, size)
}

async function openWhole(
  url: string,
  size: Size | undefined,
  ahead: boolean | undefined,
  signal: AbortSignal,
): Promise<Picture> {
  const isLarge = size && (size.width * size.height > WHOLE_PIXELS || Math.max(size.width, size.height) > WHOLE_SIDE)
  const tiled = isLarge ? await openTiled(url, signal) : undefined
  if (tiled) return tiled
  try {
    const first = size && !ahead ? firstSize(size, screenful(), window.devicePixelRatio) : undefined
    const picture = await loadPicture(url, { size, first, ahead }, signal)
    const deep = picture.isDeep ? await openTiled(url, signal) : undefined
    if (deep) picture.close()
    return deep ?? picture
  } catch (error) {
    if (isLarge || !(error instanceof PictureError) || error.kind !== 'undecodable') throw error
    // too large for this browser, perhaps
    const instead = await openTiled(url, signal)
    if (instead) return instead
    throw error
  }
}

/** What a picture is seen in at most. */
const screenful = (): Size => ({ width: window.innerWidth, height: window.innerHeight })

/** Undefined where there are no tiles: another server, or a picture that needs none. */
async function openTiled(url: string, signal: AbortSignal): Promise<Picture | undefined> {
  const addressOf = renditionsOf(url)
  if (!addressOf) return undefined
  const load: LoadTile = async ({ level, x, y }, stop, window) => {
    const address = addressOf(`tile/${level}/${x}/${y}`)
    const seen = window ? `${address}${address.includes('?') ? '&' : '?'}window=${window.join('-')}` : address
    return createImageBitmap(await (await got(seen, stop)).blob())
  }
  try {
    const info: unknown = await (await got(addressOf('info'), signal)).json()
    const facts = factsOf(info)
    if (!facts) return undefined
    const range = rangeIn(info)
    const smallest = await load({ level: facts.levels - 1, x: 0, y: 0 }, signal, range)
    const { TiledPicture } = await import('./tiledPicture.ts')
    return new TiledPicture(facts, smallest, load, range)
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}

async function got(url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetchKept(url, signal)
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  return response
}

/** Addresses of other renditions of the picture that `/media/…/display` shows. */
export function renditionsOf(url: string): ((rendition: string) => string) | undefined {
  const parts = /^(.*\/media\/[^?]+)\/display(\?.*)?$/.exec(url)
  return parts ? (rendition) => `${parts[1]}/${rendition}${parts[2] ?? ''}` : undefined
}

/** The values a deep picture has. */
function rangeIn(info: unknown): ValueWindow | undefined {
  const { range } = info as { range?: { low?: unknown; high?: unknown } }
  return typeof range?.low === 'number' && typeof range.high === 'number' ? [range.low, range.high] : undefined
}

function factsOf(info: unknown): TileFacts | undefined {
  const { width, height, frames, tiles } = info as {
    width?: unknown
    height?: unknown
    frames?: unknown
    tiles?: Partial<TileFacts>
  }
  const numbers = [width, height, tiles?.side, tiles?.levels]
  if (!numbers.every((value) => typeof value === 'number' && value >= 1)) return undefined
  const [w, h, side, levels] = numbers as [number, number, number, number]
  return { width: w, height: h, side, levels, ...(typeof frames === 'number' && { frames }) }
}
