import { isDeepStrictEqual } from 'node:util'
import { create, type JsonObject } from '@bufbuild/protobuf'
import {
  type Annotation,
  AnnotationSchema,
  type Concept,
  ConceptSchema,
  type Data,
  DataSchema,
  type Geo,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { deterministicId } from '#model/ids.ts'
import { type NewConcepts, namesOf } from '#proxy/service/annotations/annotationConcepts.ts'
import { bareStatus } from '#proxy/service/annotations/annotationForm.ts'
import { stored } from '#proxy/service/annotations/annotationReading.ts'
import { userWorker } from '#proxy/service/annotations/annotationWorker.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { isJsonObject } from '#proxy/service/jsonObject.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { datasOf } from '#proxy/store/annotationData.ts'
import { type AnnotationRow, annotationsByKey } from '#proxy/store/annotations.ts'
import { annotationsNaming, conceptsOfWhole, countNaming, livingInputRows } from '#proxy/store/bulkSubjects.ts'
import { type InputRow, inputLevelAnnotations } from '#proxy/store/inputs.ts'
import type { Db } from '#proxy/store/open.ts'
import { type Change, type Failure, type Handled, rightsTo, writeChanges } from './bulkWrites.ts'

// What operations do to the labels of some inputs, each within one transaction. An input that cannot be done is left as
// it is and told of; the others are done.

const unknownOnes = (ids: readonly string[], inputs: readonly InputRow[]): Failure[] => {
  const there = new Set(inputs.map(({ id }) => id))
  return ids.filter((id) => !there.has(id)).map((id) => ({ id, reason: `the app has no input "${id}"` }))
}

/** Of what one input gets, all changes or, when one of them is not allowed, none. */
const allowed = async (tx: Db, app: AppInUse, changes: readonly Change[]) => {
  const living = changes.flatMap(({ row }) => (row && row.deleted_at === null ? [row] : []))
  const why = await rightsTo(tx, app, living)
  const failures: Failure[] = []
  const passed: Change[] = []
  for (const [id, own] of Map.groupBy(changes, ({ after }) => after.inputId)) {
    const refused = own.flatMap(({ row }) => (row && row.deleted_at === null ? (why(row) ?? []) : []))[0]
    if (refused === undefined) passed.push(...own)
    else failures.push({ id, reason: refused })
  }
  return { passed, failures }
}

const finish = async (
  tx: Db,
  app: AppInUse,
  ids: readonly string[],
  inputs: readonly InputRow[],
  changes: readonly Change[],
  deps: Deps,
  names?: NewConcepts['names'],
): Promise<Handled> => {
  const { passed, failures } = await allowed(tx, app, changes)
  await writeChanges(tx, app, passed, deps, { names })
  return { count: ids.length, failures: [...unknownOnes(ids, inputs), ...failures] }
}

/**
 * Sets concepts of the whole input in the caller's name: where an annotation of theirs says something of a concept
 * already it is changed there, else in their one annotation of the whole (decisions §11).
 */
export const addConceptsTo = async (
  tx: Db,
  app: AppInUse,
  ids: readonly string[],
  concepts: readonly Concept[],
  deps: Deps,
): Promise<Handled> => {
  const inputs = await livingInputRows(tx, app.no, ids)
  const livingIds = inputs.map(({ id }) => id)
  const own = Map.groupBy(await conceptsOfWhole(tx, app.no, livingIds, app.callerId), (row) => row.input_id)
  // decisions §11; the studio makes the same id (src/model/imageConcepts.ts)
  const idOf = (inputId: string) => deterministicId('image', app.user_id, app.id, inputId, app.callerId)
  const keys = livingIds.map((input_id) => ({ input_id, id: idOf(input_id) }))
  const wholes = new Map((await annotationsByKey(tx, app.no, keys)).map((row) => [row.input_id, row]))
  const changes = livingIds.flatMap((inputId) =>
    conceptChanges(inputId, idOf(inputId), own.get(inputId) ?? [], wholes.get(inputId), concepts, app),
  )
  return finish(tx, app, ids, inputs, changes, deps, namesOf(concepts))
}

const conceptChanges = (
  inputId: string,
  wholeId: string,
  own: readonly AnnotationRow[],
  whole: AnnotationRow | undefined,
  concepts: readonly Concept[],
  app: AppInUse,
): Change[] => {
  const open = new Map(concepts.map(({ id, value }) => [id, value]))
  const changes: Change[] = []
  for (const row of own) {
    const after = stored(row)
    for (const concept of after.data!.concepts) concept.value = open.get(concept.id) ?? concept.value
    changes.push({ row, after })
  }
  for (const { after } of changes) for (const { id } of after.data!.concepts) open.delete(id)
  if (open.size === 0) return changes
  const there = changes.find(({ after }) => after.id === wholeId)
  const change = there ?? { row: whole, after: wholeOf(inputId, wholeId, whole, app) }
  change.after.data ??= create(DataSchema)
  change.after.data.concepts.push(...[...open].map(([id, value]) => create(ConceptSchema, { id, value })))
  return there ? changes : [...changes, change]
}

/** A person's annotation of the whole input; one that was deleted begins anew under its id. */
const wholeOf = (inputId: string, id: string, row: AnnotationRow | undefined, app: AppInUse): Annotation =>
  row?.deleted_at === null
    ? stored(row)
    : create(AnnotationSchema, {
        id,
        inputId,
        userId: app.callerId,
        worker: userWorker(app.callerId),
        status: bareStatus(StatusCode.ANNOTATION_SUCCESS),
        trusted: true,
      })

/** An input may have ten thousand regions: so many annotations are changed at once, and always those of one input. */
const mostAnnotations = 2000

/** Takes concepts off whatever these people labelled with them: the whole, regions, frames. */
export const deleteConceptsFrom = async (
  tx: Db,
  app: AppInUse,
  ids: readonly string[],
  { concepts, userIds }: { readonly concepts: readonly Concept[]; readonly userIds: readonly string[] },
  deps: Deps,
): Promise<Handled> => {
  const conceptIds = concepts.map(({ id }) => id)
  const all = await livingInputRows(tx, app.no, ids)
  const counts = await countNaming(tx, app.no, all, conceptIds, userIds)
  const some = firstOf(ids, counts)
  const inputs = all.filter(({ id }) => some.includes(id))
  const rows = await annotationsNaming(tx, app.no, inputs, conceptIds, userIds)
  const gone = new Set(conceptIds)
  const changes = rows.map((row) => {
    const after = stored(row)
    for (const [data] of datasOf(after.data)) data.concepts = data.concepts.filter(({ id }) => !gone.has(id))
    return { row, after }
  })
  return finish(tx, app, some, inputs, changes, deps)
}

const firstOf = (ids: readonly string[], counts: ReadonlyMap<string, number>): readonly string[] => {
  let sum = 0
  const end = ids.findIndex((id, i) => {
    sum += counts.get(id) ?? 0
    return i > 0 && sum > mostAnnotations
  })
  return end < 0 ? ids : ids.slice(0, end)
}

/** Changes the data of the inputs' own annotations. */
const changeLevels = async (
  tx: Db,
  app: AppInUse,
  ids: readonly string[],
  change: (data: Data) => void,
  deps: Deps,
): Promise<Handled> => {
  const inputs = await livingInputRows(tx, app.no, ids)
  const rows = await inputLevelAnnotations(
    tx,
    app.no,
    inputs.map(({ id }) => id),
  )
  const changes = rows
    .filter((row) => row.deleted_at === null)
    .map((row) => {
      const after = stored(row)
      after.data ??= create(DataSchema)
      change(after.data)
      return { row, after }
    })
  return finish(tx, app, ids, inputs, changes, deps)
}

/** Keys that are there already get the new value as a whole (RP:Operation). */
export const addMetadataTo = (tx: Db, app: AppInUse, ids: readonly string[], metadata: JsonObject, deps: Deps) =>
  changeLevels(
    tx,
    app,
    ids,
    (data) => {
      data.metadata = { ...data.metadata, ...metadata }
    },
    deps,
  )

/** Takes away what has the very value that is given. */
export const deleteMetadataFrom = (tx: Db, app: AppInUse, ids: readonly string[], metadata: JsonObject, deps: Deps) =>
  changeLevels(
    tx,
    app,
    ids,
    (data) => {
      const left = withoutPairs(data.metadata ?? {}, metadata)
      if (Object.keys(left).length > 0) data.metadata = left
      else delete data.metadata
    },
    deps,
  )

/** Of objects the pairs in them go, and the object with the last of them. */
const withoutPairs = (stored: JsonObject, sent: JsonObject): JsonObject => {
  const left = { ...stored }
  for (const [key, value] of Object.entries(sent)) {
    const before = left[key]
    if (before === undefined) continue
    if (isDeepStrictEqual(before, value)) delete left[key]
    else if (isJsonObject(before) && isJsonObject(value)) {
      const inner = withoutPairs(before, value)
      if (Object.keys(inner).length > 0) left[key] = inner
      else delete left[key]
    }
  }
  return left
}

export const overwriteGeoOf = (tx: Db, app: AppInUse, ids: readonly string[], geo: Geo | undefined, deps: Deps) =>
  changeLevels(
    tx,
    app,
    ids,
    (data) => {
      if (geo) data.geo = geo
      else delete data.geo
    },
    deps,
  )
