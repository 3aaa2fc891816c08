import { clone, create, fromBinary } from '@bufbuild/protobuf'
import {
  type Workflow,
  WorkflowSchema,
  type WorkflowVersion,
  WorkflowVersionSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { checkName } from '#proxy/service/names.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { newestVersions, type ThingRow, thingById, type VersionRow, versionById } from '#proxy/store/models.ts'
import type { Db } from '#proxy/store/open.ts'

const textBytes = 64 * 1024 // RP:Workflow.notes

/** What the server says of a workflow, and the nodes, which belong to its versions. */
const facts = [
  'createdAt',
  'modifiedAt',
  'appId',
  'userId',
  'nodes',
  'version',
  'isStarred',
  'starCount',
  'bookmarkOrigin',
] as const

/** A posted workflow in the form it is stored in, without nodes. @throws ApiError WORKFLOW_INVALID_ARGUMENT */
export const workflowToStore = (asked: Workflow, path: string, deps: Deps): Workflow => {
  const workflow = clone(WorkflowSchema, asked)
  const empty = create(WorkflowSchema)
  for (const field of facts) Object.assign(workflow, { [field]: empty[field] })
  workflow.id ||= deps.newId()
  checkWorkflow(workflow, path)
  return workflow
}

export const checkWorkflow = ({ id, description, notes, metadata }: Workflow, path: string): void => {
  checkName(`${path}.id`, id, StatusCode.WORKFLOW_INVALID_ARGUMENT)
  for (const [field, text] of Object.entries({ description, notes, metadata: JSON.stringify(metadata ?? {}) }))
    if (Buffer.byteLength(text) > textBytes)
      throw new ApiError(StatusCode.WORKFLOW_INVALID_ARGUMENT, `${path}.${field}: longer than ${textBytes} bytes`)
}

type Place = Pick<AppInUse, 'id' | 'user_id'>

export const workflowVersionMessage = (row: VersionRow, workflowId: string, app: Place): WorkflowVersion =>
  Object.assign(fromBinary(WorkflowVersionSchema, row.message), {
    id: row.id,
    workflowId,
    appId: app.id,
    userId: app.user_id,
    createdAt: timestampOf(Number(row.created_at)),
    modifiedAt: timestampOf(Number(row.modified_at)),
  })

/** A workflow as it goes out, with the nodes of one of its versions. */
export const workflowMessage = (row: ThingRow, app: Place, versionRow: VersionRow | undefined): Workflow => {
  const version = versionRow && workflowVersionMessage(versionRow, row.id, app)
  return Object.assign(fromBinary(WorkflowSchema, row.message), {
    appId: app.id,
    userId: app.user_id,
    createdAt: timestampOf(Number(row.created_at)),
    modifiedAt: timestampOf(Number(row.modified_at)),
    nodes: version?.nodes ?? [],
    ...(version && { version }),
  })
}

/** @throws ApiError WORKFLOW_DOES_NOT_EXIST; `field` is its name in the request */
export const workflowRow = async (
  db: Db,
  app: Pick<AppInUse, 'no'>,
  id: string,
  field = 'workflow_id',
): Promise<ThingRow> => {
  const row = await thingById(db, 'workflow', app.no, id)
  if (!row) throw new ApiError(StatusCode.WORKFLOW_DOES_NOT_EXIST, `${field}: the app has no workflow "${id}"`)
  return row
}

/** The version that is named, else the newest. @throws ApiError WORKFLOW_DOES_NOT_EXIST */
export const workflowVersionRow = async (
  db: Db,
  workflow: ThingRow,
  id: string,
  field = 'version_id',
): Promise<VersionRow> => {
  const row = id
    ? await versionById(db, 'workflow', workflow.app, id)
    : (await newestVersions(db, 'workflow', [workflow.no])).get(workflow.no)?.newest
  if (row?.deleted_at !== null || row.parent !== workflow.no)
    throw new ApiError(StatusCode.WORKFLOW_DOES_NOT_EXIST, `${field}: workflow "${workflow.id}" has no version "${id}"`)
  return row
}

/** Workflows as they go out, with the nodes of their newest versions. */
export const readableWorkflows = async (db: Db, rows: readonly ThingRow[], apps: readonly AppInUse[]) => {
  const byNo = new Map(apps.map((app) => [app.no, app]))
  const versions = await newestVersions(
    db,
    'workflow',
    rows.map(({ no }) => no),
  )
  return rows.map((row): Workflow => workflowMessage(row, byNo.get(row.app)!, versions.get(row.no)?.newest))
}
