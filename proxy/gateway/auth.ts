import type { IncomingHttpHeaders } from 'node:http'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Caller } from '#proxy/service/call.ts'
import type { Credential } from '#proxy/service/people/authenticate.ts'

/** The service's: whom a credential stands for. @throws ApiError CONN_KEY_INVALID, CONN_CREDENTIALS_INVALID */
export type Authenticate = (credential: Credential) => Promise<Caller>

/** The parts of a request that decide whether its cookie counts. */
export interface Provenance {
  /** Upper case. */
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** `host[:port]` the client asked for. */
  readonly host: string
  readonly secure: boolean
}

/**
 * The credential of a request; a key header beats the session cookie, so that a page may act with a key of its own.
 * `Authorization: Key X` in any case, `Bearer` too. Source: api.md §5.1, decisions §28.
 * @throws ApiError CONN_KEY_INVALID when the header is not of that form
 */
export const credentialOf = (headers: IncomingHttpHeaders, cookieName: string): Credential | undefined => {
  const { authorization } = headers
  if (authorization !== undefined && authorization.trim() !== '') {
    const secret = /^\s*(?:key|bearer)\s+(\S+)\s*$/i.exec(authorization)?.[1]
    if (secret === undefined)
      throw new ApiError(StatusCode.CONN_KEY_INVALID, 'write the header as "Authorization: Key YOUR_KEY"')
    return { kind: 'key', secret }
  }
  const token = cookieOf(headers.cookie, cookieName)
  return token === undefined ? undefined : { kind: 'session', token }
}

/** The value of a cookie; empty ones count as absent. */
export const cookieOf = (header: string | undefined, name: string): string | undefined => {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=')
    if (at < 0 || pair.slice(0, at).trim() !== name) continue
    const value = pair.slice(at + 1).trim()
    return value === '' ? undefined : value
  }
  return undefined
}

const formTypes = /^(application\/x-www-form-urlencoded|multipart\/|text\/plain)/i

/**
 * Refuses a session's request that a foreign page could have caused (CSRF): it must come from our own Origin, and is
 * no body that a form can send. Source: decisions §28.
 * @param own the origin people reach us at when that is not what the Host header says
 * @throws ApiError CONN_CREDENTIALS_INVALID
 */
export const checkOrigin = (request: Provenance, own?: string): void => {
  if (!isOwnPage(request, own))
    throw new ApiError(
      StatusCode.CONN_CREDENTIALS_INVALID,
      "a session is accepted from this server's own pages only; other programs use a key",
    )
  if (formTypes.test(request.headers['content-type'] ?? ''))
    throw new ApiError(StatusCode.CONN_CREDENTIALS_INVALID, 'a session is not accepted with the body of a form')
}

/** Whether a browser says that one of our own pages made this request. */
export const isOwnPage = (request: Provenance, own?: string): boolean => {
  const { origin } = request.headers
  return origin === undefined ? request.headers['sec-fetch-site'] === 'same-origin' : isOwnOrigin(origin, request, own)
}

/**
 * The looser rule for reading pictures: an `img` sends no Origin, and no Sec-Fetch-Site over plain HTTP from another
 * machine. Only what says that it comes from elsewhere is refused; SameSite=Lax keeps the cookie from the rest.
 * @throws ApiError CONN_CREDENTIALS_INVALID
 */
export const checkPictureOrigin = (request: Provenance, own?: string): void => {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const isForeign =
    origin === undefined ? site === 'cross-site' || site === 'same-site' : !isOwnOrigin(origin, request, own)
  if (isForeign || (request.method !== 'GET' && request.method !== 'HEAD'))
    throw new ApiError(StatusCode.CONN_CREDENTIALS_INVALID, "a session is accepted from this server's own pages only")
}

const isOwnOrigin = (origin: string, { host, secure }: Provenance, own: string | undefined): boolean =>
  origin === own || origin.toLowerCase() === `${secure ? 'https' : 'http'}://${host.toLowerCase()}`

/** Set by a page to the person it works for: another person may have signed in since, in another tab. */
export const personHeader = 'x-marquee-user'

/** @throws ApiError CONN_CREDENTIALS_INVALID when the session is somebody else's than the page believes */
export const checkPerson = (headers: IncomingHttpHeaders, caller: Caller): void => {
  const expected = headers[personHeader]
  if (caller.via === 'session' && expected !== undefined && expected !== caller.userId)
    throw new ApiError(StatusCode.CONN_CREDENTIALS_INVALID, 'somebody else has signed in in this browser')
}
