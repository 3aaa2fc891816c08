import { create, toBinary } from '@bufbuild/protobuf'
import { ConceptSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { Stamp } from './apps.ts'
import { batches } from './batches.ts'
import { appendHistory, itemHistory } from './history.ts'
import type { Db } from './open.ts'

const idsPerStatement = 1000

/** Of these ids those that are no (living) concept of the app yet, in their order. */
export const unknownConcepts = async (db: Db, app: number, ids: readonly string[]): Promise<string[]> => {
  const known = new Set<string>()
  for (const batch of batches(ids, idsPerStatement)) {
    const rows = await db
      .selectFrom('concept')
      .select('id')
      .where('app', '=', app)
      .where('id', 'in', batch)
      .where('deleted_at', 'is', null)
      .execute()
    for (const row of rows) known.add(row.id)
  }
  return ids.filter((id) => !known.has(id))
}

/**
 * Makes concepts that were first used in an annotation (api.md §2.1, Concept.name). One stamp each. One that was deleted
 * comes back as it was.
 */
export const addImplicitConcepts = async (
  tx: Db,
  app: { no: number; id: string; user_id: string },
  concepts: readonly { readonly id: string; readonly name: string }[],
  stamps: readonly Stamp[],
  userId: string,
): Promise<void> => {
  const rows = concepts.map(({ id, name }, i) => {
    const message = create(ConceptSchema, {
      id,
      name,
      appId: app.id,
      userId: app.user_id,
      language: 'en',
      value: 1,
    })
    return {
      app: app.no,
      id,
      name,
      message: toBinary(ConceptSchema, message),
      rev: stamps[i]!.rev,
      created_at: stamps[i]!.at,
      modified_at: stamps[i]!.at,
      deleted_at: null,
      deleted_by: null,
    }
  })
  for (const batch of batches(rows, 500))
    await tx
      .insertInto('concept')
      .values(batch)
      .onConflict((conflict) =>
        conflict.columns(['app', 'id']).doUpdateSet((eb) => ({
          rev: eb.ref('excluded.rev'),
          modified_at: eb.ref('excluded.modified_at'),
          deleted_at: null,
          deleted_by: null,
        })),
      )
      .execute()
  await appendHistory(
    tx,
    rows.map((row, i) =>
      itemHistory('concept', { no: app.no, callerId: userId }, row.id, stamps[i]!, null, row.message),
    ),
  )
}
