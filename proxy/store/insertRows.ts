import { CompiledQuery, type Insertable, sql } from 'kysely'
import { batches } from './batches.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'
import { runsForEach } from './sqliteDialect.ts'

/** PostgreSQL takes 65,535 parameters a statement. */
const mostParameters = 60_000

/** Texts of statements by their database's adapter, then what they do, table, number of rows and columns. */
const texts = new WeakMap<object, Map<string, string>>()
const mostTexts = 300

/**
 * Inserts rows that all have the columns of the first, in as few statements as there may be: on SQLite one of one row
 * that is run for each, which is quicker than one of many rows. Kysely builds the text of a statement once for each
 * number of rows: building it anew took longer than running it (128 annotations: 3.5 ms). All or nothing within a
 * transaction.
 */
export const insertRows = async <Table extends keyof Tables & string>(
  tx: Db,
  table: Table,
  rows: readonly Insertable<Tables[Table]>[],
): Promise<void> =>
  writeRows(tx, table, rows, 'insert', (some) =>
    tx
      .insertInto(table)
      .values(some as never)
      .compile(),
  )

/** The same for rows that may be there, by their key: whole rows in the place of these. */
export const replaceRows = async <Table extends keyof Tables & string>(
  tx: Db,
  table: Table,
  key: readonly (keyof Tables[Table] & string)[],
  rows: readonly Insertable<Tables[Table]>[],
): Promise<void> =>
  writeRows(tx, table, rows, 'replace', (some) => {
    const others = Object.keys(some[0]!).filter((column) => !(key as readonly string[]).includes(column))
    return tx
      .insertInto(table)
      .values(some as never)
      .onConflict((conflict) =>
        conflict
          .columns(key as never)
          .doUpdateSet(Object.fromEntries(others.map((column) => [column, sql.ref(`excluded.${column}`)])) as never),
      )
      .compile()
  })

/**
 * The same for rows that are there: on SQLite only columns that differ in one of them are written, since each that is
 * written is written to its indexes too (a moved box: 2 of 11).
 */
export const updateRows = async <Table extends keyof Tables & string>(
  tx: Db,
  table: Table,
  key: readonly (keyof Tables[Table] & string)[],
  rows: readonly Insertable<Tables[Table]>[],
  before: readonly Insertable<Tables[Table]>[],
): Promise<void> => {
  if (rows.length === 0) return
  if (!runsForEach(tx.getExecutor().adapter)) return replaceRows(tx, table, key, rows)
  const value = (row: Insertable<Tables[Table]>, column: string): unknown => (row as Record<string, unknown>)[column]
  const columns = Object.keys(rows[0]!).filter((column) =>
    rows.some((row, i) => !isSame(value(row, column), value(before[i]!, column))),
  )
  if (columns.length === 0) return
  const set = sql.join(columns.map((column) => sql`${sql.ref(column)} = ${null}`))
  const where = sql.join(
    key.map((column) => sql`${sql.ref(column)} = ${null}`),
    sql` and `,
  )
  const { sql: text } = sql`update ${sql.table(table)} set ${set} where ${where}`.compile(tx)
  const values = rows.map((row) => [...columns, ...key].map((column) => value(row, column)))
  await tx.executeQuery(CompiledQuery.raw(text, values))
}

const isSame = (a: unknown, b: unknown): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : (a ?? null) === (b ?? null)

const writeRows = async <Table extends keyof Tables & string>(
  tx: Db,
  table: Table,
  rows: readonly Insertable<Tables[Table]>[],
  verb: 'insert' | 'replace',
  compile: (some: readonly Insertable<Tables[Table]>[]) => CompiledQuery,
): Promise<void> => {
  if (rows.length === 0) return
  const columns = Object.keys(rows[0]!)
  if (rows.some((row) => Object.keys(row).length !== columns.length))
    throw new Error(`${table}: rows of unlike columns`)
  const valuesOf = (row: object) => columns.map((column) => (row as Record<string, unknown>)[column])
  const textOf = (some: readonly Insertable<Tables[Table]>[]) =>
    remembered(tx, `${verb} ${table} ${some.length} ${columns.join()}`, () => compile(some).sql)
  if (runsForEach(tx.getExecutor().adapter)) {
    await tx.executeQuery(CompiledQuery.raw(textOf(rows.slice(0, 1)), rows.map(valuesOf)))
    return
  }
  for (const batch of batches(rows, Math.floor(mostParameters / columns.length)))
    await tx.executeQuery(CompiledQuery.raw(textOf(batch), batch.flatMap(valuesOf)))
}

const remembered = (tx: Db, key: string, compile: () => string): string => {
  const { adapter } = tx.getExecutor()
  const known = texts.get(adapter) ?? new Map<string, string>()
  texts.set(adapter, known)
  let text = known.get(key)
  if (text === undefined) {
    text = compile()
    if (known.size >= mostTexts) known.delete(known.keys().next().value!)
    known.set(key, text)
  }
  return text
}
