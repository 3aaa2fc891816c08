import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { AppSchema, type Key, KeySchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { MultiKeyResponseSchema, MultiScopeResponseSchema, type V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { appMessage } from '#proxy/service/apps.ts'
import type { Call, Caller } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkBatch, itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { ok } from '#proxy/service/status.ts'
import { microsOf, timestampOf } from '#proxy/service/time.ts'
import { appForPerson } from '#proxy/store/access.ts'
import { addKey, type KeyRow, keyOf, keysOf, removeKey } from '#proxy/store/keys.ts'
import { findApp, signedIn } from './access.ts'
import { allScopeNames, checkGiven, labelerScopes, listedScopes } from './scopeNames.ts'
import { missingScopes } from './scopes.ts'
import { hashSecret, newSecret } from './secrets.ts'
import { oneself } from './users.ts'

const kinds = ['personal_access_token', 'app_specific_key'] as const
type Kind = (typeof kinds)[number]

/** Shows each secret once, as the `id` of the answer; afterwards a key goes by its public id (decisions §15). */
const postKeys: MethodImpl<typeof V2.method.postKeys> = async (request, call, deps) => {
  const caller = signedIn(call)
  oneself(request.userAppId?.userId, caller.userId)
  checkBatch(request.keys, 'keys', deps.limits.batch)
  const made: { row: KeyRow; secret: string }[] = []
  for (const [i, key] of request.keys.entries()) made.push(await newKey(key, `keys[${i}]`, caller, deps))
  await deps.store.write.transaction().execute(async (tx) => {
    for (const { row } of made) await addKey(tx, row)
  })
  const keys = made.map(({ row, secret }) => Object.assign(keyMessage(row), { id: secret }))
  return create(MultiKeyResponseSchema, { status: ok(call), keys })
}

const newKey = async (
  asked: Key,
  path: string,
  caller: Caller,
  deps: Deps,
): Promise<{ row: KeyRow; secret: string }> => {
  const kind = kindOf(asked, path)
  const scopes = asked.scopes.length > 0 ? asked.scopes : usualScopes(kind, caller)
  checkGiven(`${path}.scopes`, scopes, caller.scopes)
  const expiresAt = asked.expiresAt ? microsOf(asked.expiresAt) : null
  if (expiresAt !== null && expiresAt <= deps.now())
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}.expires_at: lies in the past`)
  const app = kind === 'app_specific_key' ? await ownApp(asked, path, caller, deps) : undefined
  const secret = newSecret()
  const id = deps.newId()
  const message = create(KeySchema, {
    id,
    type: kind,
    description: asked.description,
    scopes: [...scopes],
    endpoints: asked.endpoints,
    apps: app ? [create(AppSchema, { id: app.id, userId: app.user_id })] : [],
  })
  const row: KeyRow = {
    id,
    secret_hash: hashSecret(secret),
    user_id: caller.userId,
    kind,
    app: app?.no ?? null,
    scopes: JSON.stringify(scopes),
    message: toBinary(KeySchema, message),
    created_at: deps.now(),
    expires_at: expiresAt,
  }
  return { row, secret }
}

/** A key that says nothing is for one app, as resources.proto has it: it opens an account only where that is said. */
const kindOf = (asked: Key, path: string): Kind => {
  const said = asked.type || 'app_specific_key'
  const kind = kinds.find((known) => known === said)
  if (!kind)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}.type: "${said}" is none of ${kinds.join(', ')}`)
  if (kind === 'personal_access_token' && asked.apps.length > 0)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}.apps: a personal access token opens all apps`)
  return kind
}

/**
 * Of a key that names none. A token stands for the person; a key that may not do everything passes on what it may. A key
 * for an app labels and adds inputs, and deletes none.
 */
const usualScopes = (kind: Kind, caller: Caller): readonly string[] => {
  if (kind === 'personal_access_token')
    return missingScopes(caller.scopes, allScopeNames).length === 0 ? ['All'] : listedScopes(caller.scopes)
  const usual = [...labelerScopes, 'Inputs_Add']
  const missing = new Set(missingScopes(caller.scopes, usual))
  return usual.filter((scope) => !missing.has(scope))
}

/** Keys for an app are its owner's to make (api.md §5.2). */
const ownApp = async (asked: Key, path: string, caller: Caller, deps: Deps) => {
  const [app, ...more] = asked.apps
  if (!app?.id || more.length > 0)
    throw new ApiError(
      StatusCode.CONN_INVALID_REQUEST,
      `${path}.apps: an app_specific_key needs exactly one app${asked.type ? '' : '; a token for all of yours says type personal_access_token'}`,
    )
  const found = await appForPerson(deps.store.read, caller.userId, app.id, caller.userId)
  if (!found || (app.userId && app.userId !== 'me' && app.userId !== caller.userId))
    throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `${path}.apps[0].id: "${app.id}" is no app of yours`)
  return found
}

const listKeys: MethodImpl<typeof V2.method.listKeys> = async (request, call, deps) => {
  const caller = signedIn(call)
  const userId = oneself(request.userAppId?.userId, caller.userId)
  const livingAt = request.notExpired ? deps.now() : undefined
  const kind = kinds.find((known) => known === request.type)
  if (request.type && !kind) throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `type: no type "${request.type}"`)
  const rows = (await keysOf(deps.store.read, userId, { kind, livingAt })).filter(
    (row) => missingScopes(JSON.parse(row.scopes) as string[], request.scopes).length === 0,
  )
  const { limit, offset } = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const keys = rows.slice(offset, offset + limit).map(keyMessage)
  return create(MultiKeyResponseSchema, { status: ok(call), keys })
}

/** By public id or by the secret itself. @throws ApiError CONN_DOES_NOT_EXIST */
const deleteKey: MethodImpl<typeof V2.method.deleteKey> = async (request, call, deps) => {
  const userId = oneself(request.userAppId?.userId, signedIn(call).userId)
  const key = await keyOf(deps.store.write, userId, request.keyId, hashSecret(request.keyId))
  if (!key) throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, 'key_id: no such key')
  await removeKey(deps.store.write, key.id)
  return create(BaseResponseSchema, { status: ok(call) })
}

const keyMessage = (row: KeyRow): Key => {
  const key = fromBinary(KeySchema, row.message)
  key.createdAt = timestampOf(Number(row.created_at))
  if (row.expires_at !== null) key.expiresAt = timestampOf(Number(row.expires_at))
  return key
}

/** What the caller may do: in an app, or with the key itself when no app is named. */
const myScopes: MethodImpl<typeof V2.method.myScopes> = async (request, call, deps) => {
  const caller = signedIn(call)
  if (!request.userAppId?.appId && !caller.app)
    return create(MultiScopeResponseSchema, { status: ok(call), scopes: listedScopes(caller.scopes) })
  const app = await appWithScopes(request.userAppId, call, deps)
  return create(MultiScopeResponseSchema, { status: ok(call), scopes: listedScopes(app.scopes), app: appMessage(app) })
}

/** Asking what one may do needs no scope, so the check of `findApp` is given the one it looks for. */
const appWithScopes = async (
  userAppId: Parameters<typeof findApp>[2],
  call: Call,
  deps: Deps,
): ReturnType<typeof findApp> => {
  const caller = signedIn(call)
  if (missingScopes(caller.scopes, ['Apps_Get']).length === 0) return findApp(deps, call, userAppId, 'readApp')
  const scopes = [...(caller.scopes as readonly string[]), 'Apps_Get']
  const app = await findApp(deps, { ...call, caller: { ...caller, scopes } }, userAppId, 'readApp')
  return { ...app, scopes: (app.scopes as readonly string[]).filter((scope) => scope !== 'Apps_Get') }
}

export const keyMethods = { postKeys, listKeys, deleteKey, myScopes } satisfies V2Methods
