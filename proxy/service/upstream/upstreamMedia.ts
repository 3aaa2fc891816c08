import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { Part } from '#proxy/media/blobs.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Caller } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { OpenedMedia } from '#proxy/service/inputs/media.ts'
import { bodyOf, checkedUrl, send } from '#proxy/service/outgoing.ts'
import type { Upstream } from './upstream.ts'

/**
 * Path on this server of a picture of the upstream's, for the pages of one person: it holds the picture's address,
 * signed, so that nobody can have other addresses asked. A session is needed, since its token opens the picture.
 * Undefined for hosts that are not on the list.
 */
export const upstreamMediaPath = (url: string, userId: string, upstream: Upstream, deps: Deps): string | undefined => {
  const parsed = URL.parse(url)
  if (parsed === null || !isAllowed(parsed, upstream)) return undefined
  const signature = sign(url, userId, upstream, deps)
  return `/media/upstream/${Buffer.from(url).toString('base64url')}?signature=${signature}`
}

const sign = (url: string, userId: string, upstream: Upstream, { mediaKey }: Deps): string =>
  createHmac('sha256', mediaKey)
    .update(JSON.stringify(['upstream', upstream.url, userId, url]))
    .digest('base64url')

/** The upstream's own origin, which its operator chose, or a host whose address must be public. */
const isAllowed = (url: URL, upstream: Upstream): boolean =>
  (url.protocol === 'https:' || url.protocol === 'http:') &&
  (url.origin === upstream.url || isListed(url.hostname, mediaHostsOf(upstream)))

const mediaHostsOf = ({ url, mediaHosts }: Upstream): readonly string[] => [...ownHosts(url), ...mediaHosts]

/** Hosts that get the token along: the upstream's own, and Clarifai's others, where its pictures are. */
const ownHosts = (url: string): readonly string[] => {
  const { hostname } = new URL(url)
  return hostname.endsWith('.clarifai.com') ? [hostname, '.clarifai.com'] : [hostname]
}

const isListed = (hostname: string, hosts: readonly string[]): boolean =>
  hosts.some((host) => (host.startsWith('.') ? hostname.endsWith(host) : hostname === host))

const mostRedirects = 5
const timeoutMs = 5 * 60_000

/**
 * A picture of the upstream's, fetched with the session's token.
 * @param path what stands after `/media/`
 * @throws ApiError CONN_CREDENTIALS_INVALID without a session, CONN_DOES_NOT_EXIST for everything but a signed address
 */
export const openUpstreamMedia = async (
  path: string,
  query: URLSearchParams,
  caller: Caller | undefined,
  upstream: Upstream,
  deps: Deps,
): Promise<OpenedMedia> => {
  if (caller?.via !== 'session' || caller.upstreamKey === undefined)
    throw new ApiError(StatusCode.CONN_CREDENTIALS_INVALID, 'media: sign in first')
  const [first, encoded = '', ...more] = path.split('/')
  const url = Buffer.from(encoded, 'base64url').toString()
  const isSigned = equal(query.get('signature') ?? '', sign(url, caller.userId, upstream, deps))
  if (first !== 'upstream' || more.length > 0 || !isSigned) throw notThere()
  const ask: Ask = (part) => fetched(url, caller.upstreamKey!, upstream, deps, part)
  return opened(await ask(), url, ask, deps)
}

type Ask = (part?: Part) => Promise<IncomingMessage>

const notThere = (reason = 'there is no such picture') =>
  new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `media: ${reason}`)

const equal = (given: string, expected: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const fetched = async (
  address: string,
  key: string,
  upstream: Upstream,
  deps: Deps,
  part?: Part,
): Promise<IncomingMessage> => {
  const signal = AbortSignal.timeout(timeoutMs)
  let url: URL | undefined
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const next: URL | null = URL.parse(address, url)
    if (next === null || !isAllowed(next, upstream)) throw notThere('its host is not on the list')
    // The operator named the upstream itself; whatever else is asked must be in public.
    const allowPrivate = next.origin === upstream.url || deps.settings.allowPrivateInputUrls
    url = checkedUrl(next.href, { allowPrivate })
    const range = part && { range: `bytes=${part.first}-${part.last}` }
    const asked = { method: 'GET' as const, headers: { ...headersFor(url, key, upstream), ...range }, signal }
    const answer = await send(url, asked, { allowPrivate })
    const { statusCode = 0, headers } = answer
    if (statusCode === 200 || (statusCode === 206 && part)) return answer
    answer.destroy()
    if (statusCode < 300 || statusCode >= 400 || !headers.location)
      throw notThere(`the upstream answered ${statusCode}`)
    address = headers.location
  }
  throw notThere('too many redirects')
}

/** The token goes to the upstream's own hosts only, and never in the clear unless the upstream itself is so. */
const headersFor = (url: URL, key: string, upstream: Upstream): Record<string, string> => {
  const isOwn = isListed(url.hostname, ownHosts(upstream.url))
  const isSafe = url.protocol === 'https:' || url.origin === upstream.url
  return { accept: '*/*', ...(isOwn && isSafe && { authorization: `Key ${key}` }) }
}

const shown = /^(image|video|audio)\/[\w.+-]+$|^text\/plain\b/i

const opened = async (answer: IncomingMessage, url: string, ask: Ask, { limits }: Deps): Promise<OpenedMedia> => {
  const { headers } = answer
  const type = shown.test(headers['content-type'] ?? '') ? headers['content-type']! : 'application/octet-stream'
  const length = /^\d+$/.test(headers['content-length'] ?? '') ? Number(headers['content-length']) : undefined
  const isPacked = (headers['content-encoding'] ?? 'identity') !== 'identity'
  const body =
    length === undefined || isPacked || length > limits.imageBytes ? await whole(answer, limits.imageBytes) : answer
  const tag = createHmac('sha256', url)
    .update(headers.etag ?? headers['last-modified'] ?? '')
    .digest('base64url')
  return {
    body,
    ...(body === answer && { part: async (part) => partOfAnswer(await ask(part), part) }),
    type,
    size: body === answer ? (length ?? 0) : (body as Uint8Array).byteLength,
    etag: `"${tag}"`,
    cacheControl: 'private, max-age=3600',
    filename: undefined,
  }
}

/** Of an answer that is the part, or of one that is all because the upstream knows no parts. */
async function* partOfAnswer(answer: IncomingMessage, { first, last }: Part): AsyncGenerator<Uint8Array> {
  let at = answer.statusCode === 206 ? first : 0
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    const wanted = chunk.subarray(Math.max(first - at, 0), Math.max(last + 1 - at, 0))
    if (wanted.byteLength > 0) yield wanted
    at += chunk.byteLength
    if (at > last) return
  }
}

const whole = (answer: IncomingMessage, mostBytes: number) => bodyOf(answer, mostBytes, AbortSignal.timeout(timeoutMs))
