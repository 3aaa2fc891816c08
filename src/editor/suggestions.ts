import type { Region, RegionKey } from '#model/region.ts'
import { acceptedId, isSuggestion, likeliest } from '#model/suggestions.ts'
import { additions, type NewRegion, type Planned } from './operations.ts'
import type { Scene } from './scene.ts'

export interface Accepted extends Planned {
  /** suggestions of which nothing but this person's own word says that they are settled */
  readonly answered: readonly RegionKey[]
  /** of suggestions that are taken over */
  readonly count: number
}

/** Of these the suggestions, in their order. */
export const suggestedAmong = (scene: Scene, keys: Iterable<RegionKey>): readonly Region[] =>
  [...keys].flatMap((key) => {
    const region = scene.regions.get(key)
    return region && isSuggestion(region) ? [region] : []
  })

/** Regions of this person in place of what a model suggests, with its likeliest concept or the one that is named. */
export function accepted(
  scene: Scene,
  keys: Iterable<RegionKey>,
  newId: () => string,
  conceptId?: string,
  standard: (conceptId: string) => NewRegion['attributes'] = () => undefined,
): Accepted {
  const suggested = suggestedAmong(scene, keys)
  const taken = suggested.filter(({ shape }) => shape.kind !== 'asReceived')
  const items = taken.map((region): NewRegion => {
    const concepts = conceptId === undefined ? likeliest(region.concepts) : [{ id: conceptId, value: 1 }]
    const [first] = concepts
    const attributes = { ...(first && standard(first.id)), ...region.attributes }
    return {
      shape: region.shape,
      concepts,
      id: acceptedId(region),
      ...(Object.keys(attributes).length > 0 && { attributes }),
    }
  })
  return {
    change: additions(scene, items, newId),
    answered: taken.flatMap((region) => (acceptedId(region) === undefined ? [region.key] : [])),
    count: taken.length,
    reason: taken.length < suggested.length ? 'What is kept as it was received cannot be accepted.' : undefined,
  }
}
