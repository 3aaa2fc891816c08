import { create, toBinary } from '@bufbuild/protobuf'
import { CollaboratorSchema, UserSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { nextRevs } from '#proxy/store/apps.ts'
import type { CollaboratorRow } from '#proxy/store/collaborators.ts'
import { appendHistory, itemHistory } from '#proxy/store/history.ts'
import type { Db } from '#proxy/store/open.ts'

type Seen = Pick<CollaboratorRow, 'id' | 'user_id' | 'scopes'>

/** Somebody before and after they joined, left, or were given other scopes; undefined: they are not in the app. */
export interface Membership {
  readonly before?: Seen
  readonly after?: Seen
}

/** Notes who joined, left, or may do something else now, for the activity of the app; in the transaction that does it. */
export const noteMemberships = async (
  tx: Db,
  app: { readonly no: number; readonly callerId: string },
  changes: readonly Membership[],
  now: number,
): Promise<void> => {
  if (changes.length === 0) return
  const stamps = await nextRevs(tx, app.no, changes.length, now)
  const rows = changes.map(({ before, after }, i) => {
    const id = (after ?? before)!.user_id
    return itemHistory('collaborator', app, id, stamps[i]!, bytesOf(before), bytesOf(after))
  })
  await appendHistory(tx, rows)
}

const bytesOf = (row: Seen | undefined): Uint8Array | null => {
  if (!row) return null
  const user = create(UserSchema, { id: row.user_id })
  const scopes = JSON.parse(row.scopes) as string[]
  return toBinary(CollaboratorSchema, create(CollaboratorSchema, { id: row.id, user, scopes }))
}
