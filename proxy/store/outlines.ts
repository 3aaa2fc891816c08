import { type RawBuilder, sql } from 'kysely'
import type { Db } from './open.ts'

/** What an annotation with regions is drawn from. */
export interface DrawnRow {
  readonly input_id: string
  readonly message: Uint8Array
}

/**
 * The oldest `most` annotations with regions by people of each of these inputs. First their times, which the index
 * holds, then the rows of these: an input with thousands of regions costs no more messages than `most`.
 */
export const drawnAnnotations = async (
  db: Db,
  app: number,
  inputIds: readonly string[],
  most: number,
  visible: RawBuilder<boolean> | undefined,
): Promise<DrawnRow[]> => {
  if (inputIds.length === 0) return []
  const numbered = sql<{ created_at: number }>`select created_at from (
      select annotation.created_at, row_number() over (
        partition by annotation.input_id order by annotation.created_at) as place
      from annotation where annotation.app = ${app} and annotation.input_id in (${sql.join(inputIds)})
        and annotation.deleted_at is null and annotation.trusted = 1 and annotation.region_kind is not null
        ${visible ? sql`and ${visible}` : sql``}) numbered
    where place <= ${most}`
  const { rows } = await numbered.execute(db)
  if (rows.length === 0) return []
  return db
    .selectFrom('annotation')
    .select(['input_id', 'message'])
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .where(
      'created_at',
      'in',
      rows.map((row) => row.created_at),
    )
    .orderBy('created_at')
    .execute()
}
