import type { Selectable } from 'kysely'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type AppRow = Selectable<Tables['app']>

/** An app as one person meets it: `invitation` is null when the person is no collaborator of it. */
export type AppForPerson = AppRow & { readonly invitation: string | null }

/** The app `id` of `owner`, with the scopes (JSON) of `userId`'s invitation to it. */
export const appForPerson = (db: Db, owner: string, id: string, userId: string): Promise<AppForPerson | undefined> =>
  db
    .selectFrom('app')
    .leftJoin('collaborator', (join) =>
      join
        .onRef('collaborator.app', '=', 'app.no')
        .on('collaborator.user_id', '=', userId)
        .on('collaborator.deleted_at', 'is', null),
    )
    .selectAll('app')
    .select('collaborator.scopes as invitation')
    .where('app.user_id', '=', owner)
    .where('app.id', '=', id)
    .where('app.deleted_at', 'is', null)
    .executeTakeFirst()
