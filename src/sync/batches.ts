/** The API takes this many annotations or inputs in one call. */
const BATCH = 128

/** What goes into one call each. */
export const inBatches = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / BATCH) }, (_, n) => items.slice(n * BATCH, (n + 1) * BATCH))
