import { createHmac, timingSafeEqual } from 'node:crypto'
import { create } from '@bufbuild/protobuf'
import { UserAppIDSetSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { Part } from '#proxy/media/blobs.ts'
import { sniffType } from '#proxy/media/fileType.ts'
import { ImageRefused } from '#proxy/media/imageRefused.ts'
import { renderSmall, renditionType, type SmallRendition } from '#proxy/media/images.ts'
import type { TilePlace } from '#proxy/media/tiles.ts'
import type { ValueWindow } from '#proxy/media/windowed.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Caller } from '#proxy/service/call.ts'
import { exportOfPath, openExport } from '#proxy/service/datasets/datasetExports.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { innerCall } from '#proxy/service/innerCall.ts'
import { findApp } from '#proxy/service/people/access.ts'
import { appForPerson } from '#proxy/store/access.ts'
import { type InputRow, inputById } from '#proxy/store/inputs.ts'
import { openedBlob } from './openedBlob.ts'
import { openTile, pictureFacts, pictureInfo } from './pictures.ts'

/**
 * `original`: as received. `display`: oriented, same size. `thumbnail`: 320 px, `small`: 96 px at the longest side.
 * `info`: {@link PictureFacts} as JSON. A tile: see `#proxy/media/tiles.ts`.
 */
export type Rendition = 'original' | 'display' | 'info' | SmallRendition | TilePlace

/** How Clarifai's clients name sizes in `hosted` (api.md §3.3). */
const hostedSizes: Readonly<Record<string, Rendition>> = {
  orig: 'original',
  large: 'display',
  small: 'thumbnail',
  tiny: 'small',
}
const renditions: Readonly<Record<string, Rendition>> = {
  ...hostedSizes,
  original: 'original',
  display: 'display',
  thumbnail: 'thumbnail',
  info: 'info',
}

const hourMicros = 3_600_000_000

/**
 * Paths for browsers, on this server: no session is needed for one to two hours. They change on the hour, so that the
 * same picture has the same address for a while and caches (decisions §29).
 */
export const mediaUrls = (
  deps: Deps,
  owner: string,
  app: string,
  input: string,
): { image: string; thumbnail: string } => {
  const address = (rendition: 'display' | 'thumbnail') =>
    `/media/${[owner, app, input, rendition].map(encodeURIComponent).join('/')}?${signature(deps, owner, app, input)}`
  return { image: address('display'), thumbnail: address('thumbnail') }
}

/** The same for API clients, whole addresses: `prefix/size/suffix`. */
export const hostedMedia = (deps: Deps, owner: string, app: string, input: string) => {
  const [user, appId, id] = [owner, app, input].map(encodeURIComponent)
  const suffix = `users/${user}/apps/${appId}/inputs/${id}?${signature(deps, owner, app, input)}`
  return { prefix: `${deps.publicUrl()}/media`, suffix, sizes: Object.keys(hostedSizes) }
}

const signature = (deps: Deps, owner: string, app: string, input: string): string => {
  const until = (Math.floor(deps.now() / hourMicros) + 2) * 3600
  return `until=${until}&signature=${sign(deps, owner, app, input, until)}`
}

const sign = ({ mediaKey }: Deps, owner: string, app: string, input: string, until: number): string =>
  createHmac('sha256', mediaKey)
    .update(JSON.stringify([owner, app, input, until]))
    .digest('base64url')

interface Place {
  readonly owner: string
  readonly app: string
  readonly input: string
  readonly rendition: Rendition
}

export interface OpenedMedia {
  /** Nothing is opened before it is read. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array>
  /** Some of it; absent where it comes as a whole only. */
  readonly part?: (part: Part) => Promise<AsyncIterable<Uint8Array>>
  readonly type: string
  /** Bytes. */
  readonly size: number
  /** With its quotes. */
  readonly etag: string
  readonly cacheControl: string
  readonly filename: string | undefined
  /** Of the picture, where it has several; only the first is in it. */
  readonly frames?: number | undefined
}

/**
 * A rendition of an input, for a signed address or a caller who may read the app's inputs.
 * @param path what stands after `/media/`, percent-encoded: `owner/app/input/rendition`,
 *   `owner/app/input/tile/level/x/y` or `size/users/…` (hosted)
 * @throws ApiError CONN_DOES_NOT_EXIST, for inputs the caller may not see too; CONN_CREDENTIALS_INVALID for nobody
 */
export const openMedia = async (
  path: string,
  query: URLSearchParams,
  caller: Caller | undefined,
  deps: Deps,
): Promise<OpenedMedia> => {
  const exported = exportOfPath(path)
  if (exported !== undefined) return openExport(exported, path, query, deps)
  const place = placeOf(path)
  if (!place) throw notThere()
  const signed = isSigned(place, query, deps)
  const app = signed ? await anyApp(place, deps) : await appOfCaller(place, caller, deps)
  const input = app && (await inputById(deps.store.read, app.no, place.input))
  if (!input?.original) throw notThere()
  // what a signed address shows never changes
  const cacheControl = signed ? 'private, max-age=7200, immutable' : 'private, no-cache'
  return {
    ...(await content(input, place.rendition, windowOf(query), deps)),
    cacheControl,
    filename: input.filename || undefined,
  }
}

const notThere = (): ApiError => new ApiError(StatusCode.CONN_DOES_NOT_EXIST, 'media: there is no such picture')

const placeOf = (path: string): Place | undefined => {
  const parts = decoded(path)
  if (!parts) return undefined
  const [size = '', users, owner, apps, app, inputs, input, ...rest] = parts
  if (rest.length === 0 && users === 'users' && apps === 'apps' && inputs === 'inputs' && owner && app && input)
    return Object.hasOwn(hostedSizes, size) ? { owner, app, input, rendition: hostedSizes[size]! } : undefined
  const [first = '', second = '', third = '', word = '', ...more] = parts
  if (word === 'tile') {
    const tile = tileOf(more)
    return tile && { owner: first, app: second, input: third, rendition: tile }
  }
  const rendition = Object.hasOwn(renditions, word) ? renditions[word] : undefined
  return more.length === 0 && rendition ? { owner: first, app: second, input: third, rendition } : undefined
}

const tileOf = (parts: readonly string[]): TilePlace | undefined => {
  if (parts.length !== 3 || !parts.every((part) => /^\d{1,5}$/.test(part))) return undefined
  const [level = 0, x = 0, y = 0] = parts.map(Number)
  return { level, x, y }
}

const decoded = (path: string): string[] | undefined => {
  try {
    return path.split('/').map(decodeURIComponent)
  } catch {
    return undefined
  }
}

const isSigned = ({ owner, app, input }: Place, query: URLSearchParams, deps: Deps): boolean => {
  const until = Number(query.get('until'))
  if (!Number.isSafeInteger(until) || until * 1_000_000 < deps.now()) return false
  const expected = Buffer.from(sign(deps, owner, app, input, until))
  const given = Buffer.from(query.get('signature') ?? '')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

const anyApp = ({ owner, app }: Place, deps: Deps) => appForPerson(deps.store.read, owner, app, owner)

const appOfCaller = ({ owner, app }: Place, caller: Caller | undefined, deps: Deps) => {
  if (!caller)
    throw new ApiError(StatusCode.CONN_CREDENTIALS_INVALID, 'media: sign in, or use an address that has not expired')
  const userAppId = create(UserAppIDSetSchema, { userId: owner, appId: app })
  return findApp(deps, innerCall(caller), userAppId, 'readInputs')
}

/** `?window=1000-4095`: the values of a 16-bit picture that are shown from black to white. */
const windowOf = (query: URLSearchParams): ValueWindow | undefined => {
  const text = query.get('window')
  if (text === null) return undefined
  const [low = Number.NaN, high = Number.NaN] = /^\d{1,5}-\d{1,5}$/.test(text) ? text.split('-').map(Number) : []
  if (low <= high && high <= 65_535) return { low, high }
  throw new ApiError(StatusCode.CONN_INVALID_REQUEST, 'window: two values from 0 to 65535, as in 1000-4095')
}

const content = async (input: InputRow, rendition: Rendition, window: ValueWindow | undefined, deps: Deps) => {
  const original = input.original!
  const picture = { original, display: input.display }
  if (typeof rendition === 'object') return tile(picture, rendition, window, deps)
  switch (rendition) {
    case 'original':
      return blob(original, deps)
    case 'display':
      return display(input, original, deps)
    case 'info': {
      if (input.kind !== 'image') throw notThere()
      const body = new TextEncoder().encode(JSON.stringify(await pictureInfo(picture, deps)))
      return { body, type: 'application/json', size: body.byteLength, etag: `"${original}-info"` }
    }
    case 'thumbnail':
    case 'small':
      if (input.kind !== 'image') throw notThere()
      return small(original, rendition, deps)
  }
}

const display = async (input: InputRow, original: string, deps: Deps) => {
  const shown = await blob(input.display ?? original, deps)
  // a JPEG has one
  if (input.kind !== 'image' || shown.type === 'image/jpeg') return shown
  const facts = await pictureFacts(original, deps).catch(ifRefused)
  return { ...shown, frames: facts?.frames }
}

/** What cannot be read here may be shown elsewhere. */
const ifRefused = (error: unknown): undefined => {
  if (!(error instanceof ImageRefused)) throw error
}

const tile = async (
  picture: { original: string; display: string | null },
  place: TilePlace,
  window: ValueWindow | undefined,
  deps: Deps,
) => {
  const found = await openTile(picture, place, deps, window)
  if (!found) throw notThere()
  const shown = window ? `-${window.low}-${window.high}` : ''
  const etag = `"${picture.original}-${place.level}-${place.x}-${place.y}${shown}"`
  return { body: found.bytes, type: found.type, size: found.bytes.byteLength, etag }
}

const sniffBytes = 4100 // what file-type looks at

const blob = async (hash: string, { blobs }: Deps) => {
  const { stream, size } = await blobs.open(hash, { first: 0, last: sniffBytes - 1 })
  const found = await sniffType(Buffer.concat(await Array.fromAsync(stream)))
  const type = found === 'text/plain' ? 'text/plain; charset=utf-8' : (found ?? 'application/octet-stream')
  return { ...openedBlob(hash, blobs), type, size, etag: `"${hash}"` }
}

/** Made when the input came, or now. */
const small = async (original: string, name: SmallRendition, { blobs, limits }: Deps) => {
  let bytes = await blobs.getDerived(original, name)
  if (!bytes) {
    bytes = Uint8Array.from(await renderSmall(await blobs.get(original), name, limits))
    await blobs.putDerived(original, name, bytes)
  }
  return { body: bytes, type: renditionType, size: bytes.byteLength, etag: `"${original}-${name}"` }
}
