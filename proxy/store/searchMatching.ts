import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import { datasOf } from './annotationData.ts'
import type { AnnotationColumn, AnnotationCondition, InputCondition, SearchFilter } from './searchConditions.ts'
import { spherePoint } from './searchGeo.ts'
import { termsOf } from './searchTerms.ts'

// What searches ask of rows, asked of messages: of annotations as they were, which no index has any more.

/** What filters ask of an input besides its annotations. */
export interface MatchedInput {
  readonly id: string
  readonly kind: string
  readonly statusCode: number
  readonly sourceUrl: string | null
  readonly datasetIds: readonly string[]
}

/** Whether all filters hold of an annotation and its input, as they would of their rows in a search for annotations. */
export const matches = (filters: readonly SearchFilter[], annotation: Annotation, input: MatchedInput): boolean =>
  filters.every((filter) => {
    const holds =
      filter.annotation.every((condition) => annotationMatches(condition, annotation)) &&
      filter.input.every((condition) => inputMatches(condition, input))
    return holds !== filter.negate
  })

const annotationMatches = (condition: AnnotationCondition, annotation: Annotation): boolean => {
  switch (condition.is) {
    case 'found': {
      const terms = termsOf(annotation)
      return condition.by.some((group) => group.every((term) => terms.has(term)))
    }
    case 'column':
      return condition.any.includes(columnOf(annotation, condition.column))
    case 'modified': {
      const at = annotation.modifiedAt
      const micros = at ? Number(at.seconds) * 1e6 + Math.floor(at.nanos / 1000) : 0
      return micros >= (condition.from ?? 0) && micros <= (condition.to ?? Number.MAX_SAFE_INTEGER)
    }
    default:
      return isThere(condition, annotation)
  }
}

const columnOf = (annotation: Annotation, column: AnnotationColumn): string | number => {
  const worker = annotation.worker?.worker
  switch (column) {
    case 'id':
      return annotation.id
    case 'input_id':
      return annotation.inputId
    case 'user_id':
      return worker?.case === 'user' ? worker.value.id : ''
    case 'model_version_id':
      return worker?.case === 'model' ? (worker.value.modelVersion?.id ?? '') : ''
    case 'workflow_version_id':
      return worker?.case === 'workflow' ? (worker.value.version?.id ?? '') : ''
    case 'task_id':
      return annotation.taskId
    case 'status_code':
      return annotation.status?.code ?? 0
    case 'trusted':
      return Number(worker?.case === 'user')
  }
}

/** The first place an annotation names stands for all of it, as in the index. */
const isThere = (condition: Extract<AnnotationCondition, { is: 'near' | 'inBox' }>, { data }: Annotation): boolean => {
  const place = datasOf(data).find(([inner]) => inner.geo?.geoPoint)?.[0].geo?.geoPoint
  if (!place) return false
  const isWithin = (value: number, [from, to]: readonly [number, number]) => value >= from && value <= to
  if (!isWithin(place.latitude, condition.latitudes)) return false
  if (condition.is === 'inBox') return isWithin(place.longitude, condition.longitudes)
  const [a, b] = [spherePoint(place), condition.point]
  return (a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2 <= condition.chord
}

const inputMatches = (condition: InputCondition, input: MatchedInput): boolean => {
  if (condition.is === 'inDataset') return condition.any.some((id) => input.datasetIds.includes(id))
  // such a search is of inputs, which is refused where messages are asked (service/searches/searchRun.ts)
  if (condition.is === 'fits') throw new Error('a view of the grid is asked of rows only')
  const values = {
    id: input.id,
    kind: input.kind,
    status_code: input.statusCode,
    source_url: input.sourceUrl ?? '',
  }
  return condition.any.includes(values[condition.column])
}
