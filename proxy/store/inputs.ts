import { type Insertable, type Selectable, sql } from 'kysely'
import { batches } from './batches.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type InputRow = Selectable<Tables['input']>
export type NewInputRow = Insertable<Tables['input']>

const idsPerStatement = 1000

export const insertInputs = async (tx: Db, rows: readonly NewInputRow[]): Promise<void> => {
  for (const batch of batches(rows, 500)) await tx.insertInto('input').values(batch).execute()
}

/** The rows with these ids, deleted ones too, in no order. */
export const inputsById = async (db: Db, app: number, ids: readonly string[]): Promise<InputRow[]> => {
  const found: InputRow[] = []
  for (const batch of batches([...new Set(ids)], idsPerStatement))
    found.push(...(await db.selectFrom('input').selectAll().where('app', '=', app).where('id', 'in', batch).execute()))
  return found
}

export const inputById = async (db: Db, app: number, id: string): Promise<InputRow | undefined> => {
  const [row] = await inputsById(db, app, [id])
  return row?.deleted_at === null ? row : undefined
}

/** Of these addresses those that an input of the app was downloaded from. */
export const knownSources = async (db: Db, app: number, urls: readonly string[]): Promise<Set<string>> => {
  const known = new Set<string>()
  for (const batch of batches(urls, idsPerStatement)) {
    const rows = await db
      .selectFrom('input')
      .select('source_url')
      .where('app', '=', app)
      .where('deleted_at', 'is', null)
      .where('source_url', 'in', batch)
      .execute()
    for (const row of rows) known.add(row.source_url!)
  }
  return known
}

export interface InputFilter {
  readonly ids?: readonly string[]
  readonly statusCode?: number | undefined
}

/** A page of the inputs that are not deleted, oldest first. */
export const listInputs = (
  db: Db,
  app: number,
  { ids, statusCode }: InputFilter,
  page: { limit: number; offset: number },
): Promise<InputRow[]> => {
  let query = db.selectFrom('input').selectAll().where('app', '=', app).where('deleted_at', 'is', null)
  if (ids?.length) query = query.where('id', 'in', ids)
  if (statusCode) query = query.where('status_code', '=', statusCode)
  return query.orderBy('created_at').limit(page.limit).offset(page.offset).execute()
}

/** Where a walk over all inputs has got to. */
export interface InputWalk {
  readonly by: 'created_at' | 'id'
  /** The last one's; undefined at the start. */
  readonly after: string | number | undefined
  readonly descending: boolean
}

/** The next inputs of a walk that are not deleted; what is added or deleted on the way shifts nothing. */
export const inputsAfter = (
  db: Db,
  app: number,
  { by, after, descending }: InputWalk,
  limit: number,
): Promise<InputRow[]> => {
  let query = db.selectFrom('input').selectAll().where('app', '=', app).where('deleted_at', 'is', null)
  if (after !== undefined) query = query.where(by, descending ? '<' : '>', after as never)
  return query
    .orderBy(by, descending ? 'desc' : 'asc')
    .limit(limit)
    .execute()
}

/** The input-level annotations of these inputs, deleted ones too. */
export const inputLevelAnnotations = async (db: Db, app: number, inputIds: readonly string[]) => {
  const found: Selectable<Tables['annotation']>[] = []
  for (const batch of batches(inputIds, idsPerStatement))
    found.push(
      ...(await db
        .selectFrom('annotation')
        .selectAll()
        .where('app', '=', app)
        .where('input_id', 'in', batch)
        .where(sql<boolean>`input_level = 1`) // as the index has it, or it is not used
        .execute()),
    )
  return found
}

/** Softly; its annotations are the caller's to delete with the same `deletedAt` (µs). */
export const markInputDeleted = async (
  tx: Db,
  app: number,
  id: string,
  { rev, deletedAt, by }: { readonly rev: number; readonly deletedAt: number; readonly by: string },
): Promise<void> => {
  await tx
    .updateTable('input')
    .set({ rev, deleted_at: deletedAt, deleted_by: by })
    .where('app', '=', app)
    .where('id', '=', id)
    .execute()
}

export const renameInput = async (
  tx: Db,
  app: number,
  id: string,
  filename: string,
  searchText: string,
): Promise<void> => {
  await tx
    .updateTable('input')
    .set({ filename, search_text: searchText })
    .where('app', '=', app)
    .where('id', '=', id)
    .execute()
}
