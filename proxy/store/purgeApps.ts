import { type RawBuilder, sql } from 'kysely'
import type { Db } from './open.ts'
import type { Purging } from './purge.ts'

// What is left of apps that were deleted long ago once their annotations are gone, and concepts that nobody uses.

/** Tables with their keys, so that what refers to a row goes before it; all of them say which app a row is of. */
const tables = {
  task_review: 'app, task_id, assignment_id, reviewer_id',
  task_assignment: 'app, task_id, id',
  task_input: 'app, task_id, input_id',
  task_member: 'app, task_id, role, member_id',
  work_event: 'no',
  work_time: 'app, task_id, item_id, user_id, visit_id',
  work_agreement: 'app, task_id, input_id, worker_a, worker_b',
  known_answer: 'app, task_id, input_id',
  task: 'app, id',
  dataset_input: 'dataset, input_id',
  dataset_version: 'no',
  dataset: 'no',
  job: 'no',
  model_version: 'no',
  model: 'no',
  workflow_version: 'no',
  workflow: 'no',
  saved_search: 'app, id',
  annotation_filter: 'app, id',
  inputs_add_job: 'app, id',
  bulk_operation: 'app, id',
  invitation: 'id',
  collaborator: 'id',
  api_key: 'id',
  concept: 'app, id',
  input: 'app, id',
  history: 'app, rev, kind, input_id, item_id',
} as const

/** What belongs to versions of data sets says so by their number. */
const ofVersions = { dataset_export: 'no', dataset_version_input: 'version, place' } as const

/**
 * Takes away rows of one app, the oldest that was deleted; the app itself last. To be called when none of its
 * annotations is left. @returns how many went; 0 = there is no such app
 */
export const purgeApps = async (tx: Db, { before, rows }: Purging): Promise<number> => {
  const old = tx.selectFrom('app').select('no').where('deleted_at', '<', before).orderBy('deleted_at').limit(1)
  const app = await old.executeTakeFirst()
  if (!app) return 0
  for (const [table, key] of Object.entries(ofVersions)) {
    const where = sql<boolean>`version in (select no from dataset_version where app = ${app.no})`
    const gone = await removeSome(tx, table, key, where, rows)
    if (gone > 0) return gone
  }
  for (const [table, key] of Object.entries(tables)) {
    const gone = await removeSome(tx, table, key, sql<boolean>`app = ${app.no}`, rows)
    if (gone > 0) return gone
  }
  await tx.deleteFrom('app').where('no', '=', app.no).execute()
  return 1
}

const removeSome = async (tx: Db, table: string, key: string, where: RawBuilder<boolean>, rows: number) => {
  const columns = sql.join(key.split(', ').map((column) => sql.ref(column)))
  const { numAffectedRows = 0n } = await sql`delete from ${sql.table(table)} where (${columns}) in
    (select ${columns} from ${sql.table(table)} where ${where} limit ${rows})`.execute(tx)
  return Number(numAffectedRows)
}

/** Deleted concepts that no annotation carries go: of others the name is still read. @returns how many; 0 = no more */
export const purgeConcepts = async (tx: Db, { before, rows }: Purging): Promise<number> => {
  const used = sql`exists (select 1 from input_term t where t.app = concept.app
    and t.term in ('+' || concept.id, '-' || concept.id) and t.count > 0)`
  return removeSome(tx, 'concept', 'app, id', sql<boolean>`deleted_at < ${before} and not ${used}`, rows)
}
