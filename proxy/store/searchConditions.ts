import { type RawBuilder, sql } from 'kysely'
import type { SpherePoint } from './searchGeo.ts'

/** What must hold of one annotation. Values of a list are alternatives. */
export type AnnotationCondition =
  /** It has all terms of one of the groups. */
  | { readonly is: 'found'; readonly by: readonly (readonly string[])[] }
  | { readonly is: 'column'; readonly column: AnnotationColumn; readonly any: readonly (string | number)[] }
  /** µs, both inclusive. */
  | { readonly is: 'modified'; readonly from: number | undefined; readonly to: number | undefined }
  /** Within a chord (squared) of a point of the unit sphere; the latitudes are those it can be at. */
  | {
      readonly is: 'near'
      readonly point: SpherePoint
      readonly chord: number
      readonly latitudes: readonly [number, number]
    }
  /** Degrees, inclusive. */
  | {
      readonly is: 'inBox'
      readonly latitudes: readonly [number, number]
      readonly longitudes: readonly [number, number]
    }

export type AnnotationColumn =
  | 'id'
  | 'input_id'
  | 'user_id'
  | 'model_version_id'
  | 'workflow_version_id'
  | 'task_id'
  | 'status_code'
  | 'trusted'

/** What must hold of one input. Values of a list are alternatives. */
export type InputCondition =
  | { readonly is: 'column'; readonly column: InputColumn; readonly any: readonly (string | number)[] }
  | { readonly is: 'inDataset'; readonly any: readonly string[] }
  /** Whatever else can be said of a row of `input`; no way to begin a search. */
  | { readonly is: 'fits'; readonly where: Sql }

export type InputColumn = 'id' | 'kind' | 'status_code' | 'source_url'

/**
 * One filter of a query: everything in it holds of one annotation and of its input. Of an input it holds when it has
 * such an annotation; negated, when it has none.
 */
export interface SearchFilter {
  readonly negate: boolean
  readonly annotation: readonly AnnotationCondition[]
  readonly input: readonly InputCondition[]
}

export type Sql = RawBuilder<boolean>

/**
 * True of every row of `annotation`. No index but its own holds `rev`: without it SQLite takes any index that holds all
 * that is asked for, from its first column alone, and reads a whole app for each row instead of one row by its time.
 */
export const readsRow = sql<boolean>`+annotation.rev >= 0`

export const allOf = (parts: readonly Sql[]): Sql =>
  parts.length === 0 ? sql<boolean>`1 = 1` : sql<boolean>`(${sql.join(parts, sql` and `)})`
const anyOf = (parts: readonly Sql[]): Sql =>
  parts.length === 0 ? sql<boolean>`1 = 0` : sql<boolean>`(${sql.join(parts, sql` or `)})`
const not = (part: Sql): Sql => sql<boolean>`not (${part})`

export const isIn = (column: RawBuilder<unknown>, values: readonly (string | number)[]): Sql => {
  if (values.length === 0) return sql<boolean>`1 = 0`
  return values.length === 1
    ? sql<boolean>`${column} = ${values[0]}`
    : sql<boolean>`${column} in (${sql.join([...values])})`
}

/** Groups of one term each, as one list of terms; undefined when a group has more. */
export const singleTerms = (groups: readonly (readonly string[])[]): string[] | undefined =>
  groups.every((group) => group.length === 1) ? groups.map((group) => group[0]!) : undefined

const hasTerm = (terms: readonly string[]): Sql => sql<boolean>`exists (select 1 from annotation_term term
  where term.app = annotation.app and term.created_at = annotation.created_at and ${isIn(sql`term.term`, terms)})`

const isFound = (groups: readonly (readonly string[])[]): Sql => {
  const single = singleTerms(groups)
  return single ? hasTerm(single) : anyOf(groups.map((group) => allOf(group.map((term) => hasTerm([term])))))
}

const hasGeo = (where: Sql): Sql => sql<boolean>`exists (select 1 from annotation_geo geo
  where geo.app = annotation.app and geo.created_at = annotation.created_at and ${where})`

type GeoCondition = Extract<AnnotationCondition, { is: 'near' | 'inBox' }>

/** On rows of `annotation_geo geo`. */
export const isPlaced = (condition: GeoCondition): Sql => {
  const [south, north] = condition.latitudes
  const between = sql<boolean>`geo.latitude >= ${south} and geo.latitude <= ${north}`
  if (condition.is === 'inBox') {
    const [west, east] = condition.longitudes
    return sql<boolean>`${between} and geo.longitude >= ${west} and geo.longitude <= ${east}`
  }
  const { x, y, z } = condition.point
  return sql<boolean>`${between} and (geo.x - ${x}) * (geo.x - ${x}) + (geo.y - ${y}) * (geo.y - ${y})
    + (geo.z - ${z}) * (geo.z - ${z}) <= ${condition.chord}`
}

/** On a row of `annotation`. `free`: kept from choosing an index, see listAnnotations. */
export const annotationHolds = (condition: AnnotationCondition): Sql => {
  switch (condition.is) {
    case 'found':
      return isFound(condition.by)
    case 'column':
      return isIn(hidden(sql.ref(`annotation.${condition.column}`), condition.column), condition.any)
    case 'modified':
      return isModified(condition)
    default:
      return hasGeo(isPlaced(condition))
  }
}

