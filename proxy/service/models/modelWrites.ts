import type { Deps } from '#proxy/service/deps.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { nextRevs, type Stamp } from '#proxy/store/apps.ts'
import { appendHistory, itemHistory } from '#proxy/store/history.ts'
import {
  addThing,
  addVersion,
  changeThing,
  changeVersion,
  removeThing,
  removeVersion,
  type Thing,
  type ThingRow,
  type VersionRow,
} from '#proxy/store/models.ts'
import type { Db } from '#proxy/store/open.ts'

/** Writes of models, workflows and their versions: each with its stamp and its line of history. */
export interface ThingWriter {
  /** @returns its number */
  add(id: string, message: Uint8Array): Promise<number>
  change(row: ThingRow, message: Uint8Array): Promise<void>
  remove(row: ThingRow): Promise<void>
  addVersion(parent: number, id: string, message: Uint8Array): Promise<void>
  changeVersion(row: VersionRow, message: Uint8Array): Promise<void>
  removeVersion(row: VersionRow): Promise<void>
}

/** The caller has locked the app. */
export const thingWriter = (tx: Db, thing: Thing, app: AppInUse, deps: Deps): ThingWriter => {
  const stamp = async () => (await nextRevs(tx, app.no, 1, deps.now()))[0]!
  const note = (
    kind: Thing | `${Thing}_version`,
    id: string,
    now: Stamp,
    before: Uint8Array | null,
    after: Uint8Array | null,
  ) => appendHistory(tx, [itemHistory(kind, app, id, now, before, after)])
  const removed = ({ rev, at }: Stamp) => ({ rev, deleted_at: at, deleted_by: app.callerId })
  const changed = ({ rev, at }: Stamp, message: Uint8Array) => ({ message, rev, modified_at: at })
  const version = `${thing}_version` as const
  return {
    async add(id, message) {
      const now = await stamp()
      await note(thing, id, now, null, message)
      return addThing(tx, thing, { app: app.no, id, created_at: now.at, ...changed(now, message) })
    },
    async change(row, message) {
      const now = await stamp()
      await note(thing, row.id, now, row.message, message)
      await changeThing(tx, thing, row.no, changed(now, message))
    },
    async remove(row) {
      const now = await stamp()
      await note(thing, row.id, now, row.message, null)
      await removeThing(tx, thing, row.no, removed(now))
    },
    async addVersion(parent, id, message) {
      const now = await stamp()
      await note(version, id, now, null, message)
      await addVersion(tx, thing, { app: app.no, parent, id, created_at: now.at, ...changed(now, message) })
    },
    async changeVersion(row, message) {
      const now = await stamp()
      await note(version, row.id, now, row.message, message)
      await changeVersion(tx, thing, row.no, changed(now, message))
    },
    async removeVersion(row) {
      const now = await stamp()
      await note(version, row.id, now, row.message, null)
      await removeVersion(tx, thing, row.no, removed(now))
    },
  }
}
