import { sql } from 'kysely'
import type { ConceptRow } from './concepts.ts'
import type { Db } from './open.ts'
import type { Sql } from './searchConditions.ts'
import { conceptTerm } from './searchTerms.ts'

/** As a pattern of `like` whose escape is a backslash. */
const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

/**
 * Concepts whose name holds `part`, in any case; with a `*` in it, those whose whole name is like it. First the one that
 * is named so, then those whose name begins so, each by name: what somebody who types a name looks for stands on top.
 */
export const conceptsLike = (db: Db, app: number, part: string): Promise<ConceptRow[]> => {
  const typed = part.toLowerCase()
  const whole = typed.includes('*')
  const like = escaped(typed).replaceAll('*', '%')
  const start = escaped(typed.replace(/\*.*$/s, ''))
  const pattern = whole ? like : `%${like}%`
  return db
    .selectFrom('concept')
    .selectAll()
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .where(sql<boolean>`lower(name) like ${pattern} escape '\\'`)
    .orderBy(
      sql`case when lower(name) = ${typed} then 0 when lower(name) like ${`${start}%`} escape '\\' then 1 else 2 end`,
    )
    .orderBy(sql`lower(name)`)
    .orderBy('id')
    .execute()
}

/** On how many inputs people said of a concept that it is there, or that it is not, by the state of the inputs. */
export interface ConceptCount {
  readonly concept: string
  readonly present: boolean
  readonly statusCode: number
  readonly inputs: number
}

/** @param visible what the asker may see, on rows of `annotation` */
export const countConcepts = async (
  db: Db,
  app: number,
  ids: readonly string[],
  visible: Sql | undefined,
): Promise<ConceptCount[]> => {
  if (ids.length === 0) return []
  const terms = ids.flatMap((id) => [conceptTerm(id, true), conceptTerm(id, false)])
  const { rows } = await sql<{ term: string; status_code: number; inputs: number }>`
    select term.term as term, input.status_code as status_code, count(distinct term.input_at) as inputs
    from annotation_term term
      cross join annotation
      cross join input
    where term.app = ${app} and term.term in (${sql.join(terms)})
      and annotation.app = ${app} and annotation.created_at = term.created_at and annotation.deleted_at is null
      and annotation.trusted = 1 and ${visible ?? sql`1 = 1`}
      and input.app = ${app} and input.created_at = term.input_at and input.deleted_at is null
    group by term.term, input.status_code`.execute(db)
  return rows.map(({ term, status_code, inputs }) => ({
    concept: term.slice(1),
    present: term.startsWith('+'),
    statusCode: status_code,
    inputs: Number(inputs),
  }))
}
