import type { JsonObject } from '@bufbuild/protobuf'
import type { Concept, Data, OutputConfig, OutputInfo } from '#gen/proto/clarifai/api/resources_pb.ts'
import { datasOf } from '#proxy/store/annotationData.ts'

/** Parameters for a model, later ones over earlier ones. */
export const paramsOf = (...infos: readonly (OutputInfo | undefined)[]): JsonObject =>
  Object.assign({}, ...infos.map((info) => info?.params ?? {}))

/**
 * Thresholds, choices and caps on the concepts of an answer, wherever they are (RP:OutputConfig: min_value,
 * select_concepts, max_concepts; 0 or none = all). A region that has lost all its concepts goes too. Changes `data`.
 */
export const applyOutputConfig = (data: Data, config: OutputConfig | undefined): void => {
  if (!config) return
  const regionsBefore = datasOf(data).map(([inner]) => [inner, inner.regions] as const)
  const hadConcepts = new Set(
    regionsBefore.flatMap(([, regions]) => regions.filter(({ data }) => data && data.concepts.length > 0)),
  )
  for (const [inner] of datasOf(data)) inner.concepts = chosen(inner.concepts, config)
  for (const [inner, regions] of regionsBefore)
    inner.regions = regions.filter((region) => !hadConcepts.has(region) || region.data!.concepts.length > 0)
}

const chosen = (concepts: readonly Concept[], { minValue, maxConcepts, selectConcepts }: OutputConfig): Concept[] => {
  const isSelected = ({ id, name }: Concept) =>
    selectConcepts.length === 0 || selectConcepts.some((one) => (one.id ? one.id === id : one.name === name))
  const found = concepts.filter((concept) => concept.value >= minValue && isSelected(concept))
  return maxConcepts === 0 ? found : found.toSorted((a, b) => b.value - a.value).slice(0, maxConcepts)
}
