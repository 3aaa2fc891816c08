import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { SSchema } from '#gen/proto/clarifai/auth/scope/scope_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { bothScopes, missingScopes, type Scopes } from './scopes.ts'

/** Every scope there is, by name. */
export const allScopeNames: readonly string[] = SSchema.values
  .map((value) => value.name)
  .filter((name) => name !== 'undef')

const known: ReadonlySet<string> = new Set(allScopeNames)

/** What a labeler needs: to see everything in the app and to label. Adding pictures and people is for others. */
export const labelerScopes: readonly string[] = [
  'Apps_Get',
  'Inputs_Get',
  'Annotations_Add',
  'Annotations_Get',
  'Annotations_Delete',
  'Concepts_Add',
  'Concepts_Get',
  'Collaborators_Get',
  'Models_Get',
  'Workflows_Get',
  'Datasets_Get',
  'Tasks_Get',
  'Predict',
  'Search',
  'SavedSearch_Get',
]

/** Scopes with all they imply, as a list of names. */
export const listedScopes = (scopes: Scopes): string[] =>
  missingScopes(scopes, allScopeNames).length === 0 ? [...allScopeNames] : [...(bothScopes(scopes, scopes) as string[])]

/**
 * Checks scopes somebody wants to give away: they exist, and the giver has them.
 * @throws ApiError CONN_INVALID_REQUEST for unknown names, CONN_INSUFFICIENT_SCOPES
 */
export const checkGiven = (path: string, scopes: readonly string[], giver: Scopes): void => {
  const unknown = scopes.find((scope) => !known.has(scope))
  if (unknown !== undefined) throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}: no scope "${unknown}"`)
  const missing = missingScopes(giver, scopes)
  if (missing.length > 0)
    throw new ApiError(StatusCode.CONN_INSUFFICIENT_SCOPES, `${path}: missing scopes: ${missing.join(', ')}`)
}
