import { type RawBuilder, sql } from 'kysely'
import {
  type AnnotationCondition,
  allOf,
  filterByIndexes,
  filterOfAnnotation,
  filterOfInput,
  type InputCondition,
  isIn,
  isPlaced,
  readsRow,
  type SearchFilter,
  type Sql,
} from './searchConditions.ts'

/** What a search looks for. A hit is named by its `created_at`, which is unique within the app and their order. */
export type Subject = 'annotation' | 'input'

/** Rows of an index that lead to hits, and where in them the hit's `created_at` stands. */
export interface Range {
  readonly from: RawBuilder<unknown>
  readonly where: Sql
  readonly at: RawBuilder<number>
  /** Its rows are those of the subject's own table, under its name. */
  readonly isSubject: boolean
}

/** A way to begin a search: by one condition that must hold. All hits are in its ranges. */
export interface Source {
  readonly ranges: readonly Range[]
  /** Each range gives its rows in the order of `at` from an index, so that a page costs no more than what is before it. */
  readonly ordered: boolean
  /** The filter this source answers altogether; it need not be looked at again. */
  readonly answers: SearchFilter | undefined
}

/** A search in one app. */
export interface SearchPlan {
  readonly app: number
  readonly subject: Subject
  readonly filters: readonly SearchFilter[]
  /** What the searcher may see, on rows of `annotation`; undefined = everything. */
  readonly visible: Sql | undefined
}

/** Every condition that one could begin with, those by terms first: they are the narrowest as a rule. */
export const sourcesOf = (plan: SearchPlan): Source[] => {
  const found = plan.filters.filter(({ negate }) => !negate).flatMap((filter) => sourcesOfFilter(plan, filter))
  return [...found].sort((a, b) => Number(b.ordered) - Number(a.ordered))
}

const sourcesOfFilter = (plan: SearchPlan, filter: SearchFilter): Source[] => {
  const isOnly = filter.annotation.length + filter.input.length === 1
  const answers = isOnly && (plan.subject === 'annotation' || !plan.visible) ? filter : undefined
  const annotation = plan.subject === 'annotation' ? annotationSource : inputSourceByAnnotation
  const input = plan.subject === 'input' ? inputSource : annotationSourceByInput
  return [
    ...filter.annotation.map((condition) => annotation(plan.app, condition, answers)),
    ...filter.input.flatMap((condition) => (condition.is === 'fits' ? [] : [input(plan.app, condition, answers)])),
  ].sort((a, b) => Number(b.ranges[0]?.isSubject === false) - Number(a.ranges[0]?.isSubject === false))
}

const living = (table: Subject, app: number): Sql =>
  sql<boolean>`${sql.ref(`${table}.app`)} = ${app} and ${sql.ref(`${table}.deleted_at`)} is null`

const annotationAt = sql<number>`annotation.created_at`
const inputAt = sql<number>`input.created_at`

const termRange = (app: number, term: string, subject: Subject): Range =>
  subject === 'annotation'
    ? {
        from: sql`annotation_term term`,
        where: sql<boolean>`term.app = ${app} and term.term = ${term}`,
        at: sql`term.created_at`,
        isSubject: false,
      }
    : {
        from: sql`input_term term`,
        where: sql<boolean>`term.app = ${app} and term.term = ${term} and term.count > 0`,
        at: sql`term.input_at`,
        isSubject: false,
      }

const geoRange = (
  app: number,
  condition: Extract<AnnotationCondition, { is: 'near' | 'inBox' }>,
  at: RawBuilder<number>,
): Range => ({
  from: sql`annotation_geo geo`,
  where: sql<boolean>`geo.app = ${app} and ${isPlaced(condition)}`,
  at,
  isSubject: false,
})

const firstTerms = (groups: readonly (readonly string[])[]): string[] => [
  ...new Set(groups.flatMap((group) => group.slice(0, 1))),
]

const isExact = (condition: AnnotationCondition): boolean =>
  condition.is !== 'found' || condition.by.every((group) => group.length === 1)

