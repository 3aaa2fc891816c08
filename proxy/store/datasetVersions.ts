import { type Insertable, type Selectable, sql } from 'kysely'
import { batches } from './batches.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type VersionRow = Selectable<Tables['dataset_version']>
export type ExportRow = Selectable<Tables['dataset_export']>

/** The versions of a dataset that are not deleted, oldest first: all of them, or a page. */
export const versionsOf = (
  db: Db,
  dataset: number,
  page?: { readonly limit: number; readonly offset: number },
): Promise<VersionRow[]> => {
  const query = db
    .selectFrom('dataset_version')
    .selectAll()
    .where('dataset', '=', dataset)
    .where('deleted_at', 'is', null)
    .orderBy('created_at')
  return (page ? query.limit(page.limit).offset(page.offset) : query).execute()
}

/** The versions of a dataset with these ids that are not deleted, in no order. */
export const versionsById = async (db: Db, dataset: number, ids: readonly string[]): Promise<VersionRow[]> => {
  const found: VersionRow[] = []
  for (const batch of batches([...new Set(ids)], 1000))
    found.push(
      ...(await db
        .selectFrom('dataset_version')
        .selectAll()
        .where('dataset', '=', dataset)
        .where('id', 'in', batch)
        .where('deleted_at', 'is', null)
        .execute()),
    )
  return found
}

/** A version by its number, unless it was deleted. */
export const versionByNo = (db: Db, no: number): Promise<VersionRow | undefined> =>
  db.selectFrom('dataset_version').selectAll().where('no', '=', no).where('deleted_at', 'is', null).executeTakeFirst()

/** A new version of what is in its dataset now. @returns its number */
export const insertVersion = async (tx: Db, row: Insertable<Tables['dataset_version']>): Promise<number> => {
  const { no } = await tx.insertInto('dataset_version').values(row).returning('no').executeTakeFirstOrThrow()
  await tx
    .insertInto('dataset_version_input')
    .columns(['version', 'place', 'input_id'])
    .expression((eb) =>
      eb
        .selectFrom('dataset_input')
        .innerJoin('input', (join) =>
          join.onRef('input.app', '=', 'dataset_input.app').onRef('input.id', '=', 'dataset_input.input_id'),
        )
        .select([
          sql<number>`cast(${Number(no)} as bigint)`.as('version'),
          sql<number>`row_number() over (order by dataset_input.added_at, dataset_input.input_id)`.as('place'),
          'dataset_input.input_id',
        ])
        .where('dataset_input.dataset', '=', row.dataset)
        .where('input.deleted_at', 'is', null),
    )
    .execute()
  return Number(no)
}

/** Up to `count` inputs of a version from behind a place (they begin with 1), in their order. */
export const versionInputs = (
  db: Db,
  version: number,
  after: number,
  count: number,
): Promise<{ place: number; input_id: string }[]> =>
  db
    .selectFrom('dataset_version_input')
    .select(['place', 'input_id'])
    .where('version', '=', version)
    .where('place', '>', after)
    .orderBy('place')
    .limit(count)
    .execute()

/** Changes a version unless it was deleted. @returns whether it is still there */
export const updateVersion = async (
  tx: Db,
  no: number,
  change: Partial<Omit<VersionRow, 'no' | 'app' | 'dataset' | 'id'>>,
): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable('dataset_version')
    .set(change)
    .where('no', '=', no)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0
}

/** Softly; the lists of their inputs are not kept. */
export const deleteVersions = async (
  tx: Db,
  nos: readonly number[],
  gone: Pick<VersionRow, 'rev' | 'deleted_at' | 'deleted_by'>,
): Promise<void> => {
  for (const no of nos) {
    await updateVersion(tx, no, gone)
    await tx.deleteFrom('dataset_version_input').where('version', '=', no).execute()
  }
}

export const exportsOf = async (db: Db, versions: readonly number[]): Promise<ExportRow[]> =>
  versions.length === 0
    ? []
    : db.selectFrom('dataset_export').selectAll().where('version', 'in', versions).orderBy('format').execute()

export const exportByNo = (db: Db, no: number): Promise<ExportRow | undefined> =>
  db.selectFrom('dataset_export').selectAll().where('no', '=', no).executeTakeFirst()

/** Adds an export, or begins one anew that is there. @returns its number */
export const putExport = async (tx: Db, row: Insertable<Tables['dataset_export']>): Promise<number> => {
  const { no } = await tx
    .insertInto('dataset_export')
    .values(row)
    .onConflict((conflict) => conflict.columns(['version', 'format']).doUpdateSet(row))
    .returning('no')
    .executeTakeFirstOrThrow()
  return Number(no)
}

export const updateExport = async (
  tx: Db,
  no: number,
  change: Partial<Omit<ExportRow, 'no' | 'version' | 'format'>>,
): Promise<void> => {
  await tx.updateTable('dataset_export').set(change).where('no', '=', no).execute()
}
