import { create, fromBinary } from '@bufbuild/protobuf'
import { AnnotationSchema, type Worker } from '#gen/proto/clarifai/api/resources_pb.ts'
import { MultiWorkerResponseSchema, type V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { findApp } from '#proxy/service/people/access.ts'
import { ok } from '#proxy/service/status.ts'
import { annotationsByWorkers, type WorkerColumn, workersBy } from '#proxy/store/annotationWorkers.ts'
import { personNames } from '#proxy/store/names.ts'
import type { Db } from '#proxy/store/open.ts'
import { userWorker } from './annotationWorker.ts'

interface Found {
  readonly column: WorkerColumn
  readonly id: string
}

/**
 * ListAnnotationWorkers: the users, then the models, then the workflows whose annotations the app has. Only users make
 * trusted ones. Names of people on request: `additional_fields` "names" or "all".
 */
const listAnnotationWorkers: MethodImpl<typeof V2.method.listAnnotationWorkers> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readWorkers')
  const withNames = wantsNames(request.additionalFields)
  const { limit, offset } = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const columns: WorkerColumn[] = request.trustedOnly
    ? ['user_id']
    : ['user_id', 'model_version_id', 'workflow_version_id']
  const found: Found[] = []
  for (const column of columns)
    found.push(...(await workersBy(deps.store.read, app.no, column)).map((id) => ({ column, id })))
  const workers = await workersOf(deps.store.read, app.no, found.slice(offset, offset + limit), withNames)
  return create(MultiWorkerResponseSchema, { status: ok(call), workers })
}

/** @throws ApiError CONN_INVALID_REQUEST for a field there is not */
const wantsNames = (fields: readonly string[]): boolean => {
  const unknown = fields.find((field) => field !== 'all' && field !== 'names')
  if (unknown !== undefined)
    throw new ApiError(
      StatusCode.CONN_INVALID_REQUEST,
      `additional_fields: ${JSON.stringify(unknown)}, must be all or names`,
    )
  return fields.length > 0
}

const workersOf = async (db: Db, app: number, page: readonly Found[], withNames: boolean): Promise<Worker[]> => {
  const idsOf = (column: WorkerColumn) => page.flatMap((found) => (found.column === column ? [found.id] : []))
  const names = withNames ? await personNames(db, idsOf('user_id')) : new Map()
  const users = idsOf('user_id').map((id) => {
    const worker = userWorker(id)
    Object.assign(worker.worker.value!, names.get(id))
    return worker
  })
  const models = await annotationsByWorkers(db, app, 'model_version_id', idsOf('model_version_id'))
  const workflows = await annotationsByWorkers(db, app, 'workflow_version_id', idsOf('workflow_version_id'))
  return [...users, ...[...models.values(), ...workflows.values()].flatMap(workerIn)]
}

/** What an annotation says of the model or workflow that made it. */
const workerIn = (message: Uint8Array): Worker[] => {
  const { worker } = fromBinary(AnnotationSchema, message)
  return worker ? [worker] : []
}

export const annotationWorkerMethods = { listAnnotationWorkers } satisfies V2Methods
