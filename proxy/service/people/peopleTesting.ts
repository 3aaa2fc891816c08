import { create } from '@bufbuild/protobuf'
import * as api from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { appMethods } from '#proxy/service/apps.ts'
import type { Caller } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { callBy } from '#proxy/service/testing.ts'
import { collaboratorMethods } from './collaborators.ts'
import { addPerson } from './users.ts'

/** Four people, and the owner's app "demo". */
export const world = async (deps: Deps): Promise<Deps> => {
  for (const id of ['owner', 'ana', 'ben', 'stranger'])
    await addPerson(deps, { id, firstName: id.toUpperCase(), lastName: 'X', password: undefined })
  await postApps(deps, 'owner', 'demo')
  return deps
}

export const demo = { userId: 'owner', appId: 'demo' }
export const invalidRequest = { code: StatusCode.CONN_INVALID_REQUEST }
export const notThere = { code: StatusCode.CONN_DOES_NOT_EXIST }
export const tooFewScopes = { code: StatusCode.CONN_INSUFFICIENT_SCOPES }

export const postApps = (deps: Deps, userId: string, ...ids: string[]) =>
  appMethods.postApps(create(api.PostAppsRequestSchema, { apps: ids.map((id) => ({ id })) }), callBy(userId), deps)

export const invite = (deps: Deps, by: string, user: string, scopes: string[] = [], caller: Partial<Caller> = {}) =>
  collaboratorMethods.postCollaborators(
    create(api.PostCollaboratorsRequestSchema, { userAppId: demo, collaborators: [{ user: { id: user }, scopes }] }),
    callBy(by, caller),
    deps,
  )
