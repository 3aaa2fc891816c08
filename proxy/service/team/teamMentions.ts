import { create } from '@bufbuild/protobuf'
import { ListMentionsResponseSchema, type Mention, MentionSchema, type Team } from '#gen/marquee/v1/team_pb.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { visibleIn } from '#proxy/service/people/visibility.ts'
import { studioApp, summaryOf } from '#proxy/service/studio/studio.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { notesSince, type RecentNote } from '#proxy/store/notes.ts'
import { notesOn } from '#proxy/store/orders.ts'
import { inputFactsById } from '#proxy/store/summaries.ts'
import { labelsOn } from './labelCounts.ts'
import { noteOf, type StoredNote } from './teamNotes.ts'
import { badRequest } from './teamRights.ts'

const monthMicros = 30 * 24 * 3600 * 1_000_000
const [usual, most] = [30, 100]
/** How many notes are looked through at most, newest first. */
const reach = 2000

/** What others have written to the caller. @throws ApiError CONN_INVALID_REQUEST */
export const listMentions: MethodImpl<typeof Team.method.listMentions> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'readWork')
  if (request.limit > most) throw badRequest('limit', `${request.limit}, must be at most ${most}`)
  const db = deps.store.read
  const me = app.callerId
  const rows = await notesSince(db, app.no, deps.now() - monthMicros, reach, await visibleIn(app, db))
  const notes = rows.map((row) => ({ row, note: noteOf(row) }))
  const mine = new Set(notes.filter(({ row }) => row.user_id === me).map(({ row, note }) => keyOf(row, note)))
  const told = notes
    .filter(({ row, note }) => row.user_id !== me && note.text !== '' && note.verdict === '')
    .filter(({ row, note }) => note.mentions.includes(me) || mine.has(keyOf(row, note)))
    .slice(0, request.limit || usual)
  const ids = told.map(({ row }) => row.input_id)
  const [inputs, labels, threads] = [
    await inputFactsById(db, app.no, ids),
    await labelsOn(app, db, ids),
    await notesOn(db, app.no, ids),
  ]
  const resolved = new Map<string, boolean>()
  for (const row of threads) {
    const note = noteOf(row)
    if (note.resolved !== undefined) resolved.set(keyOf(row, note), note.resolved)
  }
  return create(ListMentionsResponseSchema, {
    mentions: told.map(({ row, note }): Mention => {
      const input = inputs.get(row.input_id)
      return create(MentionSchema, {
        ...(input && { input: summaryOf(input, labels.get(row.input_id), 0, app, deps) }),
        thread: note.thread,
        text: note.text,
        by: row.user_id ?? '',
        at: timestampOf(row.created_at),
        taskId: note.task,
        named: note.mentions.includes(me),
        resolved: resolved.get(keyOf(row, note)) ?? false,
      })
    }),
  })
}

const keyOf = (row: Pick<RecentNote, 'input_id'>, note: StoredNote): string => `${row.input_id}/${note.thread}`
