import { PostgresDialect } from 'kysely'
import pg from 'pg'

const int8 = 20

/** Integers of eight bytes as numbers: ours are microseconds and counts, below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 && format !== 'binary'
      ? Number
      : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
}

export const postgresDialect = (url: string): PostgresDialect =>
  new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 10, types }) })
