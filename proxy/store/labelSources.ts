import { sql } from 'kysely'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { batches } from './batches.ts'
import { isLabel } from './labelled.ts'
import type { Db } from './open.ts'

/** An input that has finished labels of a task, or of none. */
export interface LabelSourceRow {
  readonly input_id: string
  /** empty: outside of tasks */
  readonly task_id: string
  /** Something is drawn or said there, not only that there is nothing. */
  readonly has_labels: boolean
}

/** Keeps a statement's parameters and its answer small. */
const idsPerStatement = 500

/**
 * Which inputs have finished labels of people, of which tasks, as exports hold them (service/datasets): without known
 * answers, and deleted inputs.
 * @param inputIds of these inputs only
 */
export const labelSources = async (
  db: Db,
  app: number,
  inputIds: readonly string[] | undefined,
): Promise<LabelSourceRow[]> => {
  const rows = db
    .selectFrom('annotation')
    .innerJoin('input', (join) =>
      join.onRef('input.app', '=', 'annotation.app').onRef('input.id', '=', 'annotation.input_id'),
    )
    .select([
      'annotation.input_id',
      sql<string>`coalesce(annotation.task_id, '')`.as('task_id'),
      sql<number>`max(case when annotation.region_kind is not null or annotation.concept_count > 0 then 1 else 0 end)`.as(
        'has_labels',
      ),
    ])
    .where('annotation.app', '=', app)
    .where('annotation.status_code', '=', StatusCode.ANNOTATION_SUCCESS)
    .where('annotation.deleted_at', 'is', null)
    .where('input.deleted_at', 'is', null)
    .where(isLabel)
    .where(
      sql<boolean>`(annotation.task_id is not null or not exists (select 1 from known_answer
        where known_answer.app = annotation.app and known_answer.input_id = annotation.input_id
          and known_answer.kept_by = annotation.user_id))`,
    )
    .groupBy(['annotation.input_id', sql`coalesce(annotation.task_id, '')`])
  const found = []
  if (!inputIds) found.push(...(await rows.execute()))
  else
    for (const batch of batches(inputIds, idsPerStatement))
      found.push(...(await rows.where('annotation.input_id', 'in', batch).execute()))
  return found.map((row) => ({ ...row, has_labels: Number(row.has_labels) === 1 }))
}
