import { type SelectQueryBuilder, sql } from 'kysely'
import { type AnnotationKey, livingInputs } from './annotations.ts'
import { nextRevs } from './apps.ts'
import { batches } from './batches.ts'
import { appendHistory } from './history.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'
import { indexRestored } from './searchIndex.ts'

/** Who brings back, when (µs), and how old a deletion may be (µs since 1970). */
export interface Restoring {
  readonly by: string
  readonly now: number
  readonly since: number
}

type DeletedQuery = SelectQueryBuilder<Tables, 'annotation', object>

const deletedAnnotations = (tx: Db, app: number, since: number): DeletedQuery =>
  tx
    .selectFrom('annotation')
    .where('annotation.app', '=', app)
    .where('annotation.deleted_at', '>=', since) as unknown as DeletedQuery

/** Author, times and order stay; each gets a rev and a line of history. The number of statements is fixed. */
const bringBack = async (tx: Db, app: number, deleted: DeletedQuery, restoring: Restoring): Promise<number> => {
  const { count } = await deleted.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  const stamps = await nextRevs(tx, app, Number(count), restoring.now)
  const first = stamps[0]
  if (!first) return 0
  const numbered = deleted.select([
    'annotation.input_id',
    'annotation.id',
    sql<number>`row_number() over (order by annotation.created_at)`.as('place'),
  ])
  await tx
    .updateTable('annotation')
    .from(numbered.as('back'))
    .set({ rev: sql`${first.rev - 1} + back.place`, deleted_at: null, deleted_by: null })
    .where('annotation.app', '=', app)
    .whereRef('annotation.input_id', '=', 'back.input_id')
    .whereRef('annotation.id', '=', 'back.id')
    .execute()
  await indexRestored(tx, { app, first: first.rev, count: stamps.length })
  await tx
    .insertInto('history')
    .columns(['app', 'rev', 'kind', 'input_id', 'item_id', 'user_id', 'at', 'after'])
    .expression((eb) =>
      eb
        .selectFrom('annotation')
        .select([
          'app',
          'rev',
          sql.lit('annotation').as('kind'),
          'input_id',
          'id as item_id',
          sql.val(restoring.by).as('user_id'),
          sql.lit(first.at).as('at'),
          'message as after',
        ])
        .where('app', '=', app)
        .where('rev', '>=', first.rev)
        .where('rev', '<', first.rev + stamps.length),
    )
    .execute()
  return stamps.length
}

/**
 * Brings these annotations back that were deleted since and whose input is there; others are passed over.
 * @returns how many came back
 */
export const restoreAnnotations = async (
  tx: Db,
  app: number,
  keys: readonly AnnotationKey[],
  restoring: Restoring,
): Promise<number> => {
  let count = 0
  const inputs = await livingInputs(
    tx,
    app,
    keys.map((key) => key.input_id),
  )
  for (const batch of batches(
    keys.filter((key) => inputs.has(key.input_id)),
    1000,
  )) {
    const wanted = sql.join(batch.map((key) => sql`(${key.input_id}, ${key.id})`))
    const deleted = deletedAnnotations(tx, app, restoring.since).where(
      sql<boolean>`(annotation.input_id, annotation.id) in (values ${wanted})`,
    )
    count += await bringBack(tx, app, deleted, restoring)
  }
  return count
}

/**
 * Brings these inputs back that were deleted since, with the annotations that went with them: those that carry the very
 * `deleted_at` of their input. @returns the ids of the inputs that came back
 */
export const restoreInputs = async (
  tx: Db,
  app: number,
  ids: readonly string[],
  restoring: Restoring,
): Promise<string[]> => {
  const gone = await tx
    .selectFrom('input')
    .select(['id', 'message', 'deleted_at'])
    .where('app', '=', app)
    .where('id', 'in', ids)
    .where('deleted_at', '>=', restoring.since)
    .orderBy('created_at')
    .execute()
  if (gone.length === 0) return []
  const stamps = await nextRevs(tx, app, gone.length, restoring.now)
  for (const [i, { id }] of gone.entries())
    await tx
      .updateTable('input')
      .set({ rev: stamps[i]!.rev, deleted_at: null, deleted_by: null })
      .where('app', '=', app)
      .where('id', '=', id)
      .execute()
  await appendHistory(
    tx,
    gone.map(({ id, message }, i) => ({
      app,
      rev: stamps[i]!.rev,
      kind: 'input' as const,
      input_id: id,
      item_id: id,
      user_id: restoring.by,
      at: stamps[i]!.at,
      before: null,
      after: message,
    })),
  )
  const times = sql.join(gone.map(({ id, deleted_at }) => sql`(${id}, ${sql.lit(Number(deleted_at))})`))
  const wentAlong = deletedAnnotations(tx, app, restoring.since).where(
    sql<boolean>`(annotation.input_id, annotation.deleted_at) in (values ${times})`,
  )
  await bringBack(tx, app, wentAlong, restoring)
  return gone.map(({ id }) => id)
}
