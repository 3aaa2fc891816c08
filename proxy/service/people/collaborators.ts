import { create, toBinary } from '@bufbuild/protobuf'
import {
  AppSchema,
  CollaborationSchema,
  type Collaborator,
  CollaboratorSchema,
  UserSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  MultiCollaborationsResponseSchema,
  MultiCollaboratorsResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { appMessage } from '#proxy/service/apps.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkBatch, itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { patchAction } from '#proxy/service/patch.ts'
import { ok } from '#proxy/service/status.ts'
import { leaveTasks } from '#proxy/service/tasks/taskLeaving.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { accountById, accountsById } from '#proxy/store/accounts.ts'
import { appsSharedWith } from '#proxy/store/appRows.ts'
import { lockApp } from '#proxy/store/apps.ts'
import {
  addCollaborators,
  type CollaboratorRow,
  collaboratorsOf,
  removeCollaborator,
  setCollaboratorScopes,
} from '#proxy/store/collaborators.ts'
import { type AppInUse, findApp, signedIn } from './access.ts'
import { noteMemberships } from './collaboratorHistory.ts'
import { checkGiven, labelerScopes } from './scopeNames.ts'
import { knownAs, oneself } from './users.ts'

/** Invites people by id, with a labeler's scopes unless others are given. All or none. */
const postCollaborators: MethodImpl<typeof V2.method.postCollaborators> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addCollaborators')
  checkBatch(request.collaborators, 'collaborators', deps.limits.batch)
  const rows = request.collaborators.map((asked, i) => newRow(asked, `collaborators[${i}]`, app, deps))
  await deps.store.write.transaction().execute(async (tx) => {
    const accounts = await accountsById(
      tx,
      rows.map((row) => row.user_id),
    )
    const people = new Set(accounts.map((account) => account.id))
    const taken = new Set((await collaboratorsOf(tx, app.no)).map((row) => row.user_id))
    for (const [i, { user_id: id }] of rows.entries()) {
      const path = `collaborators[${i}].user.id`
      if (!people.has(id)) throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `${path}: there is no user "${id}"`)
      if (taken.has(id)) throw new ApiError(StatusCode.DATABASE_DUPLICATE_KEY, `${path}: "${id}" collaborates already`)
      taken.add(id)
    }
    await addCollaborators(tx, rows)
    const joined = rows.map((after) => ({ after }))
    await noteMemberships(tx, app, joined, deps.now())
  })
  return answer(rows, app, call, deps)
}

const newRow = (asked: Collaborator, path: string, app: AppInUse, deps: Deps): CollaboratorRow => {
  const userId = asked.user?.id ?? ''
  if (userId === '') throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}.user.id: required`)
  if (userId === app.user_id)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}.user.id: "${userId}" owns the app`)
  const scopes = asked.scopes.length > 0 ? asked.scopes : [...labelerScopes]
  checkGiven(`${path}.scopes`, scopes, app.scopes)
  const id = deps.newId()
  const at = deps.now()
  const user = create(UserSchema, { id: userId })
  const message = create(CollaboratorSchema, { id, user, endpoints: asked.endpoints })
  return {
    id,
    app: app.no,
    user_id: userId,
    scopes: JSON.stringify(scopes),
    message: toBinary(CollaboratorSchema, message),
    created_at: at,
    modified_at: at,
    deleted_at: null,
    deleted_by: null,
    left_tasks: null,
  }
}

const listCollaborators: MethodImpl<typeof V2.method.listCollaborators> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readCollaborators')
  return answer(await collaboratorsOf(deps.store.read, app.no), app, call, deps)
}

const answer = async (rows: readonly CollaboratorRow[], app: AppInUse, call: Call, { store }: Deps) => {
  const accounts = await accountsById(store.read, [app.user_id, ...rows.map((row) => row.user_id)])
  const people = new Map(accounts.map((account) => [account.id, knownAs(account)]))
  const collaborators = rows.map((row) => message(row, app, people.get(row.user_id)))
  const appOwner = people.get(app.user_id)
  return create(MultiCollaboratorsResponseSchema, { status: ok(call), collaborators, ...(appOwner && { appOwner }) })
}

const message = (row: CollaboratorRow, app: AppInUse, user: Collaborator['user']): Collaborator =>
  create(CollaboratorSchema, {
    id: row.id,
    app: create(AppSchema, { id: app.id, userId: app.user_id }),
    user: user ?? create(UserSchema, { id: row.user_id }),
    scopes: JSON.parse(row.scopes) as string[],
    createdAt: timestampOf(Number(row.created_at)),
    modifiedAt: timestampOf(Number(row.modified_at)),
  })