/**
 * A whole filter on an annotation that is known by its `created_at` alone, answered by indexes without its row; undefined
 * when that cannot be. A frequent concept together with a frequent person has a hundred thousand rows to look at.
 */
export const filterByIndexes = (filter: SearchFilter, app: number, at: RawBuilder<number>): Sql | undefined => {
  if (filter.input.length > 0) return undefined
  const parts = filter.annotation.map((condition) => holdsByIndexes(condition, app, at))
  if (!parts.every((part) => part !== undefined)) return undefined
  return filter.negate ? not(allOf(parts)) : allOf(parts)
}

const holdsByIndexes = (condition: AnnotationCondition, app: number, at: RawBuilder<number>): Sql | undefined => {
  if (condition.is === 'found') {
    const terms = singleTerms(condition.by)
    return (
      terms &&
      sql<boolean>`exists (select 1 from annotation_term other
        where other.app = ${app} and ${isIn(sql`other.term`, terms)} and other.created_at = ${at})`
    )
  }
  if (condition.is !== 'column' || !hasOrder.has(condition.column)) return undefined
  return sql<boolean>`exists (select 1 from annotation other where other.app = ${app}
    and ${isIn(sql.ref(`other.${condition.column}`), condition.any)} and other.created_at = ${at}
    and other.deleted_at is null)`
}

/** Columns with an index that goes on by `created_at`. */
const hasOrder: ReadonlySet<AnnotationColumn> = new Set([
  'user_id',
  'model_version_id',
  'workflow_version_id',
  'task_id',
  'status_code',
  'trusted',
])

/** A `+` keeps SQLite from choosing an index by the column: which one is taken is decided by size, in searchPlans.ts. */
const hidden = (column: RawBuilder<unknown>, name: AnnotationColumn): RawBuilder<unknown> =>
  name === 'status_code' || name === 'trusted' ? sql`+${column}` : sql`coalesce(${column}, '')`

const isModified = ({ from, to }: Extract<AnnotationCondition, { is: 'modified' }>): Sql =>
  allOf([
    ...(from === undefined ? [] : [sql<boolean>`+annotation.modified_at >= ${from}`]),
    ...(to === undefined ? [] : [sql<boolean>`+annotation.modified_at <= ${to}`]),
  ])

/** On a row of `input`. */
export const inputHolds = (condition: InputCondition): Sql => {
  switch (condition.is) {
    case 'column':
      return isIn(sql.ref(`input.${condition.column}`), condition.any)
    case 'inDataset':
      return sql<boolean>`exists (select 1 from dataset_input member
        join dataset on dataset.no = member.dataset and dataset.deleted_at is null
        where member.app = input.app and member.input_id = input.id and ${isIn(sql`dataset.id`, condition.any)})`
    case 'fits':
      return condition.where
  }
}

/** A whole filter on a row of `annotation`. */
export const filterOfAnnotation = ({ negate, annotation, input }: SearchFilter): Sql => {
  const ofInput =
    input.length === 0
      ? []
      : [
          sql<boolean>`exists (select 1 from input where input.app = annotation.app and input.id = annotation.input_id
            and input.deleted_at is null and ${allOf(input.map(inputHolds))})`,
        ]
  const holds = allOf([...annotation.map(annotationHolds), ...ofInput])
  return negate ? not(holds) : holds
}

/** A whole filter on a row of `input`; `visible` is what the searcher may see, on rows of `annotation`. */
export const filterOfInput = ({ negate, annotation, input }: SearchFilter, visible: Sql | undefined): Sql => {
  const ofAnnotation = annotation.length === 0 ? [] : [hasAnnotation(annotation, visible)]
  const holds = allOf([...input.map(inputHolds), ...ofAnnotation])
  return negate ? not(holds) : holds
}

/**
 * An input has an annotation of which all this holds: told by the counts of its terms alone, or, where more is asked,
 * looked for among all it has once they say that there may be one.
 */
const hasAnnotation = (conditions: readonly AnnotationCondition[], visible: Sql | undefined): Sql => {
  const counted = conditions.flatMap((condition) =>
    condition.is === 'found' && condition.by.length > 0
      ? [anyOf(condition.by.map((group) => allOf(group.map(isCounted))))]
      : [],
  )
  const [only] = conditions
  const isEnough = conditions.length === 1 && only?.is === 'found' && singleTerms(only.by) !== undefined && !visible
  if (isEnough && counted.length > 0) return counted[0]!
  return allOf([...counted, withAnnotation(allOf([...conditions.map(annotationHolds), ...(visible ? [visible] : [])]))])
}

const isCounted = (term: string): Sql => sql<boolean>`exists (select 1 from input_term counted
  where counted.app = input.app and counted.term = ${term} and counted.input_at = input.created_at
    and counted.count > 0)`

const withAnnotation = (where: Sql): Sql => sql<boolean>`exists (select 1 from annotation
  where annotation.app = input.app and annotation.input_id = input.id and annotation.deleted_at is null and ${where})`
