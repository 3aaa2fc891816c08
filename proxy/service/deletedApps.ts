import { create, fromBinary } from '@bufbuild/protobuf'
import {
  DeletedAppSchema,
  ListDeletedAppsResponseSchema,
  type Office,
  RestoreAppResponseSchema,
} from '#gen/marquee/v1/office_pb.ts'
import { AppSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { appsDeletedSince, returnApp } from '#proxy/store/appRows.ts'
import { ApiError } from './apiError.ts'
import type { Call } from './call.ts'
import type { Deps } from './deps.ts'
import type { MethodImpl, OfficeMethods } from './method.ts'
import { signedIn } from './people/access.ts'
import { missingScopes } from './people/scopes.ts'
import { keptMicros } from './studio/studioRestore.ts'
import { timestampOf } from './time.ts'

type Method = typeof Office.method

/** Whoever may delete their apps may have them back. @throws ApiError CONN_INSUFFICIENT_SCOPES, CONN_KEY_INVALID */
const ownerOf = (call: Call): string => {
  const { userId, app, scopes } = signedIn(call)
  if (app) throw new ApiError(StatusCode.CONN_KEY_INVALID, 'the key belongs to one app')
  const missing = missingScopes(scopes, ['Apps_Delete'])
  if (missing.length > 0)
    throw new ApiError(StatusCode.CONN_INSUFFICIENT_SCOPES, `missing scopes: ${missing.join(', ')}`)
  return userId
}

const deletedBy = (call: Call, { store, now }: Deps) => appsDeletedSince(store.read, ownerOf(call), now() - keptMicros)

const listDeletedApps: MethodImpl<Method['listDeletedApps']> = async (_, call, deps) => {
  const rows = await deletedBy(call, deps)
  const apps = rows.map((row) =>
    create(DeletedAppSchema, {
      key: String(row.no),
      appId: row.id,
      name: fromBinary(AppSchema, row.message).name,
      at: timestampOf(Number(row.deleted_at)),
      inputs: Number(row.inputs),
    }),
  )
  return create(ListDeletedAppsResponseSchema, { apps })
}

/** @throws ApiError CONN_DOES_NOT_EXIST; DATABASE_DUPLICATE_KEY while another app of the owner has its id */
const restoreApp: MethodImpl<Method['restoreApp']> = async (request, call, deps) => {
  const row = (await deletedBy(call, deps)).find(({ no }) => String(no) === request.key)
  if (!row)
    throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, 'key: no app of yours that was deleted in the last 30 days')
  if (!(await returnApp(deps.store.write, row.no)))
    throw new ApiError(
      StatusCode.DATABASE_DUPLICATE_KEY,
      `key: you have another app "${row.id}" meanwhile: delete that one first`,
    )
  return create(RestoreAppResponseSchema, { appId: row.id })
}

/** The way back for deleted apps. */
export const deletedAppMethods = { listDeletedApps, restoreApp } satisfies OfficeMethods
