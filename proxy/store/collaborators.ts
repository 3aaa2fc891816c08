import type { Insertable, Selectable } from 'kysely'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type CollaboratorRow = Selectable<Tables['collaborator']>

export const addCollaborators = async (db: Db, rows: readonly Insertable<Tables['collaborator']>[]): Promise<void> => {
  await db
    .insertInto('collaborator')
    .values([...rows])
    .execute()
}

/** An app's collaborators, in the order they were invited. */
export const collaboratorsOf = (db: Db, app: number): Promise<CollaboratorRow[]> =>
  db
    .selectFrom('collaborator')
    .selectAll()
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute()

export const setCollaboratorScopes = async (db: Db, id: string, scopes: string, now: number): Promise<void> => {
  await db.updateTable('collaborator').set({ scopes, modified_at: now }).where('id', '=', id).execute()
}

export const removeCollaborators = async (db: Db, ids: readonly string[], now: number): Promise<void> => {
  await db.updateTable('collaborator').set({ deleted_at: now }).where('id', 'in', ids).execute()
}

/** Whether one of two people collaborates in an app of the other, or both in an app of a third. */
export const haveAppInCommon = async (db: Db, a: string, b: string): Promise<boolean> => {
  const appsOf = (userId: string) =>
    db
      .selectFrom('app')
      .select('app.no')
      .where('app.user_id', '=', userId)
      .where('app.deleted_at', 'is', null)
      .union(
        db
          .selectFrom('collaborator')
          .innerJoin('app', 'app.no', 'collaborator.app')
          .select('app.no')
          .where('collaborator.user_id', '=', userId)
          .where('collaborator.deleted_at', 'is', null)
          .where('app.deleted_at', 'is', null),
      )
  const common = await db
    .selectFrom(appsOf(a).as('mine'))
    .select('no')
    .where('no', 'in', (eb) => eb.selectFrom(appsOf(b).as('theirs')).select('no'))
    .limit(1)
    .executeTakeFirst()
  return common !== undefined
}
