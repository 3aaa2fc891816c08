import { sql } from 'kysely'
import type { AppRow } from './access.ts'
import type { AnnotationKey } from './annotations.ts'
import type { Db } from './open.ts'

/** An app that is not deleted. */
export const appByNo = (db: Db, no: number): Promise<AppRow | undefined> =>
  db.selectFrom('app').selectAll().where('no', '=', no).where('deleted_at', 'is', null).executeTakeFirst()

/** What a model version said of an input. */
export const annotationsOfModel = (
  db: Db,
  app: number,
  inputId: string,
  modelVersionId: string,
): Promise<AnnotationKey[]> =>
  db
    .selectFrom('annotation')
    .select(['input_id', 'id'])
    .where('app', '=', app)
    .where('input_id', '=', inputId)
    .where(sql`model_version_id || ''`, '=', modelVersionId) // found by the input, not by the model, which has more
    .where('deleted_at', 'is', null)
    .execute()
