import { fromBinary } from '@bufbuild/protobuf'
import { type Annotation, AnnotationSchema, type Concept } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { Status } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { readThroughMerges } from '#proxy/service/concepts/conceptMerges.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { itemStatus } from '#proxy/service/status.ts'
import type { AnnotationRow } from '#proxy/store/annotations.ts'
import { conceptNames, personNames } from '#proxy/store/names.ts'
import type { Db } from '#proxy/store/open.ts'
import { loadMasks } from './annotationMasks.ts'
import { conceptsOf } from './annotationParts.ts'

export const stored = (row: Pick<AnnotationRow, 'message'>): Annotation => fromBinary(AnnotationSchema, row.message)

/**
 * Stored annotations as they go out: masks' bytes, names of concepts and people, the words of the state. Changes them.
 * Three queries for a page, whatever its length.
 */
export const readable = async (annotations: Annotation[], app: AppInUse, db: Db, deps: Deps): Promise<Annotation[]> => {
  await readThroughMerges(db, app.no, annotations)
  const concepts = annotations.flatMap((annotation) => conceptsOf(annotation.data))
  const [names, people] = [
    await conceptNames(db, app.no, [...new Set(concepts.map((concept) => concept.id))]),
    await personNames(db, [...new Set(annotations.flatMap(userIdOf))]),
  ]
  for (const concept of concepts) fillConcept(concept, names, app)
  const statuses = new Map<StatusCode, Status>()
  for (const annotation of annotations) fillAnnotation(annotation, people, statuses)
  await loadMasks(annotations, deps)
  return annotations
}

const userIdOf = (annotation: Annotation): string[] => (annotation.userId ? [annotation.userId] : [])

const fillConcept = (concept: Concept, names: ReadonlyMap<string, string>, app: AppInUse): void => {
  concept.name = names.get(concept.id) ?? concept.id
  concept.appId = app.id
}

const fillAnnotation = (
  annotation: Annotation,
  people: ReadonlyMap<string, { firstName: string; lastName: string }>,
  statuses: Map<StatusCode, Status>,
): void => {
  const worker = annotation.worker?.worker
  if (worker?.case === 'user') Object.assign(worker.value, people.get(worker.value.id))
  annotation.trusted = worker?.case === 'user'
  const code = annotation.status?.code ?? StatusCode.ANNOTATION_SUCCESS
  const status = statuses.get(code) ?? itemStatus(code)
  statuses.set(code, status)
  annotation.status = status
}
