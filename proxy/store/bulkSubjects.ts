import type { AnnotationRow } from './annotations.ts'
import type { InputRow } from './inputs.ts'
import type { Db } from './open.ts'
import { conceptTerm } from './searchTerms.ts'

// What bulk operations change, found for some inputs at a time.

/** The inputs of these ids that are not deleted, in the order of the ids. */
export const livingInputRows = async (db: Db, app: number, ids: readonly string[]): Promise<InputRow[]> => {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('input')
    .selectAll()
    .where('app', '=', app)
    .where('id', 'in', ids)
    .where('deleted_at', 'is', null)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** One person's annotations of these inputs with concepts of the whole, oldest first. */
export const conceptsOfWhole = (
  db: Db,
  app: number,
  inputIds: readonly string[],
  userId: string,
): Promise<AnnotationRow[]> =>
  inputIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('annotation')
        .selectAll()
        .where('app', '=', app)
        .where('input_id', 'in', inputIds)
        .where('user_id', '=', userId)
        .where('concept_count', '>', 0)
        .where('deleted_at', 'is', null)
        .orderBy('created_at')
        .execute()

const named = (db: Db, app: number, inputs: readonly InputRow[], conceptIds: readonly string[]) =>
  db
    .selectFrom('annotation_term as term')
    .innerJoin('annotation', (join) =>
      join.onRef('annotation.app', '=', 'term.app').onRef('annotation.created_at', '=', 'term.created_at'),
    )
    .where('term.app', '=', app)
    .where(
      'term.term',
      'in',
      conceptIds.flatMap((id) => [conceptTerm(id, true), conceptTerm(id, false)]),
    )
    .where(
      'annotation.input_id',
      'in',
      inputs.map((input) => input.id),
    )
    .where('annotation.deleted_at', 'is', null)

/** How many annotations of each of these inputs, by these people, say something of one of the concepts. */
export const countNaming = async (
  db: Db,
  app: number,
  inputs: readonly InputRow[],
  conceptIds: readonly string[],
  userIds: readonly string[],
): Promise<Map<string, number>> => {
  if (inputs.length === 0) return new Map()
  const rows = await named(db, app, inputs, conceptIds)
    .select(['annotation.input_id', (eb) => eb.fn.count('term.created_at').distinct().as('count')])
    .where('annotation.user_id', 'in', userIds)
    .groupBy('annotation.input_id')
    .execute()
  return new Map(rows.map((row) => [row.input_id, Number(row.count)]))
}

/** These annotations, oldest first. */
export const annotationsNaming = async (
  db: Db,
  app: number,
  inputs: readonly InputRow[],
  conceptIds: readonly string[],
  userIds: readonly string[],
): Promise<AnnotationRow[]> =>
  inputs.length === 0
    ? []
    : named(db, app, inputs, conceptIds)
        .selectAll('annotation')
        .distinct()
        .where('annotation.user_id', 'in', userIds)
        .orderBy('annotation.created_at')
        .execute()
