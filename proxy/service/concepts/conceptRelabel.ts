import { equals, fromBinary, type JsonObject, toBinary } from '@bufbuild/protobuf'
import {
  type Annotation,
  AnnotationSchema,
  type Concept,
  ConceptSchema,
  DataSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import type { NewConcepts } from '#proxy/service/annotations/annotationConcepts.ts'
import { conceptsOf } from '#proxy/service/annotations/annotationParts.ts'
import { stored } from '#proxy/service/annotations/annotationReading.ts'
import { writeChanges } from '#proxy/service/bulk/bulkWrites.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { isJsonObject } from '#proxy/service/jsonObject.ts'
import { type AppInUse, inUse } from '#proxy/service/people/access.ts'
import { appForPerson } from '#proxy/store/access.ts'
import { annotationsByKey } from '#proxy/store/annotations.ts'
import { lockApp, nextRev, revOf } from '#proxy/store/apps.ts'
import { type ConceptRow, conceptsById, deletedConcepts, putConcepts } from '#proxy/store/concepts.ts'
import { annotationsOfConcept, writesAfter } from '#proxy/store/conceptUse.ts'
import { appByNo } from '#proxy/store/datasetCut.ts'
import { appendHistory, itemHistory } from '#proxy/store/history.ts'
import type { Db } from '#proxy/store/open.ts'
import { followMerges, mergedInto, replaceConcepts } from './conceptMerges.ts'

/*
 * A merge is done at once: the concept is deleted and says what took its place, and annotations are read so
 * (readThroughMerges). Here the labels are written anew, some at a time, so that other writers hardly wait, and written
 * back when the merge is taken back. Either may be interrupted and goes on.
 */

/** About 2 ms each: so long others wait for their turn at most. */
const labelsAtATime = 100
/** How long it has the worker before others have their turn. */
const turnMs = 2_000

/** `metadata.marquee` of a concept. */
export const marqueeOf = ({ metadata }: Pick<Concept, 'metadata'>): JsonObject =>
  isJsonObject(metadata?.marquee) ? metadata.marquee : {}

export const conceptOf = (row: Pick<ConceptRow, 'message'>): Concept => fromBinary(ConceptSchema, row.message)

/** The merge that is being taken back: what RestoreConcept was given. */
export const restoringOf = (row: ConceptRow): string | undefined => {
  const { restoring } = marqueeOf(conceptOf(row))
  return typeof restoring === 'string' ? restoring : undefined
}

const isMerged = (row: ConceptRow | undefined): row is ConceptRow =>
  row !== undefined && row.deleted_at !== null && mergedInto(conceptOf(row).metadata) !== undefined

/** Does what merges have left in an app, for about two seconds. Work of the queue (bulkWorker.ts). */
export const runMerges = async (appNo: number, deps: Deps, signal: AbortSignal): Promise<'done' | 'more'> => {
  const { read } = deps.store
  const until = performance.now() + turnMs
  for (const row of (await deletedConcepts(read, appNo)).filter(isMerged)) {
    const app = await ownerOf(read, appNo)
    if (!app) return 'done'
    const undo = restoringOf(row)
    const done =
      undo === undefined
        ? await relabel(app, row.id, deps, () => performance.now() < until && !signal.aborted)
        : await restoreLabels(app, row.id, undo, deps).then(() => true)
    if (!done) return 'more'
  }
  return 'done'
}

/** Only owners merge concepts. */
const ownerOf = async (db: Db, appNo: number): Promise<AppInUse | undefined> => {
  const { user_id, id } = await appByNo(db, appNo)
  const found = await appForPerson(db, user_id, id, user_id)
  return found && inUse(found, { userId: user_id, scopes: 'all' })
}

/** SQLite answers at once: without this no call would be heard until the turn is over. */
const breath = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** Writes labels of a merged concept anew while `goesOn`. @returns whether none are left */
export const relabel = async (app: AppInUse, from: string, deps: Deps, goesOn: () => boolean): Promise<boolean> => {
  while (goesOn()) {
    if ((await relabelSome(app, from, deps)) < labelsAtATime) return true
    await breath()
  }
  return false
}

const relabelSome = (app: AppInUse, from: string, deps: Deps): Promise<number> =>
  deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const [row] = await conceptsById(tx, app.no, [from])
    if (!isMerged(row) || restoringOf(row) !== undefined) return 0
    const by = await followMerges(tx, app.no, [from])
    if (by.size === 0) return 0
    const rows = await annotationsOfConcept(tx, app.no, from, labelsAtATime)
    const changes = rows
      .map((one) => ({ row: one, after: stored(one) }))
      .filter(({ after }) => replaceConcepts(after, by))
    await writeChanges(tx, app, changes, deps)
    return changes.length
  })

