import { type RawBuilder, sql } from 'kysely'
import type { Db } from './open.ts'

/**
 * Where rows name blobs, `hash` and what the row is; each column has an index. What was deleted still counts until it is
 * purged; a deleted dataset version until it can be brought back no more.
 */
export const blobColumns = (deletedBefore: number): readonly RawBuilder<{ hash: string; place: string }>[] => [
  sql`select original as hash, 'input ' || id as place from input where original is not null`,
  sql`select display as hash, 'input ' || id as place from input where display is not null`,
  sql`select mask as hash, 'annotation ' || id as place from annotation where mask is not null`,
  sql`select snapshot as hash, 'dataset version ' || id as place from dataset_version
    where snapshot is not null and (deleted_at is null or deleted_at >= ${deletedBefore})`,
  sql`select dataset_export.hash as hash, 'export of dataset version ' || dataset_version.id as place from dataset_export
    join dataset_version on dataset_version.no = dataset_export.version
    where dataset_export.hash is not null
      and (dataset_version.deleted_at is null or dataset_version.deleted_at >= ${deletedBefore})`,
]

/** Of these blobs those that rows name. */
export const namedBlobs = async (
  db: Db,
  hashes: readonly string[],
  deletedBefore: number,
): Promise<Map<string, string>> => {
  const named = new Map<string, string>()
  if (hashes.length === 0) return named
  for (const column of blobColumns(deletedBefore)) {
    const { rows } = await sql<{ hash: string; place: string }>`select hash, place from (${column}) as named
      where hash in (${sql.join([...hashes])})`.execute(db)
    for (const { hash, place } of rows) named.set(hash, place)
  }
  return named
}

const rowsAtOnce = 500

/**
 * Blobs that messages name which are no rows: what annotations were, as far back as `since` (µs), and known answers. A
 * message names a mask by the address of its picture, which holds the hash.
 */
export const blobsInMessages = async (db: Db, since: number): Promise<Set<string>> => {
  const named = new Set<string>()
  const look = (bytes: Uint8Array | null) => {
    if (!bytes) return
    for (const [hash] of Buffer.from(bytes)
      .toString('latin1')
      .matchAll(/[0-9a-f]{64}/g))
      named.add(hash)
  }
  for (const { annotations } of await db.selectFrom('known_answer').select('annotations').execute()) look(annotations)
  let last = { app: -1, rev: -1 }
  for (;;) {
    const rows = await db
      .selectFrom('history')
      .select(['app', 'rev', 'kind', 'at', 'before', 'after'])
      .where(sql<boolean>`(app, rev) > (${last.app}, ${last.rev})`)
      .orderBy('app')
      .orderBy('rev')
      .limit(rowsAtOnce)
      .execute()
    for (const row of rows) {
      if (row.kind !== 'annotation' || Number(row.at) < since) continue
      look(row.before)
      look(row.after)
    }
    if (rows.length < rowsAtOnce) return named
    last = { app: Number(rows.at(-1)!.app), rev: Number(rows.at(-1)!.rev) }
    await new Promise((resolve) => setImmediate(resolve)) // people are waiting for their answers
  }
}
