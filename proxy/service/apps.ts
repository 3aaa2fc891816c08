import { create, fromBinary, isFieldSet, toBinary } from '@bufbuild/protobuf'
import { type App, AppSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  type ListAppsRequest,
  MultiAppResponseSchema,
  SingleAppResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BaseResponseSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { type AppInUse, findApp, signedIn } from '#proxy/service/people/access.ts'
import { oneself, personMeant } from '#proxy/service/people/users.ts'
import {
  copyDefaultWorkflow,
  type DefaultWorkflow,
  defaultWorkflowAsked,
  reindex,
  setDefaultWorkflow,
} from '#proxy/service/workflows/appWorkflow.ts'
import { type AppRow, appForPerson } from '#proxy/store/access.ts'
import { addApp, appsOf, appsSharedWith, removeApp, setAppMessage } from '#proxy/store/appRows.ts'
import { lockApp } from '#proxy/store/apps.ts'
import type { Db } from '#proxy/store/open.ts'
import { ApiError } from './apiError.ts'
import { attemptAsync } from './attempt.ts'
import type { Deps } from './deps.ts'
import type { MethodImpl, V2Methods } from './method.ts'
import { checkName } from './names.ts'
import { checkBatch, itemsPerPage, pageOf } from './paging.ts'
import { type PatchAction, patchAction } from './patch.ts'
import { mergeStruct, removeFromStruct } from './patchStruct.ts'
import { ok } from './status.ts'
import { timestampOf } from './time.ts'

/** All or none: an app of the answer has no status of its own. */
const postApps: MethodImpl<typeof V2.method.postApps> = async (request, call, deps) => {
  const owner = oneself(request.userAppId?.userId, signedIn(call).userId)
  checkBatch(request.apps, 'apps', deps.limits.batch)
  const apps = request.apps.map((app, i) => newApp(app, `apps[${i}]`, owner, deps))
  const workflows: (DefaultWorkflow | undefined)[] = []
  for (const [i, asked] of request.apps.entries())
    workflows.push(await defaultWorkflowAsked(asked, `apps[${i}]`, undefined, call, deps))
  const at = deps.now()
  await deps.store.write.transaction().execute(async (tx) => {
    for (const [i, app] of apps.entries()) {
      const workflow = workflows[i]
      if (workflow) setDefaultWorkflow(app, workflow)
      const times = { created_at: at, modified_at: at, deleted_at: null }
      if (!(await addApp(tx, { user_id: owner, id: app.id, message: toBinary(AppSchema, app), ...times })))
        throw new ApiError(StatusCode.DATABASE_DUPLICATE_KEY, `apps[${i}].id: you have an app "${app.id}" already`)
      if (workflow?.copy) await copyDefaultWorkflow(tx, await ownApp(tx, owner, app.id), workflow, deps)
    }
  })
  const made = apps.map((app) => Object.assign(app, { createdAt: timestampOf(at), modifiedAt: timestampOf(at) }))
  return create(MultiAppResponseSchema, { status: ok(call), apps: made })
}

const newApp = (asked: App, path: string, owner: string, deps: Deps): App => {
  const id = asked.id || deps.newId()
  checkName(`${path}.id`, id)
  checkText(asked, path)
  return create(AppSchema, {
    id,
    userId: owner,
    name: asked.name || id,
    description: asked.description,
    notes: asked.notes,
    defaultLanguage: asked.defaultLanguage || 'en',
    ...(asked.metadata && { metadata: asked.metadata }),
    ...(asked.visibility && { visibility: asked.visibility }),
  })
}

const ownApp = async (tx: Db, owner: string, id: string): Promise<AppInUse> => {
  const { invitation: _, ...row } = (await appForPerson(tx, owner, id, owner))!
  return { ...row, callerId: owner, role: 'owner', scopes: 'all' }
}

const textBytes = 64 * 1024 // api.md §8, notes

const checkText = (app: App, path: string): void => {
  for (const field of ['name', 'description', 'notes'] as const)
    if (Buffer.byteLength(app[field]) > textBytes)
      throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}.${field}: longer than ${textBytes} bytes`)
}

/** One's own apps; of another owner those that are shared with the caller. Oldest first unless a sort is asked for. */
const listApps: MethodImpl<typeof V2.method.listApps> = async (request, call, deps) => {
  const { userId } = signedIn(call)
  const owner = personMeant(request.userAppId?.userId, userId)
  const rows =
    owner === userId ? await appsOf(deps.store.read, owner) : await appsSharedWith(deps.store.read, userId, owner)
  const found = sorted(rows.map(appMessage).filter(matches(request)), request)
  const { limit, offset } = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  return create(MultiAppResponseSchema, { status: ok(call), apps: found.slice(offset, offset + limit) })
}

const matches = (request: ListAppsRequest) => (app: App) => {
  const has = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase())
  const words = [request.search, request.query].filter((word) => word !== '')
  const anywhere = words.every((word) => has(`${app.id}\n${app.name}\n${app.description}`, word))
  return anywhere && has(app.id, request.id) && has(app.name, request.name)
}

const sorted = (apps: App[], { sortBy, sortAscending }: ListAppsRequest): App[] => {
  const byText = (text: (app: App) => string) => (a: App, b: App) => text(a).localeCompare(text(b))
  const direction = sortAscending ? 1 : -1
  switch (sortBy.case) {
    case 'sortByName':
      return apps.toSorted((a, b) => direction * byText((app) => app.name)(a, b))
    case 'sortById':
      return apps.toSorted((a, b) => direction * byText((app) => app.id)(a, b))
    case 'sortByModifiedAt':
      return apps.toSorted((a, b) => direction * Number(a.modifiedAt!.seconds - b.modifiedAt!.seconds))
    case 'sortByCreatedAt':
      return sortAscending ? apps : apps.toReversed()
    default:
      return apps
  }
}

const getApp: MethodImpl<typeof V2.method.getApp> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readApp')
  return create(SingleAppResponseSchema, { status: ok(call), app: appMessage(app) })
}

/**
 * What is absent or empty stays. `metadata` is merged, replaced or thinned out as the action says; `remove` with the id
 * of the default workflow takes that away. `reindex` runs a default workflow that is named on all inputs. All or none.
 */
const patchApps: MethodImpl<typeof V2.method.patchApps> = async (request, call, deps) => {
  const owner = oneself(request.userAppId?.userId, signedIn(call).userId)
  checkBatch(request.apps, 'apps', deps.limits.batch)
  const action = patchAction(request.action)
  const changed: { found: AppInUse; app: App; workflow: DefaultWorkflow | undefined }[] = []
  for (const [i, sent] of request.apps.entries()) {
    const userAppId = { ...request.userAppId!, userId: owner, appId: sent.id }
    const found = await attemptAsync(() => findApp(deps, call, userAppId, 'changeApp'))
    if (!found.ok) throw new ApiError(found.error.code, `apps[${i}]: ${found.error.details}`)
    checkText(sent, `apps[${i}]`)
    const app = patchedApp(fromBinary(AppSchema, found.value.message), sent, action)
    const workflow =
      action === 'remove' ? undefined : await defaultWorkflowAsked(sent, `apps[${i}]`, found.value, call, deps)
    if (workflow) setDefaultWorkflow(app, workflow)
    changed.push({ found: found.value, app, workflow })
  }
  const at = deps.now()
  await deps.store.write.transaction().execute(async (tx) => {
    for (const { found, app, workflow } of changed) {
      await lockApp(tx, found.no)
      if (workflow) await copyDefaultWorkflow(tx, found, workflow, deps)
      await setAppMessage(tx, found.no, toBinary(AppSchema, app), at)
      if (workflow && request.reindex) await reindex(tx, found.no, at)
    }
  })
  const rows = new Map((await appsOf(deps.store.write, owner)).map((row) => [row.no, row]))
  const apps = changed.map(({ found }) => appMessage(rows.get(found.no)!))
  return create(MultiAppResponseSchema, { status: ok(call), apps })
}

const patchable = ['name', 'description', 'notes', 'defaultLanguage'] as const

const patchedApp = (app: App, sent: App, action: PatchAction): App => {
  if (action !== 'remove')
    for (const field of patchable)
      if (isFieldSet(sent, AppSchema.field[field])) Object.assign(app, { [field]: sent[field] })
  const named = sent.defaultWorkflow?.id || sent.defaultWorkflowId
  if (action === 'remove' && named && named === app.defaultWorkflowId) {
    app.defaultWorkflowId = ''
    delete app.defaultWorkflow
  }
  if (sent.metadata) {
    if (action === 'overwrite') app.metadata = sent.metadata
    else if (action === 'merge') app.metadata = mergeStruct(app.metadata, sent.metadata)
    else app.metadata = removeFromStruct(app.metadata, sent.metadata)
  }
  return app
}

/** The owner's alone. Softly: its rows stay, its id is free again. */
const deleteApp: MethodImpl<typeof V2.method.deleteApp> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'deleteApp')
  await removeApp(deps.store.write, app.no, deps.now())
  return create(BaseResponseSchema, { status: ok(call) })
}

export const appMessage = (row: AppRow): App =>
  Object.assign(fromBinary(AppSchema, row.message), {
    createdAt: timestampOf(Number(row.created_at)),
    modifiedAt: timestampOf(Number(row.modified_at)),
  })

export const appMethods = { postApps, listApps, getApp, patchApps, deleteApp } satisfies V2Methods