/** The rows of `annotation` for which a condition on a column holds, and whether an index has them in their order. */
const columnRanges = (
  condition: Extract<AnnotationCondition, { is: 'column' | 'modified' }>,
): { wheres: Sql[]; ordered: boolean } => {
  if (condition.is === 'column') {
    const column = sql.ref(`annotation.${condition.column}`)
    return { wheres: [...new Set(condition.any)].map((value) => isIn(column, [value])), ordered: true }
  }
  const { from = 0, to = Number.MAX_SAFE_INTEGER } = condition
  const between = sql<boolean>`annotation.modified_at >= ${from} and annotation.modified_at <= ${to}`
  return { wheres: [between], ordered: false }
}

const annotationSource = (app: number, condition: AnnotationCondition, answers: SearchFilter | undefined): Source => {
  const exact = isExact(condition) ? answers : undefined
  if (condition.is === 'found') {
    const ranges = firstTerms(condition.by).map((term) => termRange(app, term, 'annotation'))
    return { ranges, ordered: true, answers: exact }
  }
  if (condition.is === 'near' || condition.is === 'inBox')
    return { ranges: [geoRange(app, condition, sql`geo.created_at`)], ordered: false, answers: exact }
  const { wheres, ordered } = columnRanges(condition)
  const ranges = wheres.map((where) => ({
    from: sql`annotation`,
    where: allOf([living('annotation', app), where]),
    at: annotationAt,
    isSubject: true,
  }))
  return { ranges, ordered, answers: exact }
}

const inputSourceByAnnotation = (
  app: number,
  condition: AnnotationCondition,
  answers: SearchFilter | undefined,
): Source => {
  const exact = isExact(condition) ? answers : undefined
  if (condition.is === 'found') {
    const ranges = firstTerms(condition.by).map((term) => termRange(app, term, 'input'))
    return { ranges, ordered: true, answers: exact }
  }
  if (condition.is === 'near' || condition.is === 'inBox')
    return { ranges: [geoRange(app, condition, sql`geo.input_at`)], ordered: false, answers: exact }
  const ranges = columnRanges(condition).wheres.map((where) => ({
    from: sql`annotation cross join input owner`,
    where: allOf([
      living('annotation', app),
      where,
      sql`owner.app = ${app} and owner.id = annotation.input_id and owner.deleted_at is null`,
    ]),
    at: sql<number>`owner.created_at`,
    isSubject: false,
  }))
  return { ranges, ordered: false, answers: exact }
}

const inputColumnWheres = (condition: InputCondition): Sql[] =>
  condition.is === 'column'
    ? [...new Set(condition.any)].map((value) => isIn(sql.ref(`input.${condition.column}`), [value]))
    : []

/** Members of datasets, in no order. */
const memberRange = (app: number, ids: readonly string[], subject: Subject): Range => {
  const members = sql`dataset cross join dataset_input member cross join input owner`
  const where = sql<boolean>`dataset.app = ${app} and dataset.deleted_at is null and ${isIn(sql`dataset.id`, ids)}
    and member.dataset = dataset.no and owner.app = ${app} and owner.id = member.input_id and owner.deleted_at is null`
  return subject === 'input'
    ? { from: members, where, at: sql`owner.created_at`, isSubject: false }
    : {
        from: sql`${members} cross join annotation made`,
        where: sql<boolean>`${where} and made.app = ${app} and made.input_id = owner.id and made.deleted_at is null`,
        at: sql`made.created_at`,
        isSubject: false,
      }
}

const inputSource = (app: number, condition: InputCondition, answers: SearchFilter | undefined): Source => {
  if (condition.is === 'inDataset')
    return { ranges: [memberRange(app, condition.any, 'input')], ordered: false, answers }
  const ranges = inputColumnWheres(condition).map((where) => ({
    from: sql`input`,
    where: allOf([living('input', app), where]),
    at: inputAt,
    isSubject: true,
  }))
  return { ranges, ordered: true, answers }
}