/** Replaces (`overwrite`), adds (`merge`) or takes away (`remove`) scopes of collaborators, by their id or user. */
const patchCollaborators: MethodImpl<typeof V2.method.patchCollaborators> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addCollaborators')
  checkBatch(request.collaborators, 'collaborators', deps.limits.batch)
  const action = patchAction(request.action)
  const before = await collaboratorsOf(deps.store.write, app.no)
  const changed = request.collaborators.map((sent, i) => {
    const path = `collaborators[${i}]`
    const row = before.find(({ id, user_id }) => (sent.id ? id === sent.id : user_id === sent.user?.id))
    if (!row) throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `${path}: no such collaborator`)
    const scopes = patchedScopes(JSON.parse(row.scopes) as string[], sent.scopes, action)
    if (scopes.length === 0) throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}.scopes: none would be left`)
    checkGiven(`${path}.scopes`, scopes, app.scopes)
    return { before: row, after: { ...row, scopes: JSON.stringify(scopes), modified_at: deps.now() } }
  })
  await deps.store.write.transaction().execute(async (tx) => {
    for (const { after } of changed) await setCollaboratorScopes(tx, after.id, after.scopes, after.modified_at)
    await noteMemberships(tx, app, changed, deps.now())
  })
  return answer(
    changed.map(({ after }) => after),
    app,
    call,
    deps,
  )
}

const patchedScopes = (
  stored: readonly string[],
  sent: readonly string[],
  action: ReturnType<typeof patchAction>,
): string[] => {
  switch (action) {
    case 'overwrite':
      return [...sent]
    case 'merge':
      return [...new Set([...stored, ...sent])]
    case 'remove':
      return stored.filter((scope) => !sent.includes(scope))
  }
}

/** Their labels stay, and what they have submitted; what they have not goes to the others of the task. Who has Collaborators_Delete may; everybody may leave. */
const deleteCollaborators: MethodImpl<typeof V2.method.deleteCollaborators> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readCollaborators')
  checkBatch(request.collaboratorIds, 'collaborator_ids', deps.limits.batch)
  const rows = (await collaboratorsOf(deps.store.write, app.no)).filter((row) =>
    request.collaboratorIds.includes(row.id),
  )
  if (rows.some((row) => row.user_id !== app.callerId))
    await findApp(deps, call, request.userAppId, 'deleteCollaborators')
  if (rows.length > 0)
    await deps.store.write.transaction().execute(async (tx) => {
      await lockApp(tx, app.no)
      const removal = { by: app.callerId, now: deps.now() }
      // all have gone before the first one's work is given to others
      for (const row of rows) await removeCollaborator(tx, row.id, { ...removal, left: '[]' })
      for (const row of rows) {
        const left = JSON.stringify(await leaveTasks(tx, app, row.user_id, deps))
        await removeCollaborator(tx, row.id, { ...removal, left })
      }
      const gone = rows.map((before) => ({ before }))
      await noteMemberships(tx, app, gone, removal.now)
    })
  return create(BaseResponseSchema, { status: ok(call) })
}

/** Other people's apps that are shared with the caller. */
const listCollaborations: MethodImpl<typeof V2.method.listCollaborations> = async (request, call, deps) => {
  const userId = oneself(request.userAppId?.userId, signedIn(call).userId)
  const { limit, offset } = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const shared = (await appsSharedWith(deps.store.read, userId)).slice(offset, offset + limit)
  const owners = await accountsById(
    deps.store.read,
    shared.map((app) => app.user_id),
  )
  const collaborations = shared.map((app) => {
    const owner = owners.find((account) => account.id === app.user_id)
    return create(CollaborationSchema, {
      app: appMessage(app),
      ...(owner && { appOwner: knownAs(owner) }),
      scopes: JSON.parse(app.invitation) as string[],
      createdAt: timestampOf(Number(app.invited_at)),
    })
  })
  return create(MultiCollaborationsResponseSchema, { status: ok(call), collaborations })
}

/** For the admin command: whether somebody is there. */
export const personExists = async ({ store }: Pick<Deps, 'store'>, id: string): Promise<boolean> =>
  (await accountById(store.read, id)) !== undefined

export const collaboratorMethods = {
  postCollaborators,
  listCollaborators,
  patchCollaborators,
  deleteCollaborators,
  listCollaborations,
} satisfies V2Methods
