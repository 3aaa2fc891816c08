import type { Insertable, Selectable } from 'kysely'
import { batches } from './batches.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

/** Models and workflows are kept alike: a thing with an id in its app, and versions of it. */
export type Thing = 'model' | 'workflow'

export type ThingRow = Selectable<Tables['model']>
export type VersionRow = Selectable<Tables['model_version']>
export type NewThing = Omit<Insertable<Tables['model']>, 'no' | 'deleted_at' | 'deleted_by'>
export type NewVersion = NewThing & { readonly parent: number }

const idsPerStatement = 1000

// both tables of a kind have the same columns, so one name stands for both in types
const table = (thing: Thing) => thing as 'model'
const versionTable = (thing: Thing) => `${thing}_version` as 'model_version'

/** The one of this id that is not deleted. */
export const thingById = (db: Db, thing: Thing, app: number, id: string): Promise<ThingRow | undefined> =>
  db
    .selectFrom(table(thing))
    .selectAll()
    .where('app', '=', app)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()

/** All of some apps, oldest first. */
export const thingsOf = async (db: Db, thing: Thing, apps: readonly number[]): Promise<ThingRow[]> => {
  const found: ThingRow[] = []
  for (const batch of batches(apps, idsPerStatement))
    found.push(
      ...(await db
        .selectFrom(table(thing))
        .selectAll()
        .where('app', 'in', batch)
        .where('deleted_at', 'is', null)
        .orderBy('created_at')
        .orderBy('no')
        .execute()),
    )
  return found
}

export const thingByNo = (db: Db, thing: Thing, no: number): Promise<ThingRow | undefined> =>
  db.selectFrom(table(thing)).selectAll().where('no', '=', no).executeTakeFirst()

/** @returns its number */
export const addThing = async (tx: Db, thing: Thing, row: NewThing): Promise<number> => {
  const { no } = await tx.insertInto(table(thing)).values(row).returning('no').executeTakeFirstOrThrow()
  return Number(no)
}

export interface Changed {
  readonly message: Uint8Array
  readonly rev: number
  readonly modified_at: number
}

export const changeThing = async (tx: Db, thing: Thing, no: number, changed: Changed): Promise<void> => {
  await tx.updateTable(table(thing)).set(changed).where('no', '=', no).execute()
}

export interface Removed {
  readonly rev: number
  readonly deleted_at: number
  readonly deleted_by: string
}

/** Softly. Its versions are not looked for by their parent alone, so they go with it. */
export const removeThing = async (tx: Db, thing: Thing, no: number, removed: Removed): Promise<void> => {
  await tx.updateTable(table(thing)).set(removed).where('no', '=', no).execute()
  const { deleted_at, deleted_by } = removed
  await tx
    .updateTable(versionTable(thing))
    .set({ deleted_at, deleted_by })
    .where('parent', '=', no)
    .where('deleted_at', 'is', null)
    .execute()
}

/** The version of this id, a deleted one too: ids of versions are never given again. */
export const versionById = (db: Db, thing: Thing, app: number, id: string): Promise<VersionRow | undefined> =>
  db.selectFrom(versionTable(thing)).selectAll().where('app', '=', app).where('id', '=', id).executeTakeFirst()

export const versionByNo = (db: Db, thing: Thing, no: number): Promise<VersionRow | undefined> =>
  db.selectFrom(versionTable(thing)).selectAll().where('no', '=', no).executeTakeFirst()

/** Of each of these the newest version that is not deleted, and how many there are, by the parent's number. */
export const newestVersions = async (
  db: Db,
  thing: Thing,
  parents: readonly number[],
): Promise<Map<number, { readonly newest: VersionRow; readonly count: number }>> => {
  const found = new Map<number, { newest: VersionRow; count: number }>()
  for (const batch of batches(parents, idsPerStatement)) {
    const newest = db
      .selectFrom(versionTable(thing))
      .select((eb) => [eb.fn.max('no').as('last'), eb.fn.countAll<number>().as('count')])
      .where('parent', 'in', batch)
      .where('deleted_at', 'is', null)
      .groupBy('parent')
    const rows = await db
      .selectFrom(versionTable(thing))
      .innerJoin(newest.as('newest'), 'newest.last', `${versionTable(thing)}.no`)
      .selectAll(versionTable(thing))
      .select('newest.count')
      .execute()
    for (const { count, ...row } of rows) found.set(Number(row.parent), { newest: row, count: Number(count) })
  }
  return found
}

/** A page of the versions of one that are not deleted. */
export const listVersions = (
  db: Db,
  thing: Thing,
  parent: number,
  page: { limit: number; offset: number },
  direction: 'asc' | 'desc',
): Promise<VersionRow[]> =>
  db
    .selectFrom(versionTable(thing))
    .selectAll()
    .where('parent', '=', parent)
    .where('deleted_at', 'is', null)
    .orderBy('created_at', direction)
    .limit(page.limit)
    .offset(page.offset)
    .execute()

export const addVersion = async (tx: Db, thing: Thing, row: NewVersion): Promise<void> => {
  await tx.insertInto(versionTable(thing)).values(row).execute()
}

export const changeVersion = async (tx: Db, thing: Thing, no: number, changed: Changed): Promise<void> => {
  await tx.updateTable(versionTable(thing)).set(changed).where('no', '=', no).execute()
}

export const removeVersion = async (tx: Db, thing: Thing, no: number, removed: Removed): Promise<void> => {
  await tx.updateTable(versionTable(thing)).set(removed).where('no', '=', no).execute()
}

/** The versions of all of an app's that are not deleted: what may have to be marked when a model goes. */
export const versionsOfApp = (db: Db, thing: Thing, app: number): Promise<VersionRow[]> =>
  db.selectFrom(versionTable(thing)).selectAll().where('app', '=', app).where('deleted_at', 'is', null).execute()
