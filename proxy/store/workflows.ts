import type { AppRow } from './access.ts'
import type { Db } from './open.ts'

/** An app that is not deleted. */
export const appByNo = (db: Db, no: number): Promise<AppRow | undefined> =>
  db.selectFrom('app').selectAll().where('no', '=', no).where('deleted_at', 'is', null).executeTakeFirst()
