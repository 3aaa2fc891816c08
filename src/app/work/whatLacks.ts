import { type DefinitionsOf, isIncomplete } from '#app/workspace/attributes/attributeRows.ts'
import type { Region } from '#model/region.ts'

/** The person's own regions that lack a required attribute. */
export const incompleteRegions = (
  regions: Iterable<Region>,
  me: string,
  attributesOf: DefinitionsOf,
): readonly Region[] =>
  [...regions].filter(
    (region) => region.madeBy.kind === 'user' && region.madeBy.id === me && isIncomplete(region, attributesOf),
  )
