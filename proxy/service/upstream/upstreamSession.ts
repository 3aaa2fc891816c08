import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { toBinary } from '@bufbuild/protobuf'
import { type User, UserSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Caller } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { Credential } from '#proxy/service/people/authenticate.ts'
import { hashSecret, newSecret } from '#proxy/service/people/secrets.ts'
import { tokenKey } from '#proxy/store/meta.ts'
import {
  addUpstreamSession,
  forgetExpiredUpstreamSessions,
  upstreamSessionByToken,
} from '#proxy/store/upstreamSessions.ts'

/** Opens a session that stands for a token of the upstream. @returns what the browser's cookie holds */
export const openUpstreamSession = async (
  upstream: string,
  person: User,
  accessToken: string,
  { store, settings, now }: Deps,
): Promise<string> => {
  const token = newSecret()
  const at = now()
  await forgetExpiredUpstreamSessions(store.write, at)
  await addUpstreamSession(store.write, {
    token_hash: hashSecret(token),
    upstream,
    user_id: person.id,
    person: toBinary(UserSchema, person),
    secret: encrypted(accessToken, await keyOf(token, { store }), upstream),
    created_at: at,
    expires_at: at + settings.sessionHours * 3_600_000_000,
  })
  return token
}

/**
 * Whom a credential stands for where calls are forwarded. A key is not judged here: the upstream does, at every call.
 * @throws ApiError CONN_CREDENTIALS_INVALID for sessions that have ended or belong to another upstream
 */
export const authenticateUpstream = async (upstream: string, credential: Credential, deps: Deps): Promise<Caller> => {
  if (credential.kind === 'key') return byKey(credential.secret)
  const { token } = credential
  const hash = hashSecret(token)
  const session = await upstreamSessionByToken(deps.store.read, hash, upstream, deps.now())
  const key = session && decrypted(session.secret, await keyOf(token, deps), upstream)
  if (!session || key === undefined)
    throw new ApiError(StatusCode.CONN_CREDENTIALS_INVALID, 'the session has ended: sign in again')
  return { userId: session.user_id, via: 'session', scopes: 'all', credentialId: hash, upstreamKey: key }
}

const byKey = (secret: string): Caller => ({
  userId: '',
  via: 'personal_access_token',
  scopes: 'all',
  credentialId: `upstream-${hashSecret(secret).slice(0, 16)}`,
  upstreamKey: secret,
})

/**
 * The key of one session's secret: made of what the database holds and of what only the browser's cookie holds, so
 * that a copy of the database gives no token away.
 */
const keyOf = async (token: string, { store }: Pick<Deps, 'store'>): Promise<Buffer> =>
  Buffer.from(hkdfSync('sha256', await tokenKey(store), token, 'marquee upstream token', 32))

const nonceBytes = 12
const tagBytes = 16

/** AES-256-GCM: nonce, ciphertext, tag; bound to the upstream it is for. */
const encrypted = (text: string, key: Buffer, upstream: string): Uint8Array => {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(upstream))
  return Uint8Array.from(Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]))
}

/** Undefined when it was encrypted with another key or changed since. */
const decrypted = (secret: Uint8Array, key: Buffer, upstream: string): string | undefined => {
  const bytes = Buffer.from(secret)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes))
      .setAAD(Buffer.from(upstream))
      .setAuthTag(bytes.subarray(-tagBytes))
    return decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return undefined
  }
}
