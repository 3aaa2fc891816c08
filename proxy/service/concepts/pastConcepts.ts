import { create, fromBinary } from '@bufbuild/protobuf'
import {
  ListPastConceptsResponseSchema,
  type Office,
  type PastConcept,
  PastConceptSchema,
} from '#gen/marquee/v1/office_pb.ts'
import { TaskSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { keptMicros } from '#proxy/service/studio/studioRestore.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { type ConceptRow, conceptsById, deletedConcepts } from '#proxy/store/concepts.ts'
import { writesAfter } from '#proxy/store/conceptUse.ts'
import type { Db } from '#proxy/store/open.ts'
import { mergedInto } from './conceptMerges.ts'
import { ownApp } from './conceptOffice.ts'
import { conceptOf, restoringOf } from './conceptRelabel.ts'

/** ListPastConcepts: what can still be taken back of merges and deletions. */
export const listPastConcepts: MethodImpl<typeof Office.method.listPastConcepts> = async (request, call, deps) => {
  const app = await ownApp(deps, call, { ...request, conceptId: '' })
  const db = deps.store.read
  const since = deps.now() - keptMicros
  const gone = (await deletedConcepts(db, app.no))
    .filter((row) => Number(row.deleted_at) >= since)
    .sort((a, b) => Number(b.deleted_at) - Number(a.deleted_at))
  const intoIds = gone.flatMap((row) => mergedInto(conceptOf(row).metadata) ?? [])
  const names = new Map((await conceptsById(db, app.no, intoIds)).map((row) => [row.id, row.name]))
  const concepts: PastConcept[] = []
  for (const row of gone) concepts.push(await pastConcept(db, app, row, names))
  return create(ListPastConceptsResponseSchema, { concepts })
}

const pastConcept = async (
  db: Db,
  app: AppInUse,
  row: ConceptRow,
  names: ReadonlyMap<string, string>,
): Promise<PastConcept> => {
  const into = mergedInto(conceptOf(row).metadata) ?? ''
  const undo = restoringOf(row)
  return create(PastConceptSchema, {
    conceptId: row.id,
    name: row.name,
    intoId: into,
    intoName: names.get(into) ?? '',
    at: timestampOf(Number(row.deleted_at)),
    by: row.deleted_by ?? '',
    undo: undo ?? (await undoOf(db, app, row)),
    returning: undo !== undefined,
  })
}

/** Most tasks that one merge writes. */
const mostTasks = 1000

/** What MergeConcept answered: its writes, of the concept and right after it of the tasks that offered it. */
const undoOf = async (db: Db, app: AppInUse, row: ConceptRow): Promise<string> => {
  const first = Number(row.rev)
  let last = first
  for (const write of await writesAfter(db, app.no, first, mostTasks)) {
    const follows = write.kind === 'task' && write.user_id === row.deleted_by && Number(write.rev) === last + 1
    if (!follows || !offers(write.before, row.id) || offers(write.after, row.id)) break
    last++
  }
  return `${first}-${last}`
}

const offers = (message: Uint8Array | null, conceptId: string): boolean =>
  message !== null && fromBinary(TaskSchema, message).concepts.some(({ concept }) => concept?.id === conceptId)