const annotationSourceByInput = (app: number, condition: InputCondition, answers: SearchFilter | undefined): Source => {
  if (condition.is === 'inDataset')
    return { ranges: [memberRange(app, condition.any, 'annotation')], ordered: false, answers }
  const ranges = inputColumnWheres(condition).map((where) => ({
    from: sql`input cross join annotation made`,
    where: allOf([
      living('input', app),
      where,
      sql`made.app = ${app} and made.input_id = input.id and made.deleted_at is null`,
    ]),
    at: sql<number>`made.created_at`,
    isSubject: false,
  }))
  return { ranges, ordered: false, answers }
}

/** What is still to be looked at in each row when the search begins with `source`. */
const restOf = ({ subject, filters, visible }: SearchPlan, source: Source | undefined): Sql[] => {
  const open = filters.filter((filter) => filter !== source?.answers)
  return subject === 'annotation'
    ? [...open.map(filterOfAnnotation), ...(visible ? [visible] : [])]
    : open.map((filter) => filterOfInput(filter, visible))
}

/** What is still to be looked at, without the rows of the hits; undefined when that cannot be. */
const allByIndexes = ({ app, filters }: SearchPlan, source: Source | undefined, at: RawBuilder<number>) => {
  const parts = filters.filter((filter) => filter !== source?.answers).map((filter) => filterByIndexes(filter, app, at))
  return parts.every((part) => part !== undefined) ? parts : undefined
}

const everything = ({ app, subject }: SearchPlan): Range => ({
  from: sql.table(subject),
  where: living(subject, app),
  at: subject === 'annotation' ? annotationAt : inputAt,
  isSubject: true,
})

/**
 * The hits of a search as `select at …`, each once when joined by `union`, from one source in the order of its index.
 * `after`: only those whose `at` is greater.
 */
export const branchesInOrder = (
  plan: SearchPlan,
  source: Source | undefined,
  after: number | undefined,
): RawBuilder<{ at: number }>[] => {
  const rest = restOf(plan, source)
  const ranges = source?.ranges ?? [everything(plan)]
  return ranges.map((range) => {
    const select = plan.subject === 'input' && !range.isSubject ? sql`select distinct` : sql`select`
    const later = after === undefined ? [] : [sql<boolean>`${range.at} > ${after}`]
    if (range.isSubject || rest.length === 0)
      return sql`${select} ${range.at} as at from ${range.from} where ${allOf([range.where, ...later, ...rest])}`
    const byIndexes = plan.subject === 'annotation' && !plan.visible ? allByIndexes(plan, source, range.at) : undefined
    if (byIndexes)
      return sql`select ${range.at} as at from ${range.from} where ${allOf([range.where, ...later, ...byIndexes])}`
    const subjectAt = plan.subject === 'annotation' ? annotationAt : inputAt
    const found = sql<boolean>`${living(plan.subject, plan.app)} and ${subjectAt} = ${range.at}`
    const joined = plan.subject === 'annotation' ? allOf([found, readsRow]) : found
    return sql`${select} ${range.at} as at from ${range.from} cross join ${sql.table(plan.subject)}
      where ${allOf([range.where, ...later, joined, ...rest])}`
  })
}

/** The same from a source of few rows, which are sorted. */
export const branchOfFew = (
  plan: SearchPlan,
  source: Source,
  after: number | undefined,
): RawBuilder<{ at: number }>[] => {
  const subjectAt = plan.subject === 'annotation' ? annotationAt : inputAt
  const later = after === undefined ? [] : [sql<boolean>`${subjectAt} > ${after}`]
  const few = sql.join(
    source.ranges.map((range) => sql`select ${range.at} as at from ${range.from} where ${range.where}`),
    sql` union `,
  )
  const where = allOf([living(plan.subject, plan.app), ...later, ...restOf(plan, source)])
  return [sql`select ${subjectAt} as at from ${sql.table(plan.subject)} where ${where} and ${subjectAt} in (${few})`]
}
