import { create } from '@bufbuild/protobuf'
import {
  type Account,
  ChangePasswordResponseSchema,
  GetPreferencesResponseSchema,
  GetSessionResponseSchema,
  type Person,
  PersonSchema,
  PutPreferencesResponseSchema,
  SignInResponseSchema,
  SignOutResponseSchema,
} from '#gen/marquee/v1/marquee_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Call, Caller } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, MethodsOf } from '#proxy/service/method.ts'
import {
  type AccountRow,
  accountById,
  preferences,
  putPreferences,
  setPasswordHash,
  userOf,
} from '#proxy/store/accounts.ts'
import { serverId } from '#proxy/store/meta.ts'
import { addSession, endSession, endSessionsOf, forgetExpiredSessions } from '#proxy/store/sessions.ts'
import { clearedCookie, sessionCookie } from './cookie.ts'
import { hashPassword, leastPasswordLength, mostPasswordLength, verifyPassword } from './passwords.ts'
import { hashSecret, newSecret } from './secrets.ts'
import { beginSignIn } from './signInLimit.ts'

type Method = typeof Account.method

/**
 * Checks a password and makes a session. The same answer, after the same work, for an unknown user and a wrong password.
 * @throws ApiError CONN_CREDENTIALS_INVALID; CONN_THROTTLED after too many failures, saying how long to wait
 */
const signIn: MethodImpl<Method['signIn']> = async ({ userId, password }, call, deps) => {
  const attempt = await beginSignIn(deps.store, userId, call.remoteAddress, deps.now())
  const account = await accountById(deps.store.read, userId)
  const right = await verifyPassword(password.slice(0, mostPasswordLength + 1), account?.password_hash)
  if (!right || !account)
    throw new ApiError(StatusCode.CONN_CREDENTIALS_INVALID, 'this user and password do not go together')
  await attempt.succeeded()
  await openSession(account.id, call, deps)
  return create(SignInResponseSchema, { person: personOf(account) })
}

const openSession = async (userId: string, call: Call, { store, settings, now }: Deps): Promise<void> => {
  const token = newSecret()
  const at = now()
  await forgetExpiredSessions(store.write, at)
  await addSession(store.write, {
    token_hash: hashSecret(token),
    user_id: userId,
    created_at: at,
    expires_at: at + settings.sessionHours * 3_600_000_000,
  })
  call.setHeader('set-cookie', sessionCookie(token, settings))
}

const signOut: MethodImpl<Method['signOut']> = async (_request, call, { store, settings }) => {
  if (call.caller?.via === 'session') await endSession(store.write, call.caller.credentialId)
  call.setHeader('set-cookie', clearedCookie(settings))
  return create(SignOutResponseSchema, {})
}

const getSession: MethodImpl<Method['getSession']> = async (_request, call, { store, settings }) => {
  const account = call.caller && (await accountById(store.read, call.caller.userId))
  return create(GetSessionResponseSchema, {
    ...(account && { person: personOf(account) }),
    serverId: await serverId(store),
    version: settings.version,
  })
}

/** Wrong current passwords count as failed sign-ins. All other sessions of this person end. */
const changePassword: MethodImpl<Method['changePassword']> = async (request, call, deps) => {
  const caller = personally(call)
  checkNewPassword(request.newPassword, 'new_password')
  const attempt = await beginSignIn(deps.store, caller.userId, call.remoteAddress, deps.now())
  const account = await accountById(deps.store.read, caller.userId)
  if (!(await verifyPassword(request.currentPassword.slice(0, mostPasswordLength + 1), account?.password_hash)))
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, 'current_password: this is not the current password')
  await attempt.succeeded()
  await setPassword(deps, caller.userId, request.newPassword, caller.via === 'session' ? caller.credentialId : '')
  return create(ChangePasswordResponseSchema, {})
}

/** Sets a password and ends the person's sessions but `keepSession` (a token's hash). @returns whether they exist */
export const setPassword = async (
  { store }: Pick<Deps, 'store'>,
  userId: string,
  password: string,
  keepSession = '',
): Promise<boolean> => {
  const hash = await hashPassword(password)
  return store.write.transaction().execute(async (tx) => {
    await endSessionsOf(tx, userId, keepSession)
    return setPasswordHash(tx, userId, hash)
  })
}

/** @throws ApiError CONN_INVALID_REQUEST when it is too short or too long */
export const checkNewPassword = (password: string, field: string): void => {
  if (password.length < leastPasswordLength)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${field}: at least ${leastPasswordLength} characters`)
  if (password.length > mostPasswordLength)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${field}: at most ${mostPasswordLength} characters`)
}

const getPreferences: MethodImpl<Method['getPreferences']> = async (_request, call, { store }) =>
  create(GetPreferencesResponseSchema, { preferences: await preferences(store.read, personally(call).userId) })

const preferenceBytes = 64 * 1024

/** Sets those named and leaves the others; an empty value removes one. */
const putSomePreferences: MethodImpl<Method['putPreferences']> = async (request, call, { store }) => {
  const { userId } = personally(call)
  checkPreferences(request.preferences)
  await store.write.transaction().execute((tx) => putPreferences(tx, userId, request.preferences))
  return create(PutPreferencesResponseSchema, {})
}

/** @throws ApiError CONN_INVALID_REQUEST when they are too many or too long */
export const checkPreferences = (preferences: Readonly<Record<string, string>>): void => {
  const changed = Object.entries(preferences)
  const bad = changed.find(([key, value]) => key === '' || key.length > 128 || value.length > preferenceBytes)
  if (bad) throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `preferences["${bad[0].slice(0, 40)}"]: too long`)
  if (changed.length > 100) throw new ApiError(StatusCode.CONN_INVALID_REQUEST, 'preferences: at most 100 at a time')
}

/** A key that opens one app has no business with the account behind it. */
const personally = (call: Call): Caller => {
  if (!call.caller || call.caller.via === 'app_specific_key')
    throw new ApiError(StatusCode.CONN_CREDENTIALS_INVALID, 'sign in first')
  return call.caller
}

const personOf = (account: AccountRow): Person => {
  const { firstName, lastName } = userOf(account)
  return create(PersonSchema, { id: account.id, firstName, lastName })
}

export const accountMethods = {
  signIn,
  signOut,
  getSession,
  changePassword,
  getPreferences,
  putPreferences: putSomePreferences,
} satisfies MethodsOf<typeof Account>
