import { type DescMethod, getOption } from '@bufbuild/protobuf'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { SSchema } from '#gen/proto/clarifai/auth/scope/scope_pb.ts'
import { AuthType } from '#gen/proto/clarifai/auth/types/types_pb.ts'
import { cl_auth_type, cl_depending_scopes } from '#gen/proto/clarifai/auth/util/extension_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Caller } from '#proxy/service/call.ts'
import { missingScopes } from '#proxy/service/people/scopes.ts'

/** What a method of the API asks of its caller, as its descriptor says. Source: auth/util/extension.proto. */
export interface Requirement {
  readonly auth: AuthType
  /** Names of clarifai.auth.scope.S. */
  readonly scopes: readonly string[]
}

export const requirementOf = (method: DescMethod): Requirement => ({
  auth: getOption(method, cl_auth_type),
  scopes: getOption(method, cl_depending_scopes).map((number) => SSchema.value[number]?.name ?? `scope ${number}`),
})

/**
 * Whether a caller may call a method at all; what they may do in which app is the service's business.
 * @throws ApiError CONN_INVALID_REQUEST without a credential, CONN_KEY_INVALID for an app-specific key where only
 * personal access tokens work, CONN_INSUFFICIENT_SCOPES listing what the key lacks
 */
export const checkRequirement = ({ auth, scopes }: Requirement, caller: Caller | undefined): void => {
  if (auth === AuthType.NoAuth) return
  if (caller === undefined)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, 'missing header "Authorization: Key YOUR_KEY"')
  if (auth !== AuthType.KeyAuth && caller.via === 'app_specific_key')
    throw new ApiError(StatusCode.CONN_KEY_INVALID, 'this needs a personal access token, not an app-specific key')
  if (caller.scopes === 'all') return
  const missing = missingScopes(caller.scopes, scopes)
  if (missing.length > 0)
    throw new ApiError(StatusCode.CONN_INSUFFICIENT_SCOPES, `missing scopes: ${missing.join(', ')}`)
}
