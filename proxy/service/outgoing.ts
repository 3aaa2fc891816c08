import { lookup as systemLookup } from 'node:dns'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { isPublicAddress } from './addressRule.ts'
import { ApiError } from './apiError.ts'

/** Which addresses this server may ask something of. */
export interface AddressRules {
  /** contract.md, ALLOW_PRIVATE_INPUT_URLS. */
  readonly allowPrivate: boolean
  /** How names become addresses; the system's when absent. */
  readonly resolve?: LookupFunction
  /** Which addresses count as public; {@link isPublicAddress} when absent. */
  readonly isPublic?: (address: string) => boolean
}

export interface Sending {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  readonly signal: AbortSignal
}

export const failed = (reason: string, cause?: unknown): ApiError =>
  new ApiError(StatusCode.INPUT_FAILED, `url: ${reason}`, { cause })

const refused = (reason: string): ApiError => new ApiError(StatusCode.INPUT_INVALID_URL, `url: ${reason}`)

/**
 * An address that may be asked, as far as its text says; {@link send} looks at where its name leads.
 * The URL parser turns 0x7f000001, 2130706433 and 0177.1 into 127.0.0.1 before they are looked at.
 * @throws ApiError INPUT_INVALID_URL
 */
export const checkedUrl = (
  address: string,
  { allowPrivate, isPublic = isPublicAddress }: AddressRules,
  base?: URL,
): URL => {
  const url = URL.parse(address, base)
  if (!url) throw refused('this is no address')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused('must begin with http:// or https://')
  if (url.username || url.password) throw refused('must not hold a name or password')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!allowPrivate && isIP(host) !== 0 && !isPublic(host)) throw refused(privateReason)
  return url
}

const privateReason = 'lies in a private network, which this server does not ask (ALLOW_PRIVATE_INPUT_URLS)'

/**
 * One request; redirects are the caller's to judge. The connection goes to an address that was checked: the check is
 * the connection's own look-up, so a name cannot change its mind in between. No cookies, keys or proxies go along.
 * @throws ApiError INPUT_INVALID_URL for addresses not to be asked, INPUT_FAILED when nothing came
 */
export const send = (
  url: URL,
  { body, signal, ...sending }: Sending,
  rules: AddressRules,
): Promise<IncomingMessage> => {
  const { request } = url.protocol === 'https:' ? https : http
  const headers = { 'accept-encoding': 'identity', 'user-agent': 'Marquee', ...sending.headers }
  return new Promise((resolve, reject) => {
    // agent: false, since a pooled connection was checked for somebody else's rules
    const options = { method: sending.method, agent: false, headers, signal, lookup: checkingLookup(rules) } as const
    const sent = request(url, options, resolve)
    sent.on('error', (error) =>
      reject(error.cause instanceof ApiError ? error.cause : failed(reasonOf(error, signal), error)),
    )
    sent.end(body)
  })
}

/** Resolves a name and refuses it when any of its addresses is private. */
const checkingLookup =
  ({
    allowPrivate,
    isPublic = isPublicAddress,
    resolve = systemLookup as LookupFunction,
  }: AddressRules): LookupFunction =>
  (host, options, done) =>
    resolve(host, options, (error, found, family) => {
      const addresses = Array.isArray(found) ? found.map(({ address }) => address) : [found]
      const closed = !error && !allowPrivate && !addresses.every((address) => isPublic(address))
      if (closed) done(new Error('refused', { cause: refused(privateReason) }), '', 0)
      else done(error, found, family)
    })

/** The whole body of an answer. @throws ApiError INPUT_OVER_LIMIT for too much, INPUT_FAILED */
export const bodyOf = async (
  response: IncomingMessage,
  mostBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> => {
  const encoding = response.headers['content-encoding']
  const chunks: Uint8Array[] = []
  let size = Number(response.headers['content-length'] ?? 0)
  try {
    if (encoding && encoding !== 'identity') throw failed(`the answer is packed (${encoding})`)
    if (size > mostBytes) throw tooMuch(mostBytes)
    size = 0
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength
      if (size > mostBytes) throw tooMuch(mostBytes)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks, size)
  } catch (error) {
    throw error instanceof ApiError ? error : failed(reasonOf(error, signal), error)
  } finally {
    response.destroy()
  }
}

const tooMuch = (bytes: number): ApiError =>
  new ApiError(StatusCode.INPUT_OVER_LIMIT, `url: more than ${Math.floor(bytes / 1e6)} MB`)

/** Without addresses: what answers inside a network is nobody's business outside. */
const reasonOf = (error: unknown, signal: AbortSignal): string => {
  if (signal.aborted) return 'it took too long'
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'there is no such host'
  if (code === 'ECONNREFUSED') return 'the host does not answer'
  return `the connection failed${code ? ` (${code})` : ''}`
}
