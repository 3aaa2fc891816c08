import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Caller } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { keyBySecret } from '#proxy/store/keys.ts'
import { sessionByToken } from '#proxy/store/sessions.ts'
import { hashSecret } from './secrets.ts'

/** What a request shows to say who is asking. */
export type Credential =
  | { readonly kind: 'key'; readonly secret: string }
  | { readonly kind: 'session'; readonly token: string }

/**
 * Whom a credential stands for, now: a key that was deleted or has expired, and a session that was ended, are nobody's.
 * @throws ApiError CONN_KEY_INVALID for keys, CONN_CREDENTIALS_INVALID for sessions
 */
export const authenticate = (credential: Credential, deps: Deps): Promise<Caller> =>
  credential.kind === 'key' ? byKey(credential.secret, deps) : bySession(credential.token, deps)

const byKey = async (secret: string, { store, now }: Deps): Promise<Caller> => {
  const key = await keyBySecret(store.read, hashSecret(secret), now())
  if (!key) throw new ApiError(StatusCode.CONN_KEY_INVALID)
  const caller = {
    userId: key.user_id,
    via: key.kind,
    scopes: JSON.parse(key.scopes) as string[],
    credentialId: key.id,
  }
  if (key.kind === 'personal_access_token') return caller
  // the app of an app-specific key may be gone; the key then opens nothing
  if (key.app_owner === null || key.app_id === null) throw new ApiError(StatusCode.CONN_KEY_INVALID)
  return { ...caller, app: { userId: key.app_owner, appId: key.app_id } }
}

const bySession = async (token: string, { store, now }: Deps): Promise<Caller> => {
  const hash = hashSecret(token)
  const session = await sessionByToken(store.read, hash, now())
  if (!session) throw new ApiError(StatusCode.CONN_CREDENTIALS_INVALID, 'the session has ended: sign in again')
  return { userId: session.user_id, via: 'session', scopes: 'all', credentialId: hash }
}
