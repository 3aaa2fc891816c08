import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  AcceptInvitationResponseSchema,
  CreateInvitationResponseSchema,
  type Invitation,
  InvitationSchema,
  InvitationState,
  ListInvitationsResponseSchema,
  LookAtInvitationResponseSchema,
  type Office,
  RevokeInvitationResponseSchema,
} from '#gen/marquee/v1/office_pb.ts'
import { AppSchema, CollaboratorSchema, UserSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, OfficeMethods } from '#proxy/service/method.ts'
import { checkUserId } from '#proxy/service/names.ts'
import { studioApp } from '#proxy/service/studio/studio.ts'
import { badRequest } from '#proxy/service/team/teamRights.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { addAccount } from '#proxy/store/accounts.ts'
import { addCollaborators, collaboratorsOf } from '#proxy/store/collaborators.ts'
import {
  addInvitation,
  claimInvitation,
  type InvitationRow,
  invitationByHash,
  openInvitations,
  revokeInvitation as revoke,
} from '#proxy/store/invitations.ts'
import type { Db } from '#proxy/store/open.ts'
import { checkNewPassword } from './account.ts'
import { noteMemberships } from './collaboratorHistory.ts'
import { namesOf } from './formerPeople.ts'
import { hashPassword } from './passwords.ts'
import { checkGiven } from './scopeNames.ts'
import { hashSecret, newSecret } from './secrets.ts'
import { beginSignIn } from './signInLimit.ts'

type Method = typeof Office.method
const mostHours = 720
const hourMicros = 3_600_000_000

const createInvitation: MethodImpl<Method['createInvitation']> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'addCollaborators')
  if (request.scopes.length === 0) throw badRequest('scopes', 'required')
  checkGiven('scopes', request.scopes, app.scopes)
  if (request.hours < 1 || request.hours > mostHours)
    throw badRequest('hours', `${request.hours}, must be 1 to ${mostHours}`)
  const token = newSecret()
  const at = deps.now()
  const row: InvitationRow = {
    id: deps.newId(),
    token_hash: hashSecret(token),
    app: app.no,
    scopes: JSON.stringify(request.scopes),
    created_by: app.callerId,
    created_at: at,
    expires_at: at + request.hours * hourMicros,
    revoked_at: null,
    used_at: null,
    used_by: null,
  }
  await addInvitation(deps.store.write, row)
  return create(CreateInvitationResponseSchema, { invitation: invitationOf(row), token })
}

const invitationOf = (row: InvitationRow): Invitation =>
  create(InvitationSchema, {
    id: row.id,
    scopes: JSON.parse(row.scopes) as string[],
    createdBy: row.created_by,
    createdAt: timestampOf(Number(row.created_at)),
    expiresAt: timestampOf(Number(row.expires_at)),
  })

const listInvitations: MethodImpl<Method['listInvitations']> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'addCollaborators')
  const rows = await openInvitations(deps.store.read, app.no, deps.now())
  return create(ListInvitationsResponseSchema, { invitations: rows.map(invitationOf) })
}

/** One that is gone already is no failure, so that it may be repeated. */
const revokeInvitation: MethodImpl<Method['revokeInvitation']> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'addCollaborators')
  await revoke(deps.store.write, app.no, request.id, deps.now())
  return create(RevokeInvitationResponseSchema, {})
}

const gone = (): ApiError =>
  new ApiError(StatusCode.CONN_DOES_NOT_EXIST, 'token: this link has been used, has ended or was withdrawn')

/**
 * All or nothing: a link is used only when its person is in the app.
 * @throws ApiError CONN_THROTTLED; CONN_DOES_NOT_EXIST; CONN_INVALID_REQUEST, DATABASE_DUPLICATE_KEY naming the field
 */
