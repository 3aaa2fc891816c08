export type Dialect = 'sqlite' | 'postgres'

/** What the two databases call differently in table definitions. */
export interface ColumnTypes {
  /** A column of bytes. */
  readonly bytes: string
  /** A primary key that numbers rows by itself and never gives a number twice. */
  readonly counter: string
  /** After a table's definition: its rows are kept in the primary key itself, where the database can do that. */
  readonly clustered: string
}

export const columnTypes: Record<Dialect, ColumnTypes> = {
  sqlite: { bytes: 'blob', counter: 'integer primary key autoincrement', clustered: 'without rowid' },
  postgres: { bytes: 'bytea', counter: 'bigserial primary key', clustered: '' },
}
