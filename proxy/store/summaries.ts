import { type ExpressionBuilder, type RawBuilder, type Selectable, sql } from 'kysely'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

/** What the grid shows of an input; its message is not read. */
export type InputFacts = Pick<
  Selectable<Tables['input']>,
  'id' | 'kind' | 'filename' | 'width' | 'height' | 'status_code' | 'created_at' | 'labelled'
>

const facts = ['id', 'kind', 'filename', 'width', 'height', 'status_code', 'created_at', 'labelled'] as const

/** Which inputs; what is absent does not restrict. */
export interface InputFilter {
  /** Part of the filename or id, in any case. */
  readonly text?: string
  readonly labelled?: boolean
}

const escaped = (text: string): string => text.toLowerCase().replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)

/** On rows of `input`: this is part of the filename or id, in any case. */
export const textMatches = (text: string): RawBuilder<boolean> =>
  sql<boolean>`input.search_text like ${`%${escaped(text)}%`} escape '\\'`

export const inputMatches = (eb: ExpressionBuilder<Tables, 'input'>, app: number, filter: InputFilter) => {
  const conditions = [eb('app', '=', app), eb('deleted_at', 'is', null)]
  if (filter.labelled !== undefined) conditions.push(eb('labelled', '=', Number(filter.labelled)))
  if (filter.text) conditions.push(textMatches(filter.text) as never)
  return eb.and(conditions)
}

export const countInputs = async (db: Db, app: number, filter: InputFilter): Promise<number> => {
  const { count } = await db
    .selectFrom('input')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where((eb) => inputMatches(eb, app, filter))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** A page of inputs in the order of creation. First their times, which the indexes hold, then the rows of these. */
export const listInputFacts = async (
  db: Db,
  app: number,
  filter: InputFilter,
  page: { limit: number; offset: number },
): Promise<InputFacts[]> => {
  const times = await db
    .selectFrom('input')
    .select('created_at')
    .where((eb) => inputMatches(eb, app, filter))
    .orderBy('created_at')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return inputFactsAt(
    db,
    app,
    times.map((row) => row.created_at),
  )
}

/** Facts of the inputs that were created at these times (µs), in their order. */
export const inputFactsAt = async (db: Db, app: number, times: readonly number[]): Promise<InputFacts[]> => {
  if (times.length === 0) return []
  return db
    .selectFrom('input')
    .select(facts)
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .where('created_at', 'in', times)
    .orderBy('created_at')
    .execute()
}

/** Facts of the inputs with these ids that are there, by id. */
export const inputFactsById = async (db: Db, app: number, ids: readonly string[]): Promise<Map<string, InputFacts>> => {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('input')
    .select(facts)
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** Filenames of these inputs, deleted ones too, by id. */
export const filenamesOf = async (db: Db, app: number, ids: readonly string[]): Promise<Map<string, string>> => {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('input')
    .select(['id', 'filename'])
    .where('app', '=', app)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, filename }) => [id, filename]))
}

/** How many of the filtered inputs come before this one; undefined when it is not among them. */
export const placeOfInput = async (
  db: Db,
  app: number,
  filter: InputFilter,
  id: string,
): Promise<number | undefined> => {
  const found = await db
    .selectFrom('input')
    .select('created_at')
    .where('id', '=', id)
    .where((eb) => inputMatches(eb, app, filter))
    .executeTakeFirst()
  if (!found) return undefined
  const { count } = await db
    .selectFrom('input')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where((eb) => inputMatches(eb, app, filter))
    .where('created_at', '<', found.created_at)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/**
 * The next unlabelled input after (backwards: before) `from` in the order of creation, round the end; the first (last)
 * when `from` is unknown, `from` itself when it is the only one.
 */
export const findUnlabelled = async (
  db: Db,
  app: number,
  from: string,
  backwards: boolean,
): Promise<string | undefined> => {
  const unlabelled = db
    .selectFrom('input')
    .select('id')
    .where((eb) => inputMatches(eb, app, { labelled: false }))
    .orderBy('created_at', backwards ? 'desc' : 'asc')
    .limit(1)
  const start = await db
    .selectFrom('input')
    .select('created_at')
    .where('app', '=', app)
    .where('id', '=', from)
    .executeTakeFirst()
  const next = start && unlabelled.where('created_at', backwards ? '<' : '>', start.created_at)
  return ((await next?.executeTakeFirst()) ?? (await unlabelled.executeTakeFirst()))?.id
}
