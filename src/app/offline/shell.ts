/**
 * What the service worker does with a request. The app's page comes from the network whenever there is one, so that a
 * deploy is seen at once; only without one it is the page that was seen last. What carries a hash in its name never
 * changes and comes from the device. Nothing else is touched: the API, pictures and downloads go their own way.
 */

/** The one cache of the app; names in it carry hashes, so several builds can share it. */
export const CACHE = 'marquee-app'
/** Where the page lies, whatever address it was asked for: it is the same for all of them. */
export const PAGE = '/index.html'

/** First segments that are never pages of the app (proxy/gateway/static.ts). */
const reserved = /^\/(v2|media|assets|healthz|metrics|clarifai\.|marquee\.)/

export type Kind = 'asset' | 'page' | 'page file'

/** @returns undefined: not ours, the browser does what it would do anyway */
export function kindOf(
  { method, mode, url }: Pick<Request, 'method' | 'mode' | 'url'>,
  origin: string,
): Kind | undefined {
  const address = new URL(url)
  if (method !== 'GET' || address.origin !== origin) return undefined
  if (address.pathname.startsWith('/assets/')) return 'asset'
  if (mode === 'navigate') return reserved.test(address.pathname) ? undefined : 'page'
  return address.pathname === '/color-scheme.js' || address.pathname === '/favicon.svg' ? 'page file' : undefined
}

/** The part of a Cache that is used. */
export type Kept = Pick<Cache, 'match' | 'put'>

/** Takes work that goes on after the answer was given. */
type Later = (work: Promise<unknown>) => void

/** Whatever it varies by, it is the same file. */
const ANY = { ignoreVary: true } as const

/** From the device; what it lacks, from the network, and then it has it. */
export async function fromDeviceFirst(
  request: Request,
  kept: Kept,
  send: typeof fetch,
  later: Later,
): Promise<Response> {
  const known = await kept.match(request.url, ANY)
  if (known) return known
  const answer = await send(request)
  if (answer.status === 200) later(keep(kept, request.url, answer))
  return answer
}

/** Answers of something in between that has lost the server behind it. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504])

/**
 * From the network; without one, as it was the last time.
 * @param place where it lies on the device, and what its content type must begin with to be kept there
 */
export async function fromNetworkFirst(
  answer: Promise<Response>,
  kept: Kept,
  place: { readonly key: string; readonly type: string },
  later: Later,
): Promise<Response> {
  const known = () => kept.match(place.key, ANY)
  let given: Response
  try {
    given = await answer
  } catch (error) {
    const instead = await known()
    if (instead) return instead
    throw error
  }
  if (AWAY.has(given.status)) return (await known()) ?? given
  // an address that a server sends elsewhere, or a text that is no page, must not become the page of all addresses
  const isTheOne =
    given.status === 200 && !given.redirected && given.headers.get('content-type')?.startsWith(place.type)
  if (isTheOne) later(keep(kept, place.key, given))
  return given
}

/** What does not fit on the device is not kept; the answer is given all the same. */
const keep = (kept: Kept, key: string, answer: Response): Promise<void> =>
  kept.put(key, answer.clone()).catch(() => undefined)
