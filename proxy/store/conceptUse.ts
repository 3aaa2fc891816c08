import type { AnnotationRow } from './annotations.ts'
import type { Db } from './open.ts'
import { conceptTerm } from './searchTerms.ts'

/** What says something of one concept, living ones only. */
const naming = (db: Db, app: number, conceptId: string) =>
  db
    .selectFrom('annotation')
    .where('annotation.app', '=', app)
    .where('annotation.deleted_at', 'is', null)
    .where('annotation.created_at', 'in', (eb) =>
      eb
        .selectFrom('annotation_term as term')
        .select('term.created_at')
        .where('term.app', '=', app)
        .where('term.term', 'in', [conceptTerm(conceptId, true), conceptTerm(conceptId, false)]),
    )

export interface ConceptUse {
  readonly annotations: number
  /** those of them that are about a region */
  readonly regions: number
  readonly inputs: number
  readonly people: number
}

export const conceptUse = async (db: Db, app: number, conceptId: string): Promise<ConceptUse> => {
  const found = await naming(db, app, conceptId)
    .select((eb) => [
      eb.fn.countAll<number>().as('annotations'),
      eb.fn.count<number>('annotation.region_kind').as('regions'),
      eb.fn.count<number>('annotation.input_id').distinct().as('inputs'),
      eb.fn.count<number>('annotation.user_id').distinct().as('people'),
    ])
    .executeTakeFirstOrThrow()
  return {
    annotations: Number(found.annotations),
    regions: Number(found.regions),
    inputs: Number(found.inputs),
    people: Number(found.people),
  }
}

/** Some of the annotations that name a concept, oldest first. */
export const annotationsOfConcept = (db: Db, app: number, conceptId: string, limit: number): Promise<AnnotationRow[]> =>
  naming(db, app, conceptId).selectAll('annotation').orderBy('annotation.created_at').limit(limit).execute()

/** Whether labels are still to be written anew because their concept was merged. */
export const mergesPending = async (db: Db, app: number): Promise<boolean> => {
  const work = await db
    .selectFrom('background_work')
    .select('no')
    .where('kind', '=', 'concept_merge')
    .where('subject', '=', app)
    .limit(1)
    .executeTakeFirst()
  return work !== undefined
}

/** A part of what was written in an app after a write, oldest first. */
export const writesAfter = (db: Db, app: number, rev: number, limit: number) =>
  db
    .selectFrom('history')
    .select(['rev', 'kind', 'input_id', 'item_id', 'before', 'after', 'user_id'])
    .where('app', '=', app)
    .where('rev', '>', rev)
    .orderBy('rev')
    .limit(limit)
    .execute()

/** What was before writes, by their numbers from…to, both included. */
export const writesBetween = (db: Db, app: number, from: number, to: number) =>
  db
    .selectFrom('history')
    .select(['rev', 'kind', 'item_id', 'before'])
    .where('app', '=', app)
    .where('rev', '>=', from)
    .where('rev', '<=', to)
    .orderBy('rev')
    .execute()
