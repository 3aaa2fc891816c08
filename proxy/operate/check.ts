import { createHash } from 'node:crypto'
import { type DescMessage, fromBinary } from '@bufbuild/protobuf'
import { sql } from 'kysely'
import {
  AnnotationFilterSchema,
  AnnotationSchema,
  AppSchema,
  BulkOperationSchema,
  CollaboratorSchema,
  ConceptSchema,
  DatasetSchema,
  DatasetVersionSchema,
  InputSchema,
  KeySchema,
  ModelSchema,
  ModelVersionSchema,
  SearchSchema,
  TaskSchema,
  UserSchema,
  WorkflowSchema,
  WorkflowVersionSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { BlobMissing, type BlobStore } from '#proxy/media/blobs.ts'
import { blobColumns } from '#proxy/store/blobNames.ts'
import type { Store } from '#proxy/store/open.ts'

export interface Findings {
  /** One line each; empty = everything is in order. */
  readonly problems: readonly string[]
  readonly rows: number
  readonly blobs: number
  /** Blobs that no row names: harmless, e.g. left by an interrupted upload. */
  readonly unused: number
}

const MESSAGES: readonly [table: MessageTable, schema: DescMessage][] = [
  ['account', UserSchema],
  ['api_key', KeySchema],
  ['app', AppSchema],
  ['collaborator', CollaboratorSchema],
  ['concept', ConceptSchema],
  ['input', InputSchema],
  ['annotation', AnnotationSchema],
  ['model', ModelSchema],
  ['model_version', ModelVersionSchema],
  ['workflow', WorkflowSchema],
  ['workflow_version', WorkflowVersionSchema],
  ['dataset', DatasetSchema],
  ['dataset_version', DatasetVersionSchema],
  ['task', TaskSchema],
  ['bulk_operation', BulkOperationSchema],
  ['saved_search', SearchSchema],
  ['annotation_filter', AnnotationFilterSchema],
]
type MessageTable =
  | 'account'
  | 'api_key'
  | 'app'
  | 'collaborator'
  | 'concept'
  | 'input'
  | 'annotation'
  | 'model'
  | 'model_version'
  | 'workflow'
  | 'workflow_version'
  | 'dataset'
  | 'dataset_version'
  | 'task'
  | 'bulk_operation'
  | 'saved_search'
  | 'annotation_filter'

/** Verifies the database itself, that every stored message can be read, and that every blob is there, byte for byte. */
export async function checkEverything(store: Store, blobs: BlobStore): Promise<Findings> {
  const problems = store.dialect === 'sqlite' ? await checkSqlite(store) : []
  let rows = 0
  for (const [table, schema] of MESSAGES) rows += await checkMessages(store, table, schema, problems)
  const named = await blobsNamed(store)
  for (const [hash, where] of named) problems.push(...(await checkBlob(blobs, hash, where)))
  let unused = 0
  for await (const hash of blobs.list()) if (!named.has(hash)) unused++
  return { problems, rows, blobs: named.size, unused }
}

async function checkSqlite(store: Store): Promise<string[]> {
  const integrity = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(store.read)
  const broken = integrity.rows.map((row) => row.integrity_check).filter((line) => line !== 'ok')
  const foreign = await sql<{ table: string; parent: string }>`pragma foreign_key_check`.execute(store.read)
  return [
    ...broken.map((line) => `database: ${line}`),
    ...foreign.rows.map((row) => `database: a row of ${row.table} names a row of ${row.parent} that is not there`),
  ]
}

async function checkMessages(store: Store, table: MessageTable, schema: DescMessage, problems: string[]) {
  let rows = 0
  for await (const { message } of store.read.selectFrom(table).select('message').stream()) {
    rows++
    try {
      fromBinary(schema, message)
    } catch (error) {
      problems.push(`${table}: row ${rows} cannot be read as ${schema.typeName}: ${(error as Error).message}`)
    }
  }
  return rows
}

/** Every hash that a row names, with one place that names it. */
async function blobsNamed(store: Store): Promise<Map<string, string>> {
  const named = new Map<string, string>()
  for (const column of blobColumns(0))
    for (const { hash, place } of (await column.execute(store.read)).rows) named.set(hash, place)
  return named
}

async function checkBlob(blobs: BlobStore, hash: string, where: string): Promise<string[]> {
  try {
    const { stream } = await blobs.open(hash)
    const found = createHash('sha256')
    for await (const chunk of stream) found.update(chunk)
    return found.digest('hex') === hash ? [] : [`blob ${hash} of ${where} has other bytes than its name says`]
  } catch (error) {
    if (error instanceof BlobMissing) return [`blob ${hash} of ${where} is missing`]
    throw error
  }
}
