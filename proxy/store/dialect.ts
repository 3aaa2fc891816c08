export type Dialect = 'sqlite' | 'postgres'

/** What the two databases call differently in table definitions. */
export interface ColumnTypes {
  /** A column of bytes. */
  readonly bytes: string
  /** A primary key that numbers rows by itself and never gives a number twice. */
  readonly counter: string
}

export const columnTypes: Record<Dialect, ColumnTypes> = {
  sqlite: { bytes: 'blob', counter: 'integer primary key autoincrement' },
  postgres: { bytes: 'bytea', counter: 'bigserial primary key' },
}
