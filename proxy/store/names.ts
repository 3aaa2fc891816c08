import { fromBinary } from '@bufbuild/protobuf'
import { UserSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { batches } from './batches.ts'
import type { Db } from './open.ts'

const idsPerStatement = 1000

/** Names of an app's concepts by id; deleted ones too, since labels may still carry them. */
export const conceptNames = async (db: Db, app: number, ids: readonly string[]): Promise<Map<string, string>> => {
  const names = new Map<string, string>()
  for (const batch of batches(ids, idsPerStatement)) {
    const rows = await db
      .selectFrom('concept')
      .select(['id', 'name'])
      .where('app', '=', app)
      .where('id', 'in', batch)
      .execute()
    for (const row of rows) names.set(row.id, row.name)
  }
  return names
}

export interface PersonName {
  readonly firstName: string
  readonly lastName: string
}

/** Names of people by id; nobody for ids without an account. */
export const personNames = async (db: Db, ids: readonly string[]): Promise<Map<string, PersonName>> => {
  const names = new Map<string, PersonName>()
  for (const batch of batches(ids, idsPerStatement)) {
    const rows = await db.selectFrom('account').select(['id', 'message']).where('id', 'in', batch).execute()
    for (const row of rows) {
      const { firstName, lastName } = fromBinary(UserSchema, row.message)
      names.set(row.id, { firstName, lastName })
    }
  }
  return names
}

/** Of these ids those that have an account. */
export const knownPeople = async (db: Db, ids: readonly string[]): Promise<Set<string>> => {
  const known = new Set<string>()
  for (const batch of batches(ids, idsPerStatement)) {
    const rows = await db.selectFrom('account').select('id').where('id', 'in', batch).execute()
    for (const row of rows) known.add(row.id)
  }
  return known
}