/** What a merge wrote at first: the concept and the tasks. `undo` of MergeConcept's answer. */
export const firstWrites = (undo: string): readonly [first: number, last: number] | undefined => {
  const [first, last] = (/^(\d{1,15})-(\d{1,15})$/.exec(undo) ?? []).slice(1).map(Number)
  return first === undefined || last === undefined ? undefined : [first, last]
}

/**
 * Writes labels back that a merge had written anew and nobody has changed since; until the concept itself is back
 * nothing of it is seen. @returns how many are as they were, and how many were changed and stay
 */
export const restoreLabels = async (
  app: AppInUse,
  concept: string,
  undo: string,
  deps: Deps,
): Promise<{ restored: number; kept: number }> => {
  const [, last] = firstWrites(undo)!
  const { store } = deps
  const end = await revOf(store.write, app.no)
  const counts = { restored: 0, kept: 0 }
  for (let after = last; after < end; ) {
    const writes = await writesAfter(store.write, app.no, after, labelsAtATime)
    const own = writes.filter((write) => isOfMerge(write, concept, app.callerId))
    const restored = own.length > 0 ? await writeBack(app, own, deps) : 0
    counts.restored += restored
    counts.kept += own.length - restored
    if (writes.length < labelsAtATime) break
    after = Number(writes.at(-1)!.rev)
    await breath()
  }
  await bringBack(app, concept, deps)
  return counts
}

type Write = Awaited<ReturnType<typeof writesAfter>>[number]

/** It put what took the concept's place where the concept was, and did nothing else. */
const isOfMerge = ({ kind, user_id, before, after }: Write, concept: string, owner: string): boolean => {
  if (kind !== 'annotation' || user_id !== owner || !before || !after) return false
  const [was, is] = [fromBinary(AnnotationSchema, before), fromBinary(AnnotationSchema, after)]
  const into = idsIn(is)
  if (into.has(concept) || !idsIn(was).has(concept)) return false
  return [...into].some((id) => {
    const merged = fromBinary(AnnotationSchema, before)
    replaceConcepts(merged, new Map([[concept, id]]))
    return equals(DataSchema, merged.data!, is.data!)
  })
}

const idsIn = ({ data }: Annotation): ReadonlySet<string> => new Set(conceptsOf(data).map(({ id }) => id))

const nothingNew: NewConcepts = { unknown: new Set(), forbidden: false, used: new Set(), names: new Map() }

const writeBack = (app: AppInUse, writes: readonly Write[], deps: Deps): Promise<number> =>
  deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const keys = writes.map(({ input_id, item_id }) => ({ input_id, id: item_id }))
    const rows = new Map((await annotationsByKey(tx, app.no, keys)).map((row) => [`${row.input_id}/${row.id}`, row]))
    const changes = writes.flatMap((write) => {
      const row = rows.get(`${write.input_id}/${write.item_id}`)
      if (!row || row.deleted_at !== null || Number(row.rev) !== Number(write.rev)) return []
      return [{ row, after: fromBinary(AnnotationSchema, write.before!) }]
    })
    await writeChanges(tx, app, changes, deps, { known: nothingNew })
    return changes.length
  })

/** The last step: the concept is there again, and with it its labels. */
const bringBack = (app: AppInUse, id: string, deps: Deps): Promise<void> =>
  deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const [row] = await conceptsById(tx, app.no, [id])
    if (!row || row.deleted_at === null) return
    const { rev, at } = await nextRev(tx, app.no, deps.now())
    const concept = conceptOf(row)
    const { mergedInto: _, restoring: __, ...marquee } = marqueeOf(concept)
    const metadata = { ...concept.metadata, marquee }
    const message = toBinary(ConceptSchema, concept.metadata ? { ...concept, metadata } : concept)
    await putConcepts(tx, [{ ...row, message, rev, modified_at: at, deleted_at: null, deleted_by: null }])
    await appendHistory(tx, [itemHistory('concept', app, id, { rev, at }, null, message)])
  })
