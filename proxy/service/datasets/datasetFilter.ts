import { clone, create, fromBinary } from '@bufbuild/protobuf'
import {
  type Annotation,
  type AnnotationFilter,
  AnnotationFilterConfigSchema,
  AnnotationFilterSchema,
  AnnotationSchema,
  DataSchema,
  type Dataset,
  type DatasetVersion,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { planOf, withoutMe } from '#proxy/service/searches/searchRun.ts'
import { datasetIdsOf } from '#proxy/store/datasets.ts'
import type { InputRow } from '#proxy/store/inputs.ts'
import type { Db } from '#proxy/store/open.ts'
import { annotationFiltersById } from '#proxy/store/savedSearches.ts'
import type { SearchFilter } from '#proxy/store/searchConditions.ts'
import { type MatchedInput, matches } from '#proxy/store/searchMatching.ts'

/**
 * The version with the filter it names, or, when it names none, that of its dataset, as it is at this moment: a version
 * stays what it is when the filter is changed later.
 * @throws ApiError CONN_DOES_NOT_EXIST no such filter; SEARCH_INVALID_REQUEST one that cannot be run
 */
export const withFilter = async (
  version: DatasetVersion,
  path: string,
  dataset: Dataset,
  app: AppInUse,
  db: Db,
): Promise<DatasetVersion> => {
  const { dataConfig } = version
  const given = dataConfig.case === 'annotationFilterConfig' ? dataConfig.value : undefined
  const named = given?.annotationFilter ?? (dataConfig.case ? undefined : dataset.defaultAnnotationFilter)
  if (!named) return version
  const field = `${path}.annotation_filter_config.annotation_filter`
  const annotationFilter = await resolved(named, field, app, db)
  const value = create(AnnotationFilterConfigSchema, {
    ignoreEmptyInputs: given?.ignoreEmptyInputs ?? false,
    annotationFilter,
  })
  return Object.assign(version, { dataConfig: { case: 'annotationFilterConfig' as const, value } })
}

const resolved = async (named: AnnotationFilter, field: string, app: AppInUse, db: Db): Promise<AnnotationFilter> => {
  const filter = named.search ? clone(AnnotationFilterSchema, named) : await keptFilter(named.id, field, app, db)
  if (filter.search) filter.search = withoutMe(filter.search, app.callerId)
  await filtersOf(filter, field, app, db)
  return filter
}

const keptFilter = async (id: string, field: string, app: AppInUse, db: Db): Promise<AnnotationFilter> => {
  const [row] = await annotationFiltersById(db, app.no, [id])
  if (!row) throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `${field}.id: the app has no annotation filter "${id}"`)
  return fromBinary(AnnotationFilterSchema, row.message)
}

const filtersOf = async (
  { search }: AnnotationFilter,
  field: string,
  app: AppInUse,
  db: Db,
): Promise<readonly SearchFilter[]> => {
  const searcher = { app: app.no, callerId: app.callerId, visible: undefined }
  return search ? (await planOf(db, 'annotation', search, `${field}.search`, searcher)).filters : []
}

/** What of the annotations of some inputs is part of a version. */
export type Chosen = (annotations: readonly Annotation[], inputs: readonly InputRow[]) => Promise<Annotation[]>

/** Everything for a version without a filter. What an input is itself, its metadata and place, stays in any case. */
export const chosenBy = async ({ dataConfig }: DatasetVersion, app: AppInUse, db: Db): Promise<Chosen> => {
  const filter = dataConfig.case === 'annotationFilterConfig' ? dataConfig.value.annotationFilter : undefined
  if (!filter) return async (annotations) => [...annotations]
  const filters = await filtersOf(filter, 'annotation_filter', app, db)
  return async (annotations, inputs) => {
    const datasets = await datasetIdsOf(db, app.no, inputs)
    const known = new Map(inputs.map((row) => [row.id, matchedInput(row, datasets.get(row.id) ?? [])]))
    return annotations.flatMap((annotation) => {
      const input = known.get(annotation.inputId)
      if (input && matches(filters, annotation, input)) return [annotation]
      return annotation.inputLevel ? [withoutLabels(annotation)] : []
    })
  }
}

const matchedInput = (row: InputRow, datasetIds: readonly string[]): MatchedInput => ({
  id: row.id,
  kind: row.kind,
  statusCode: row.status_code,
  sourceUrl: row.source_url,
  datasetIds,
})

/** What an input is itself: its metadata and place. */
export const withoutLabels = (annotation: Annotation): Annotation => {
  const { metadata, geo } = annotation.data ?? {}
  const data = create(DataSchema, { ...(metadata && { metadata }), ...(geo && { geo }) })
  return Object.assign(clone(AnnotationSchema, annotation), { data })
}
