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

/** @param left JSON, as the column has it */
export const removeCollaborator = async (
  db: Db,
  id: string,
  { by, now, left }: { readonly by: string; readonly now: number; readonly left: string },
): Promise<void> => {
  await db
    .updateTable('collaborator')
    .set({ deleted_at: now, deleted_by: by, left_tasks: left })
    .where('id', '=', id)
    .execute()
}

/** They are in the app again, as they were. */
export const restoreCollaborator = async (db: Db, id: string, now: number): Promise<void> => {
  const values = { deleted_at: null, deleted_by: null, left_tasks: null, modified_at: now }
  await db.updateTable('collaborator').set(values).where('id', '=', id).execute()
}

/** What else going took from them: a task that came back after they had gone. @param left JSON, as the column has it */
export const setLeftTasks = async (db: Db, id: string, left: string): Promise<void> => {
  await db.updateTable('collaborator').set({ left_tasks: left }).where('id', '=', id).execute()
}

/** Those who were in an app and are not now, each as they were at last, the last who went first. */
export const formerCollaborators = async (db: Db, app: number): Promise<CollaboratorRow[]> => {
  const rows = await db
    .selectFrom('collaborator')
    .selectAll()
    .where('app', '=', app)
    .where('deleted_at', 'is not', null)
    .where('user_id', 'not in', (eb) =>
      eb.selectFrom('collaborator').select('user_id').where('app', '=', app).where('deleted_at', 'is', null),
    )
    .orderBy('deleted_at', 'desc')
    .execute()
  return [...Map.groupBy(rows, (row) => row.user_id).values()].map(([last]) => last!)
}

/** The apps that somebody was in and is not now, that are still there, the last that they left first. @param since µs */
export const appsLeft = (db: Db, userId: string, since: number) =>
  db
    .selectFrom('collaborator as c')
    .innerJoin('app', 'app.no', 'c.app')
    .select(['app.user_id as owner', 'app.id', 'app.message', 'c.deleted_at', 'c.deleted_by'])
    .where('c.user_id', '=', userId)
    .where('c.deleted_at', '>=', since)
    .where('app.deleted_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('collaborator as later')
            .select('later.id')
            .whereRef('later.app', '=', 'c.app')
            .where('later.user_id', '=', userId)
            .where((eb) =>
              eb.or([eb('later.deleted_at', 'is', null), eb('later.deleted_at', '>', eb.ref('c.deleted_at'))]),
            ),
        ),
      ),
    )
    .orderBy('c.deleted_at', 'desc')
    .execute()

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
