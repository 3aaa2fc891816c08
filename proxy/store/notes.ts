import { type RawBuilder, sql } from 'kysely'
import type { Db } from './open.ts'
import type { NoteRow } from './orders.ts'

export interface RecentNote extends NoteRow {
  readonly id: string
}

/** Notes of an app since a moment (µs), on inputs that are there, newest first. @param visible what the reader may see */
export const notesSince = async (
  db: Db,
  app: number,
  since: number,
  limit: number,
  visible: RawBuilder<boolean> | undefined,
): Promise<RecentNote[]> =>
  db
    .selectFrom('annotation')
    .select(['id', 'input_id', 'user_id', 'message', 'created_at'])
    .where('app', '=', app)
    // as the index has it
    .where(sql<boolean>`is_note = 1 and deleted_at is null`)
    .where('created_at', '>=', since)
    .where(
      sql<boolean>`not exists (select 1 from input gone where gone.app = annotation.app and gone.id = annotation.input_id
        and gone.deleted_at is not null)`,
    )
    .$if(visible !== undefined, (query) => query.where(visible!))
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute()

/** What models found on these inputs. */
export const modelAnnotationsOn = async (
  db: Db,
  app: number,
  inputIds: readonly string[],
): Promise<{ input_id: string; message: Uint8Array }[]> =>
  inputIds.length === 0
    ? []
    : db
        .selectFrom('annotation')
        .select(['input_id', 'message'])
        .where('app', '=', app)
        .where('input_id', 'in', [...new Set(inputIds)])
        .where('model_version_id', 'is not', null)
        .where('deleted_at', 'is', null)
        .execute()
