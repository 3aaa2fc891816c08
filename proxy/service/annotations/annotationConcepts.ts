import type { Annotation, Concept, Data } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { followMerges, replaceConcepts } from '#proxy/service/concepts/conceptMerges.ts'
import { type AppInUse, mayDo } from '#proxy/service/people/access.ts'
import type { Stamp } from '#proxy/store/apps.ts'
import { addImplicitConcepts, unknownConcepts } from '#proxy/store/implicitConcepts.ts'
import type { Db } from '#proxy/store/open.ts'
import { conceptsOf } from './annotationParts.ts'

/** Concepts that annotations use and the app does not have yet: made by using them (api.md §2.1, Concept.name). */
export interface NewConcepts {
  readonly unknown: ReadonlySet<string>
  /** The caller's scopes lack Concepts_Add. */
  readonly forbidden: boolean
  /** Those that annotations which will be written really use. */
  readonly used: Set<string>
  /** What they are to be called, by id; the id itself where nothing was said. */
  readonly names: ReadonlyMap<string, string>
}

/**
 * The names that concepts were sent with, by id; the first that is said counts. Asked before the labels are brought
 * into their stored form, which has no names.
 */
export const saidNames = (sent: readonly { readonly data?: Data }[]): Map<string, string> =>
  namesOf(sent.flatMap(({ data }) => conceptsOf(data)))

export const namesOf = (concepts: readonly Concept[]): Map<string, string> => {
  const names = new Map<string, string>()
  for (const { id, name } of concepts) if (name.trim() && !names.has(id)) names.set(id, name)
  return names
}

/** Puts what merged concepts were merged into in their place (conceptMerges.ts), in these very annotations. */
export const newConceptsOf = async (
  tx: Db,
  app: AppInUse,
  annotations: readonly Annotation[],
  names: NewConcepts['names'] = new Map(),
): Promise<NewConcepts> => {
  const ids = annotations.flatMap(({ data }) => conceptsOf(data).map((concept) => concept.id))
  const unknown = await unknownConcepts(tx, app.no, [...new Set(ids)])
  const merged = unknown.length > 0 ? await followMerges(tx, app.no, unknown) : new Map<string, string>()
  if (merged.size > 0) for (const annotation of annotations) replaceConcepts(annotation, merged)
  return {
    unknown: new Set(unknown.filter((id) => !merged.has(id))),
    forbidden: !mayDo(app, 'addConcepts'),
    used: new Set(),
    names,
  }
}

/** Notes the new concepts of an annotation about to be written. @throws ApiError CONN_INSUFFICIENT_SCOPES */
export const takeConcepts = (annotation: Annotation, path: string, concepts: NewConcepts): void => {
  const fresh = conceptsOf(annotation.data)
    .map(({ id }) => id)
    .filter((id) => concepts.unknown.has(id))
  if (fresh.length > 0 && concepts.forbidden) throw mayNotMake(`${path}.data.concepts`, fresh)
  for (const id of fresh) concepts.used.add(id)
}

/** For those who may use concepts that are there, and make none. */
export const mayNotMake = (path: string, ids: readonly string[]): ApiError =>
  new ApiError(StatusCode.CONN_INSUFFICIENT_SCOPES, `${path}: missing scopes: Concepts_Add (new: ${ids.join(', ')})`)

/** Makes the used ones, in the transaction that writes the annotations; one stamp each. */
export const addConcepts = (
  tx: Db,
  app: AppInUse,
  { used, names }: NewConcepts,
  stamps: readonly Stamp[],
): Promise<void> => {
  const concepts = [...used].map((id) => ({ id, name: names.get(id) ?? id }))
  return addImplicitConcepts(tx, app, concepts, stamps, app.callerId)
}
