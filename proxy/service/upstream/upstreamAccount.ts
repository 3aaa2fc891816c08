import { createHash } from 'node:crypto'
import { create, fromBinary } from '@bufbuild/protobuf'
import {
  type Account,
  GetPreferencesResponseSchema,
  GetSessionResponseSchema,
  type Person,
  PersonSchema,
  PutPreferencesResponseSchema,
  SignIn,
  type SignInRequest,
  SignInResponseSchema,
  SignOutResponseSchema,
  Studio,
} from '#gen/marquee/v1/marquee_pb.ts'
import { type User, UserSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Call, Caller } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, MethodsOf } from '#proxy/service/method.ts'
import { checkPreferences } from '#proxy/service/people/account.ts'
import { clearedCookie, sessionCookie } from '#proxy/service/people/cookie.ts'
import { beginSignIn } from '#proxy/service/people/signInLimit.ts'
import { preferences, putPreferences } from '#proxy/store/accounts.ts'
import { serverId } from '#proxy/store/meta.ts'
import { endUpstreamSession, upstreamSessionByToken } from '#proxy/store/upstreamSessions.ts'
import type { Upstream } from './upstream.ts'
import { openUpstreamSession } from './upstreamSession.ts'

type Method = typeof Account.method

/** How an upstream says that it does not take a key. */
const refusals: ReadonlySet<StatusCode> = new Set([
  StatusCode.CONN_CREDENTIALS_INVALID,
  StatusCode.CONN_KEY_INVALID,
  StatusCode.CONN_KEY_NOT_FOUND,
  StatusCode.CONN_INVALID_REQUEST,
])

/** marquee.v1.Account in front of an upstream: people and passwords are its own, sessions and preferences ours. */
export const upstreamAccountMethods = (upstream: Upstream) => {
  /**
   * Asks the upstream whose token this is, and whether it opens the app.
   * @throws ApiError CONN_CREDENTIALS_INVALID when user and token do not go together, CONN_INVALID_REQUEST naming what
   * is missing, CONN_THROTTLED after too many failures
   */
  const signIn: MethodImpl<Method['signIn']> = async (request, call, deps) => {
    const key = request.personalAccessToken.trim()
    if (key === '') throw missing('personal_access_token: needed here in place of a password')
    if (!/^[\x21-\x7e]{1,512}$/.test(key)) throw missing('personal_access_token: this is no token')
    const attempt = await beginSignIn(deps.store, request.userId, call.remoteAddress, deps.now())
    const person = await personOfKey(key, call)
    if (person?.id !== request.userId)
      throw new ApiError(StatusCode.CONN_CREDENTIALS_INVALID, 'this user and token do not go together')
    await checkApp(request, key, call)
    await attempt.succeeded()
    const token = await openUpstreamSession(upstream.url, person, key, deps)
    call.setHeader('set-cookie', sessionCookie(token, deps.settings))
    return create(SignInResponseSchema, { person: personOf(person) })
  }

  /** Undefined when the upstream does not take it. @throws ApiError for other failures of the upstream */
  const personOfKey = async (key: string, { signal }: Call): Promise<User | undefined> => {
    const { status, user } = await upstream.call(V2.method.getUser, { userAppId: { userId: 'me' } }, { key, signal })
    if (status?.code === StatusCode.SUCCESS) return user
    const code = status?.code ?? StatusCode.INTERNAL_UNCATEGORIZED
    if (refusals.has(code)) return undefined
    throw new ApiError(code, status?.details || status?.description)
  }

  const checkApp = async ({ userId, appUserId, appId }: SignInRequest, key: string, { signal }: Call) => {
    if (appId === '') return
    const userAppId = { userId: appUserId || userId, appId }
    const { status } = await upstream.call(V2.method.getApp, { userAppId }, { key, signal })
    if (status?.code !== StatusCode.SUCCESS)
      throw missing('app_id: there is no such app, or the token does not open it')
  }

  const signOut: MethodImpl<Method['signOut']> = async (_request, call, { store, settings }) => {
    if (call.caller?.via === 'session') await endUpstreamSession(store.write, call.caller.credentialId)
    call.setHeader('set-cookie', clearedCookie(settings))
    return create(SignOutResponseSchema, {})
  }

  /** A token that was revoked ends its session; an upstream that cannot be reached does not. */
  const getSession: MethodImpl<Method['getSession']> = async (_request, call, deps) => {
    const person = call.caller?.via === 'session' ? await personOfSession(call.caller, call, deps) : undefined
    const key = person && call.caller?.upstreamKey
    return create(GetSessionResponseSchema, {
      ...(person && { person: personOf(person) }),
      serverId: dataId(await serverId(deps.store), upstream.url),
      version: deps.settings.version,
      signIn: SignIn.ACCESS_TOKEN,
      noRestore: key !== undefined && (await upstream.lacks(Studio.method.restoreInputs, { key, signal: call.signal })),
    })
  }

  const personOfSession = async (caller: Caller, call: Call, { store, now }: Deps): Promise<User | undefined> => {
    const session = await upstreamSessionByToken(store.read, caller.credentialId, upstream.url, now())
    if (!session || caller.upstreamKey === undefined) return undefined
    const stored = fromBinary(UserSchema, session.person)
    try {
      const person = await personOfKey(caller.upstreamKey, call)
      if (person?.id === session.user_id) return person
    } catch {
      return stored
    }
    await endUpstreamSession(store.write, caller.credentialId)
    return undefined
  }

  const getPreferences: MethodImpl<Method['getPreferences']> = async (_request, call, { store }) =>
    create(GetPreferencesResponseSchema, { preferences: await preferences(store.read, ownerOf(call)) })

  const putSomePreferences: MethodImpl<Method['putPreferences']> = async (request, call, { store }) => {
    const owner = ownerOf(call)
    checkPreferences(request.preferences)
    await store.write.transaction().execute((tx) => putPreferences(tx, owner, request.preferences))
    return create(PutPreferencesResponseSchema, {})
  }

  /** No user of our own has such an id. */
  const ownerOf = ({ caller }: Call): string => {
    if (caller?.via !== 'session') throw new ApiError(StatusCode.CONN_CREDENTIALS_INVALID, 'sign in first')
    return `${upstream.url}/${caller.userId}`
  }

  return {
    signIn,
    signOut,
    getSession,
    getPreferences,
    putPreferences: putSomePreferences,
  } satisfies MethodsOf<typeof Account>
}

const missing = (details: string) => new ApiError(StatusCode.CONN_INVALID_REQUEST, details)

/** Browsers keep an outbox for each: what was meant for one upstream is never sent to another. */
const dataId = (own: string, upstream: string): string =>
  createHash('sha256').update(`${own} ${upstream}`).digest('hex').slice(0, 32)

const personOf = ({ id, firstName, lastName }: User): Person => create(PersonSchema, { id, firstName, lastName })
