import { type RawBuilder, sql } from 'kysely'
import { type Apart, decided, groupOf, standing } from './apart.ts'
import { isLabel } from './labelled.ts'
import type { Db } from './open.ts'

/** What an annotation with regions is drawn from. */
export interface DrawnRow {
  readonly input_id: string
  readonly message: Uint8Array
}

/**
 * The oldest `most` annotations with regions by people of each of these inputs, of people who label apart those that
 * count. First their times, which the index holds, then the rows of these: an input with thousands of regions costs no
 * more messages than `most`.
 */
export const drawnAnnotations = async (
  db: Db,
  app: number,
  inputIds: readonly string[],
  most: number,
  { visible, apart }: { visible: RawBuilder<boolean> | undefined; apart: Apart | undefined },
): Promise<DrawnRow[]> => {
  if (inputIds.length === 0) return []
  const drawn = sql`from annotation where annotation.app = ${app} and annotation.input_id in (${sql.join(inputIds)})
    and ${isLabel} and annotation.region_kind is not null ${visible ? sql`and ${visible}` : sql``}`
  const times = apart ? await countedTimes(db, drawn, apart, most) : await oldestTimes(db, drawn, most)
  if (times.length === 0) return []
  return db
    .selectFrom('annotation')
    .select(['input_id', 'message'])
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .where('created_at', 'in', times)
    .orderBy('created_at')
    .execute()
}

const oldestTimes = async (db: Db, drawn: RawBuilder<unknown>, most: number): Promise<number[]> => {
  const { rows } = await sql<{ created_at: number }>`select created_at from (
      select annotation.created_at, row_number() over (
        partition by annotation.input_id order by annotation.created_at) as place ${drawn}) numbered
    where place <= ${most}`.execute(db)
  return rows.map((row) => row.created_at)
}

/** Where people label apart: the approved or, as long as there are none, what the one made who made most. */
const countedTimes = async (db: Db, drawn: RawBuilder<unknown>, apart: Apart, most: number): Promise<number[]> => {
  const { rows } = await sql<{
    created_at: number
    input_id: string
    user_id: string | null
    part: string
    decided: number
    standing: number
  }>`select annotation.created_at, annotation.input_id, annotation.user_id, ${groupOf(apart)} as part,
      case when ${decided} then 1 else 0 end as decided, case when ${standing} then 1 else 0 end as standing
      ${drawn} order by annotation.created_at`.execute(db)
  const ofInputs = Map.groupBy(rows, (row) => row.input_id)
  return [...ofInputs.values()].flatMap((labels) => {
    const parts = Map.groupBy(labels, ({ part }) => part)
    const counted = [...parts].flatMap(([part, all]) => {
      if (part === '') return all
      const chosen = all.filter((row) => Number(row.decided) === 1)
      if (chosen.length > 0) return chosen
      const people = Map.groupBy(
        all.filter((row) => Number(row.standing) === 1),
        (row) => row.user_id,
      )
      return [...people.values()].reduce((best, one) => (one.length > best.length ? one : best), [])
    })
    return counted
      .map(({ created_at }) => Number(created_at))
      .sort((a, b) => a - b)
      .slice(0, most)
  })
}
