import type { NewRegion } from '#editor/operations.ts'
import type { Size } from '#geometry/point.ts'
import { sameShape } from '#geometry/shape.ts'
import { type Region, regionsOf } from '#model/region.ts'
import type { InputScope } from '#sync/scope.ts'
import { annotationsSeen, type Reach } from './propagate.ts'

export interface FromPrevious {
  readonly items: readonly NewRegion[]
  /** are here already */
  readonly known: number
  /** of kinds that are only kept as they were received */
  readonly left: number
}

/**
 * What people drew on another image, at the same fractions of this one (`size`, px), but for what `here` has already.
 */
export async function regionsFrom(
  reach: Reach,
  scope: InputScope,
  size: Size,
  here: Iterable<Region>,
): Promise<FromPrevious> {
  const there = (await annotationsSeen(reach, scope)).flatMap((annotation) => regionsOf(annotation, size))
  const drawn = there.filter(({ madeBy }) => madeBy.kind === 'user')
  const copyable = drawn.filter(({ shape }) => shape.kind !== 'asReceived')
  const present = [...here]
  const fresh = copyable.filter((region) => !present.some((other) => isLike(region, other)))
  return {
    items: fresh.map(({ shape, concepts, attributes }) => ({ shape, concepts, attributes })),
    known: copyable.length - fresh.length,
    left: drawn.length - copyable.length,
  }
}

/** A hundredth of a pixel is no difference. */
const tolerance = 0.01

const isLike = (a: Region, b: Region): boolean =>
  a.concepts.length === b.concepts.length &&
  a.concepts.every(({ id, value }, i) => b.concepts[i]?.id === id && b.concepts[i]?.value === value) &&
  sameShape(a.shape, b.shape, tolerance)
