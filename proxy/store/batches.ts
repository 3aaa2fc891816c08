/**
 * `items` in runs of at most `size`: a statement may hold 32,766 parameters in SQLite and 65,535 in PostgreSQL.
 */
export const batches = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
