import { fromBinary, type JsonValue } from '@bufbuild/protobuf'
import { type Annotation, ConceptSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { isJsonObject } from '#proxy/service/jsonObject.ts'
import { datasOf } from '#proxy/store/annotationData.ts'
import { conceptsById, deletedConcepts } from '#proxy/store/concepts.ts'
import { mergesPending } from '#proxy/store/conceptUse.ts'
import type { Db } from '#proxy/store/open.ts'

/** `metadata.marquee.mergedInto` of a deleted concept: what stands in its place. */
export const mergedInto = (metadata: JsonValue | undefined): string | undefined => {
  const marquee = isJsonObject(metadata) ? metadata.marquee : undefined
  const into = isJsonObject(marquee) ? marquee.mergedInto : undefined
  return typeof into === 'string' && into !== '' ? into : undefined
}

/** So many merges one after the other are followed. */
const mostSteps = 20

/**
 * Of these unknown concepts those that were merged, with the living one that stands in their place now: what somebody
 * labels with a concept that was merged while they drew is not lost, and does not bring it back.
 */
export const followMerges = async (
  db: Db,
  app: number,
  unknown: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const ends = new Map<string, string>()
  let open = new Map(unknown.map((id) => [id, id]))
  for (let step = 0; open.size > 0 && step < mostSteps; step++) {
    const rows = await conceptsById(db, app, [...new Set(open.values())])
    const byId = new Map(rows.map((row) => [row.id, row]))
    const next = new Map<string, string>()
    for (const [id, at] of open) {
      const row = byId.get(at)
      if (!row) continue
      const into = row.deleted_at === null ? undefined : mergedInto(fromBinary(ConceptSchema, row.message).metadata)
      if (into !== undefined) next.set(id, into)
      else if (row.deleted_at === null && at !== id) ends.set(id, at)
    }
    open = next
  }
  return ends
}

/**
 * Puts concepts in the place of others, wherever labels may be. Where both are there the one that stays keeps the higher
 * value: present wins over absent. @returns whether anything changed
 */
export const replaceConcepts = (annotation: Annotation, by: ReadonlyMap<string, string>): boolean => {
  let changed = false
  for (const [data] of datasOf(annotation.data)) {
    if (!data.concepts.some(({ id }) => by.has(id))) continue
    changed = true
    const kept = new Map<string, (typeof data.concepts)[number]>()
    for (const concept of data.concepts) {
      const into = by.get(concept.id)
      if (into !== undefined) Object.assign(concept, { id: into, name: '' })
      const there = kept.get(concept.id)
      if (there) there.value = Math.max(there.value, concept.value)
      else kept.set(concept.id, concept)
    }
    data.concepts = [...kept.values()]
  }
  return changed
}

/**
 * Reads annotations as they will be when all merges of the app are carried out (conceptRelabel.ts), in these very
 * annotations: so a merge is there at once and as a whole, however long the writing takes.
 */
export const readThroughMerges = async (db: Db, app: number, annotations: readonly Annotation[]): Promise<void> => {
  if (annotations.length === 0 || !(await mergesPending(db, app))) return
  const merged = (await deletedConcepts(db, app)).filter(
    (row) => mergedInto(fromBinary(ConceptSchema, row.message).metadata) !== undefined,
  )
  const by = await followMerges(
    db,
    app,
    merged.map(({ id }) => id),
  )
  if (by.size > 0) for (const annotation of annotations) replaceConcepts(annotation, by)
}
