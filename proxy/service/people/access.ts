import type { UserAppIDSet } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Call, Caller } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { type AppForPerson, type AppRow, appForPerson } from '#proxy/store/access.ts'
import { bothScopes, missingScopes, type Scopes } from './scopes.ts'

/** What somebody wants to do with an app as a whole; {@link findApp} checks it. */
export type AppAction =
  | 'readApp'
  | 'changeApp'
  | 'deleteApp'
  | 'readInputs'
  | 'addInputs'
  | 'deleteInputs'
  | 'readConcepts'
  | 'addConcepts'
  | 'countConcepts'
  | 'readAnnotations'
  | 'readTracks'
  | 'addAnnotations'
  | 'deleteAnnotations'
  | 'readCollaborators'
  | 'addCollaborators'
  | 'deleteCollaborators'
  | 'readTasks'
  | 'addTasks'
  | 'deleteTasks'
  | 'readDatasets'
  | 'addDatasets'
  | 'deleteDatasets'
  | 'addDatasetInputs'
  | 'deleteDatasetInputs'
  | 'readModels'
  | 'addModels'
  | 'deleteModels'
  | 'predict'
  | 'readWorkflows'
  | 'addWorkflows'
  | 'deleteWorkflows'
  | 'searchInputs'
  | 'searchAnnotations'
  | 'runSavedSearches'
  | 'readSearches'
  | 'addSearches'
  | 'changeSearches'
  | 'deleteSearches'
  | 'readWorkers'
  | 'changeInputs'
  | 'readBulkOperations'
  | 'addBulkOperations'
  | 'deleteBulkOperations'
  | 'readWork'
  | 'doWork'

interface Need {
  readonly scopes: readonly string[]
  readonly ownerOnly?: boolean
}

/** api.md §5.2: collaborators may what their invitation's scopes say, but the app itself stays its owner's. */
const needs: Readonly<Record<AppAction, Need>> = {
  readApp: { scopes: ['Apps_Get'] },
  changeApp: { scopes: ['Apps_Add'], ownerOnly: true },
  deleteApp: { scopes: ['Apps_Delete'], ownerOnly: true },
  readInputs: { scopes: ['Inputs_Get'] },
  addInputs: { scopes: ['Inputs_Add'] },
  deleteInputs: { scopes: ['Inputs_Delete'] },
  readConcepts: { scopes: ['Concepts_Get'] },
  addConcepts: { scopes: ['Concepts_Add'] },
  countConcepts: { scopes: ['Concepts_Get', 'Annotations_Get', 'Inputs_Get'] },
  readAnnotations: { scopes: ['Annotations_Get'] },
  readTracks: { scopes: ['Annotations_Get', 'AnnotationTracks_Get'] },
  addAnnotations: { scopes: ['Annotations_Add'] },
  deleteAnnotations: { scopes: ['Annotations_Delete'] },
  readCollaborators: { scopes: ['Collaborators_Get'] },
  addCollaborators: { scopes: ['Collaborators_Add'] },
  deleteCollaborators: { scopes: ['Collaborators_Delete'] },
  readTasks: { scopes: ['Tasks_Get'] },
  addTasks: { scopes: ['Tasks_Add'] },
  deleteTasks: { scopes: ['Tasks_Delete'] },
  readDatasets: { scopes: ['Datasets_Get'] },
  addDatasets: { scopes: ['Datasets_Add'] },
  deleteDatasets: { scopes: ['Datasets_Delete'] },
  addDatasetInputs: { scopes: ['Datasets_Get', 'Inputs_Add'] },
  deleteDatasetInputs: { scopes: ['Datasets_Get', 'Inputs_Delete'] },
  readModels: { scopes: ['Models_Get'] },
  addModels: { scopes: ['Models_Add'] },
  deleteModels: { scopes: ['Models_Delete'] },
  predict: { scopes: ['Predict', 'Models_Get'] },
  readWorkflows: { scopes: ['Workflows_Get'] },
  addWorkflows: { scopes: ['Workflows_Add'] },
  deleteWorkflows: { scopes: ['Workflows_Delete'] },
  searchInputs: { scopes: ['Search', 'Inputs_Get', 'Annotations_Get'] },
  searchAnnotations: { scopes: ['Search', 'Inputs_Get', 'Annotations_Get'] },
  runSavedSearches: { scopes: ['SavedSearch_Get', 'Search', 'Inputs_Get', 'Annotations_Get'] },
  readSearches: { scopes: ['SavedSearch_Get'] },
  addSearches: { scopes: ['SavedSearch_Add'] },
  changeSearches: { scopes: ['SavedSearch_Get', 'SavedSearch_Add'] },
  deleteSearches: { scopes: ['SavedSearch_Delete'] },
  readWorkers: { scopes: ['Annotations_Get', 'Collaborators_Get'] },
  changeInputs: { scopes: ['Inputs_Add', 'Annotations_Add'] },
  readBulkOperations: { scopes: ['BulkOperation_Get'] },
  addBulkOperations: { scopes: ['BulkOperation_Add'] },
  deleteBulkOperations: { scopes: ['BulkOperation_Delete'] },
  readWork: { scopes: ['Tasks_Get', 'Inputs_Get', 'Annotations_Get'] },
  doWork: { scopes: ['Tasks_Get', 'Annotations_Add'] },
}

