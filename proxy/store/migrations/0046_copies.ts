import { fromBinary } from '@bufbuild/protobuf'
import { AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { Db } from '#proxy/store/open.ts'
import type { Step } from './step.ts'

const rowsAtATime = 1000

/** Whose annotation says the same and counts was said by the message alone; what is counted once is found in SQL. */
export const copies = (): readonly Step[] => [
  'alter table annotation add column same_as text',
  'create index annotation_copy on annotation (app, task_id) where same_as is not null',
  async (db) => {
    for (const { no } of await db.selectFrom('app').select('no').execute()) await ofApp(db, no)
  },
]

const ofApp = async (db: Db, app: number): Promise<void> => {
  for (let after = -1; ; ) {
    // only approved work of people says so
    const rows = await db
      .selectFrom('annotation')
      .select(['created_at', 'input_id', 'id', 'message'])
      .where('app', '=', app)
      .where('status_code', '=', 24150)
      .where('trusted', '=', 1)
      .where('created_at', '>', after)
      .orderBy('created_at')
      .limit(rowsAtATime)
      .execute()
    for (const { input_id, id, message } of rows) {
      const speaker = speakerIn(message)
      if (speaker !== undefined)
        await db
          .updateTable('annotation')
          .set({ same_as: speaker })
          .where('app', '=', app)
          .where('input_id', '=', input_id)
          .where('id', '=', id)
          .execute()
    }
    const last = rows.at(-1)
    if (!last) return
    after = Number(last.created_at)
  }
}

const speakerIn = (message: Uint8Array): string | undefined => {
  // of a million messages hardly one has it: a search of bytes is 20 times as fast as decoding
  if (!Buffer.from(message.buffer, message.byteOffset, message.byteLength).includes('same_as')) return undefined
  const said = fromBinary(AnnotationSchema, message).consensusInfo?.marquee as { same_as?: unknown } | undefined
  return typeof said?.same_as === 'string' ? said.same_as : undefined
}