const acceptInvitation: MethodImpl<Method['acceptInvitation']> = async (request, call, deps) => {
  const token_hash = hashSecret(request.token.slice(0, 200))
  const attempt = await beginSignIn(deps.store, `invitation ${token_hash}`, call.remoteAddress, deps.now())
  if (!(await invitationByHash(deps.store.read, token_hash))) throw gone()
  if (call.caller && call.caller.via !== 'session') throw badRequest('authorization', 'links are for people, not keys')
  const id = call.caller?.userId ?? request.id
  if (!call.caller) {
    checkUserId('id', id)
    checkNewPassword(request.password, 'password')
  }
  const password_hash = call.caller ? null : await hashPassword(request.password)
  const app = await deps.store.write.transaction().execute(async (tx) => {
    const row = await claimInvitation(tx, token_hash, id, deps.now())
    const app = row && (await tx.selectFrom('app').selectAll().where('no', '=', Number(row.app)).executeTakeFirst())
    if (!row || !app || app.deleted_at !== null || !(await mayStillInvite(tx, row, app.user_id))) throw gone()
    if (!call.caller) {
      const { firstName, lastName } = request
      const account = create(UserSchema, { id, firstName, lastName })
      if (!(await addAccount(tx, account, { password_hash, created_at: deps.now() })))
        throw new ApiError(StatusCode.DATABASE_DUPLICATE_KEY, `id: there is a user "${id}" already`)
    }
    const there = (await collaboratorsOf(tx, Number(row.app))).some(({ user_id }) => user_id === id)
    if (there || app.user_id === id)
      throw new ApiError(StatusCode.DATABASE_DUPLICATE_KEY, `token: "${id}" is in this app already`)
    const joining = collaboratorOf(row, id, deps)
    await addCollaborators(tx, [joining])
    await noteMemberships(tx, { no: Number(row.app), callerId: id }, [{ after: joining }], deps.now())
    return app
  })
  await attempt.succeeded()
  return create(AcceptInvitationResponseSchema, { userId: app.user_id, appId: app.id })
}

/** Guessing is as hard as for AcceptInvitation: looking at a link that is not there counts as a failed sign-in of its address. */
const lookAtInvitation: MethodImpl<Method['lookAtInvitation']> = async (request, call, deps) => {
  const token_hash = hashSecret(request.token.slice(0, 200))
  const attempt = await beginSignIn(deps.store, `invitation ${token_hash}`, call.remoteAddress, deps.now())
  const db = deps.store.read
  const row = await invitationByHash(db, token_hash)
  if (!row) throw gone()
  await attempt.succeeded()
  const app = await db.selectFrom('app').selectAll().where('no', '=', Number(row.app)).executeTakeFirst()
  const invites = app !== undefined && app.deleted_at === null && (await mayStillInvite(db, row, app.user_id))
  const state = stateOf(row, invites, deps.now())
  const caller = call.caller?.userId
  const isMember =
    app !== undefined &&
    caller !== undefined &&
    (caller === app.user_id || (await collaboratorsOf(db, app.no)).some(({ user_id }) => user_id === caller))
  if (!app || (state !== InvitationState.OPEN && !isMember))
    return create(LookAtInvitationResponseSchema, { state, expiresAt: timestampOf(Number(row.expires_at)) })
  const { name, description } = fromBinary(AppSchema, app.message)
  return create(LookAtInvitationResponseSchema, {
    state,
    userId: app.user_id,
    appId: app.id,
    appName: name,
    appDescription: description,
    invitedBy: row.created_by,
    inviterName: (await namesOf(db, [row.created_by])).get(row.created_by) ?? '',
    scopes: JSON.parse(row.scopes) as string[],
    expiresAt: timestampOf(Number(row.expires_at)),
    isMember,
  })
}

const stateOf = (row: InvitationRow, invites: boolean, now: number): InvitationState => {
  if (row.used_at !== null) return InvitationState.USED
  if (row.revoked_at !== null || !invites) return InvitationState.WITHDRAWN
  return Number(row.expires_at) > now ? InvitationState.OPEN : InvitationState.EXPIRED
}

/** Whoever made it has not left the app since, nor lost the right. */
const mayStillInvite = async (tx: Db, row: InvitationRow, owner: string): Promise<boolean> => {
  if (row.created_by === owner) return true
  const maker = (await collaboratorsOf(tx, Number(row.app))).find(({ user_id }) => user_id === row.created_by)
  const scopes = new Set(JSON.parse(maker?.scopes ?? '[]') as string[])
  const needed = ['Collaborators_Add', ...(JSON.parse(row.scopes) as string[])]
  return scopes.has('All') || needed.every((scope) => scopes.has(scope))
}

const collaboratorOf = (row: InvitationRow, userId: string, deps: Deps) => {
  const id = deps.newId()
  const at = deps.now()
  const message = create(CollaboratorSchema, { id, user: create(UserSchema, { id: userId }) })
  return {
    id,
    app: Number(row.app),
    user_id: userId,
    scopes: row.scopes,
    message: toBinary(CollaboratorSchema, message),
    created_at: at,
    modified_at: at,
    deleted_at: null,
  }
}

export const invitationMethods = {
  createInvitation,
  listInvitations,
  revokeInvitation,
  acceptInvitation,
  lookAtInvitation,
} satisfies OfficeMethods