/** An app and what the caller is in it. */
export interface AppInUse extends AppRow {
  readonly callerId: string
  readonly role: 'owner' | 'collaborator'
  /** The key's scopes, and for collaborators the invitation's too. */
  readonly scopes: Scopes
}

/**
 * The app a request is about, when the caller may do this with it.
 * `user_app_id.user_id` empty or "me" is the caller; an app-specific key opens its own app only and needs no ids.
 * @throws ApiError CONN_INVALID_REQUEST no app id; CONN_KEY_INVALID a key for another app; CONN_DOES_NOT_EXIST no such
 * app, or none the caller may see (the same answer); CONN_INSUFFICIENT_SCOPES with the missing scopes
 */
export const findApp = async (
  deps: Deps,
  call: Call,
  userAppId: UserAppIDSet | undefined,
  action: AppAction,
): Promise<AppInUse> => {
  const caller = signedIn(call)
  const { owner, id } = addressOf(caller, userAppId)
  const found = await appForPerson(deps.store.read, owner, id, caller.userId)
  const app = found && inUse(found, caller)
  if (!app) throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `user_app_id: no app "${id}" of user "${owner}"`)
  checkAction(app, action)
  return app
}

/** RPCs that judge a collaborator themselves: whoever was invited may leave, and ask what they may do. */
const judgedByThemselves: ReadonlySet<string> = new Set(['DeleteCollaborators', 'MyScopes'])

/**
 * Whether an invitation gives a collaborator what an RPC's descriptor asks; keys are judged before, by the same list.
 * An app that is not there, or not for the caller, is left to the RPC: for some, the name of an app means nothing.
 * @param scopes the RPC's cl_depending_scopes, by name
 * @throws ApiError CONN_INSUFFICIENT_SCOPES with the missing scopes; CONN_KEY_INVALID a key for another app
 */
export const checkInvitation = async (
  deps: Deps,
  call: Call,
  userAppId: UserAppIDSet | undefined,
  { name, scopes }: { readonly name: string; readonly scopes: readonly string[] },
): Promise<void> => {
  const { caller } = call
  if (caller === undefined || !userAppId?.appId || judgedByThemselves.has(name)) return
  const { owner, id } = addressOf(caller, userAppId)
  if (owner === caller.userId) return
  const found = await appForPerson(deps.store.read, owner, id, caller.userId)
  const app = found && inUse(found, caller)
  if (app) checkScopes(app, scopes)
}

/** @throws ApiError CONN_INSUFFICIENT_SCOPES with the missing scopes */
export const checkAction = (app: AppInUse, action: AppAction): void => checkNeed(app, needs[action], action)

/** @throws ApiError CONN_INVALID_REQUEST when nobody is signed in */
export const signedIn = (call: Call): Caller => {
  if (!call.caller) throw new ApiError(StatusCode.CONN_INVALID_REQUEST, 'authorization: no key was sent')
  return call.caller
}

const addressOf = (caller: Caller, asked: UserAppIDSet | undefined): { owner: string; id: string } => {
  const owner = asked?.userId && asked.userId !== 'me' ? asked.userId : ''
  if (caller.app) {
    const sameApp = (asked?.appId || caller.app.appId) === caller.app.appId
    const sameOwner = (owner || caller.app.userId) === caller.app.userId || asked?.userId === 'me'
    if (!sameApp || !sameOwner) throw new ApiError(StatusCode.CONN_KEY_INVALID, 'the key belongs to another app')
    return { owner: caller.app.userId, id: caller.app.appId }
  }
  if (!asked?.appId) throw new ApiError(StatusCode.CONN_INVALID_REQUEST, 'user_app_id.app_id: required')
  return { owner: owner || caller.userId, id: asked.appId }
}

/** The app as a caller meets it; undefined when it is neither theirs nor shared with them. */
export const inUse = (
  { invitation, ...app }: AppForPerson,
  caller: Pick<Caller, 'userId' | 'scopes'>,
): AppInUse | undefined => {
  if (app.user_id === caller.userId) return { ...app, callerId: caller.userId, role: 'owner', scopes: caller.scopes }
  if (invitation === null) return undefined
  const scopes = bothScopes(caller.scopes, JSON.parse(invitation) as string[])
  return { ...app, callerId: caller.userId, role: 'collaborator', scopes }
}

/** Whether an action's scopes are there; those of the owner alone are the owner's. */
export const mayDo = (app: AppInUse, action: AppAction): boolean =>
  (!needs[action].ownerOnly || app.role === 'owner') && missingScopes(app.scopes, needs[action].scopes).length === 0

const checkNeed = (app: AppInUse, need: Need, action: AppAction): void => {
  if (need.ownerOnly && app.role !== 'owner')
    throw new ApiError(StatusCode.CONN_INSUFFICIENT_SCOPES, `only the owner of the app may ${actionWords(action)}`)
  checkScopes(app, need.scopes)
}

const checkScopes = (app: AppInUse, scopes: readonly string[]): void => {
  const missing = missingScopes(app.scopes, scopes)
  if (missing.length > 0)
    throw new ApiError(StatusCode.CONN_INSUFFICIENT_SCOPES, `missing scopes: ${missing.join(', ')}`)
}

/** `deleteApp` → "delete app". */
const actionWords = (action: AppAction): string => action.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
