import type { Db } from './open.ts'

/** How many inputs of an app are in which state, by code; read from an index alone. */
export const countInputStates = async (db: Db, app: number): Promise<Map<number, number>> => {
  const rows = await db
    .selectFrom('input')
    .select((eb) => ['status_code', eb.fn.countAll<number>().as('count')])
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .groupBy('status_code')
    .execute()
  return new Map(rows.map((row) => [row.status_code, Number(row.count)]))
}
