import type { Insertable, Selectable } from 'kysely'
import { sql } from 'kysely'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type ConceptRow = Selectable<Tables['concept']>

/** Concepts with these ids, deleted ones too. */
export const conceptsById = (db: Db, app: number, ids: readonly string[]): Promise<ConceptRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db.selectFrom('concept').selectAll().where('app', '=', app).where('id', 'in', ids).execute()

/** Those that were deleted. */
export const deletedConcepts = (db: Db, app: number): Promise<ConceptRow[]> =>
  db.selectFrom('concept').selectAll().where('app', '=', app).where('deleted_at', 'is not', null).execute()

/** Writes whole rows, in the place of those with the same id. */
export const putConcepts = async (db: Db, rows: readonly Insertable<Tables['concept']>[]): Promise<void> => {
  await db
    .insertInto('concept')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.columns(['app', 'id']).doUpdateSet((eb) => ({
        name: eb.ref('excluded.name'),
        message: eb.ref('excluded.message'),
        rev: eb.ref('excluded.rev'),
        created_at: eb.ref('excluded.created_at'),
        modified_at: eb.ref('excluded.modified_at'),
        deleted_at: eb.ref('excluded.deleted_at'),
        deleted_by: eb.ref('excluded.deleted_by'),
      })),
    )
    .execute()
}

/** A page of an app's concepts, oldest first; `part` restricts to ids or names that contain it, in any case. */
export const listConcepts = (
  db: Db,
  app: number,
  part: string,
  page: { limit: number; offset: number },
): Promise<ConceptRow[]> => {
  let query = db.selectFrom('concept').selectAll().where('app', '=', app).where('deleted_at', 'is', null)
  if (part !== '') {
    const pattern = `%${part.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
    query = query.where(
      sql<boolean>`(lower(id) like ${pattern} escape '\\' or lower(name) like ${pattern} escape '\\')`,
    )
  }
  return query.orderBy('created_at').orderBy('id').limit(page.limit).offset(page.offset).execute()
}

/** Ids of the concepts that have one of these names, by name; names are compared exactly. */
export const conceptsNamed = async (
  db: Db,
  app: number,
  names: readonly string[],
): Promise<Map<string, readonly string[]>> => {
  if (names.length === 0) return new Map()
  const rows = await db
    .selectFrom('concept')
    .select(['id', 'name'])
    .where('app', '=', app)
    .where('name', 'in', [...new Set(names)])
    .where('deleted_at', 'is', null)
    .execute()
  const byName = Map.groupBy(rows, (row) => row.name)
  return new Map([...byName].map(([name, same]) => [name, same.map((row) => row.id)]))
}
