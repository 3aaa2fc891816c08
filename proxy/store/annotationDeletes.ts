import { type SelectQueryBuilder, sql } from 'kysely'
import { type AnnotationKey, annotationsByKey } from './annotations.ts'
import { nextRevs, type Stamp } from './apps.ts'
import { batches } from './batches.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'
import { unindexDeleted } from './searchIndex.ts'

/** Which annotations go: those with these keys, or all of these inputs. */
export interface Doomed {
  readonly app: number
  readonly keys?: readonly AnnotationKey[]
  readonly inputIds?: readonly string[]
  /** The input-level ones too: only when the inputs themselves go. */
  readonly inputLevelToo?: boolean
}

/** Who does it and when (µs). */
export interface Doing {
  readonly by: string
  readonly now: number
  /**
   * The exact `deleted_at` to write instead of the stamp: annotations that go with their input carry the input's, which
   * is how restoring the input knows them.
   */
  readonly deletedAt?: number
}

const idsPerStatement = 500

/** Living annotations of some inputs. */
const ofInputs = (db: Db, app: number, inputIds: readonly string[], inputLevelToo: boolean) => {
  const query = db
    .selectFrom('annotation')
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .where('input_id', 'in', inputIds)
  return inputLevelToo ? query : query.where('input_level', '=', 0)
}

/** The same number of statements however many annotations an input has. */
const deleteOfInputs = async (tx: Db, app: number, inputIds: readonly string[], all: boolean, doing: Doing) => {
  const doomed = () => ofInputs(tx, app, inputIds, all)
  const { count } = await doomed()
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const stamps = await nextRevs(tx, app, Number(count), doing.now)
  if (stamps.length === 0) return 0
  await markDeleted(tx, app, doomed() as DoomedQuery, stamps, doing)
  return stamps.length
}

type DoomedQuery = SelectQueryBuilder<Tables, 'annotation', object>

/** Numbers the doomed rows from the first stamp on, in their order, then writes their last lines of history. */
const markDeleted = async (tx: Db, app: number, doomed: DoomedQuery, stamps: readonly Stamp[], doing: Doing) => {
  const { rev, at } = stamps[0]!
  const deletedAt = doing.deletedAt ?? at
  const numbered = doomed.select(['input_id', 'id', sql<number>`row_number() over (order by created_at)`.as('place')])
  await tx
    .updateTable('annotation')
    .from(numbered.as('doomed'))
    .set({ rev: sql`${rev - 1} + doomed.place`, deleted_at: deletedAt, deleted_by: doing.by })
    .where('annotation.app', '=', app)
    .whereRef('annotation.input_id', '=', 'doomed.input_id')
    .whereRef('annotation.id', '=', 'doomed.id')
    .execute()
  await unindexDeleted(tx, { app, first: rev, count: stamps.length })
  await tx
    .insertInto('history')
    .columns(['app', 'rev', 'kind', 'input_id', 'item_id', 'user_id', 'at', 'before', 'after'])
    .expression((eb) =>
      eb
        .selectFrom('annotation')
        .select((row) => [
          'app',
          'rev',
          row.val('annotation').as('kind'),
          'input_id',
          'id as item_id',
          'deleted_by as user_id',
          'deleted_at as at',
          'message as before',
          sql<null>`null`.as('after'),
        ])
        .where('app', '=', app)
        .where('rev', '>=', rev)
        .where('rev', '<', rev + stamps.length),
    )
    .execute()
}

/**
 * Softly deletes annotations and writes their history, within a transaction; those already gone are passed over.
 * The caller calls `refreshLabelled` for the inputs. @returns how many went
 */
export const deleteAnnotations = async (tx: Db, doomed: Doomed, doing: Doing): Promise<number> => {
  let count = 0
  for (const ids of batches(doomed.inputIds ?? [], idsPerStatement))
    count += await deleteOfInputs(tx, doomed.app, ids, doomed.inputLevelToo ?? false, doing)
  return count + (await deleteByKeys(tx, doomed.app, doomed.keys ?? [], doing))
}

const deleteByKeys = async (tx: Db, app: number, keys: readonly AnnotationKey[], doing: Doing): Promise<number> => {
  const living = (await annotationsByKey(tx, app, keys)).filter((row) => row.deleted_at === null)
  if (living.length === 0) return 0
  const stamps = await nextRevs(tx, app, living.length, doing.now)
  const wanted = sql.join(living.map((row) => sql`(${row.input_id}, ${row.id})`))
  const query = tx
    .selectFrom('annotation')
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .where(sql<boolean>`(input_id, id) in (values ${wanted})`)
  await markDeleted(tx, app, query as DoomedQuery, stamps, doing)
  return living.length
}
