import { fromBinary } from '@bufbuild/protobuf'
import { AppSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { queueJobs } from '#proxy/store/jobs.ts'
import { newestVersions, type ThingRow, thingById, type VersionRow, versionById } from '#proxy/store/models.ts'
import type { Db } from '#proxy/store/open.ts'
import { appByNo } from '#proxy/store/workflows.ts'

/**
 * The workflow that runs on new inputs of an app, in the version the app names or else the newest; undefined when there
 * is none, or one of Clarifai's that this server does not have.
 */
export const defaultWorkflowOf = async (
  db: Db,
  app: number,
): Promise<{ readonly workflow: ThingRow; readonly version: VersionRow } | undefined> => {
  const row = await appByNo(db, app)
  if (!row) return undefined
  const { id, user_id } = row
  const { defaultWorkflow, defaultWorkflowId } = fromBinary(AppSchema, row.message)
  const isOurs = (defaultWorkflow?.appId || id) === id && (defaultWorkflow?.userId || user_id) === user_id
  const workflow = isOurs && (await thingById(db, 'workflow', app, defaultWorkflow?.id || defaultWorkflowId))
  if (!workflow) return undefined
  const named = defaultWorkflow?.version?.id
  const version = named
    ? await versionById(db, 'workflow', app, named)
    : (await newestVersions(db, 'workflow', [workflow.no])).get(workflow.no)?.newest
  return version?.deleted_at === null ? { workflow, version } : undefined
}

/** Queues the app's default workflow for inputs, in the transaction that adds them (decisions §14). */
export const queueDefaultWorkflow = async (
  tx: Db,
  app: number,
  inputIds: readonly string[],
  now: number,
): Promise<void> => {
  if (inputIds.length === 0) return
  const found = await defaultWorkflowOf(tx, app)
  if (found) await queueJobs(tx, { app, workflowVersion: found.version.no, inputIds, now })
}
