import { sql } from 'kysely'
import { batches } from './batches.ts'
import type { Db } from './open.ts'

const idsPerStatement = 500

/**
 * What makes an input labelled: something a person put there. A region, a concept of the whole image, or the mark
 * "looked at, nothing here". Orders and notes carry none of these.
 */
export const isLabel = sql<boolean>`annotation.deleted_at is null and annotation.trusted = 1
  and (annotation.region_kind is not null or annotation.concept_count > 0 or annotation.marks_empty = 1)`

/** Sets `input.labelled` anew for these inputs, in the transaction that changed their annotations. */
export const refreshLabelled = async (tx: Db, app: number, inputIds: readonly string[]): Promise<void> => {
  for (const ids of batches([...new Set(inputIds)], idsPerStatement))
    await tx
      .updateTable('input')
      .set({
        labelled: sql`case when exists (
          select 1 from annotation where annotation.app = input.app and annotation.input_id = input.id and ${isLabel}
        ) then 1 else 0 end`,
      })
      .where('app', '=', app)
      .where('id', 'in', ids)
      .execute()
}
