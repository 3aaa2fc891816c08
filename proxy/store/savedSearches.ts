import type { Selectable } from 'kysely'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type SavedSearchRow = Selectable<Tables['saved_search']>
export type AnnotationFilterRow = Selectable<Tables['annotation_filter']>

type SavedTable = 'saved_search' | 'annotation_filter'

/** Of these ids those that are taken. */
export const takenIds = async (
  db: Db,
  table: SavedTable,
  app: number,
  ids: readonly string[],
): Promise<Set<string>> => {
  if (ids.length === 0) return new Set()
  const rows = await db.selectFrom(table).select('id').where('app', '=', app).where('id', 'in', ids).execute()
  return new Set(rows.map((row) => row.id))
}

export const addSavedSearch = async (db: Db, row: SavedSearchRow): Promise<void> => {
  await db.insertInto('saved_search').values(row).execute()
}

export const changeSavedSearch = async (db: Db, row: SavedSearchRow): Promise<void> => {
  const { app, id, message, modified_at } = row
  await db
    .updateTable('saved_search')
    .set({ message, modified_at })
    .where('app', '=', app)
    .where('id', '=', id)
    .execute()
}

export const savedSearchById = (db: Db, app: number, id: string): Promise<SavedSearchRow | undefined> =>
  db.selectFrom('saved_search').selectAll().where('app', '=', app).where('id', '=', id).executeTakeFirst()

/** Oldest first. */
export const listSavedSearches = (
  db: Db,
  app: number,
  page: { limit: number; offset: number },
): Promise<SavedSearchRow[]> =>
  db
    .selectFrom('saved_search')
    .selectAll()
    .where('app', '=', app)
    .orderBy('created_at')
    .limit(page.limit)
    .offset(page.offset)
    .execute()

/** @returns whether there was one */
export const removeSavedSearch = async (db: Db, app: number, id: string): Promise<boolean> => {
  const gone = await db.deleteFrom('saved_search').where('app', '=', app).where('id', '=', id).executeTakeFirst()
  return Number(gone.numDeletedRows) > 0
}

export const putAnnotationFilters = async (db: Db, rows: readonly AnnotationFilterRow[]): Promise<void> => {
  for (const row of rows)
    await db
      .insertInto('annotation_filter')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['app', 'id']).doUpdateSet({ message: row.message, modified_at: row.modified_at }),
      )
      .execute()
}

export const annotationFiltersById = (db: Db, app: number, ids: readonly string[]): Promise<AnnotationFilterRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db.selectFrom('annotation_filter').selectAll().where('app', '=', app).where('id', 'in', ids).execute()

/** Oldest first. */
export const listAnnotationFilters = (
  db: Db,
  app: number,
  page: { limit: number; offset: number },
): Promise<AnnotationFilterRow[]> =>
  db
    .selectFrom('annotation_filter')
    .selectAll()
    .where('app', '=', app)
    .orderBy('created_at')
    .limit(page.limit)
    .offset(page.offset)
    .execute()

export const removeAnnotationFilters = async (db: Db, app: number, ids: readonly string[]): Promise<void> => {
  await db.deleteFrom('annotation_filter').where('app', '=', app).where('id', 'in', ids).execute()
}
