import type { ReadMasks } from '#app/workspace/masks/maskReader.ts'
import type { NewRegion } from '#editor/operations.ts'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Size } from '#geometry/point.ts'
import { missingRegions, regionsAtSamePixels } from '#model/copyRegion.ts'
import { type Region, regionsOf, unreadMasks } from '#model/region.ts'
import type { InputScope } from '#sync/scope.ts'
import { annotationsSeen, type Reach } from './propagate.ts'

export interface FromPrevious {
  readonly items: readonly NewRegion[]
  /** are here already */
  readonly known: number
  /** of kinds that are only kept as they were received */
  readonly left: number
  /** lie outside of this image, which is smaller */
  readonly outside: number
  /** reach over its border, and are cut there */
  readonly cut: number
}

/** An image that is open, `size` px as displayed. */
interface Here {
  readonly scope: InputScope
  readonly size: Size
}

/** What people drew on another image, at the same px of this one as pasted, but for what it has already. */
export async function regionsFrom(reach: Reach, from: Here, here: Here, readMasks: ReadMasks): Promise<FromPrevious> {
  const [there, present] = await Promise.all([annotationsSeen(reach, from.scope), annotationsSeen(reach, here.scope)])
  const size = from.size.width > 0 ? from.size : here.size
  await allRead(there, size, readMasks)
  const theirs = there.flatMap((annotation) => regionsOf(annotation, size)).filter(isDrawn)
  const drawn = there
    .flatMap((annotation) => regionsAtSamePixels(annotation, from.size, here.size))
    .filter(({ region }) => isDrawn(region))
  const copyable = drawn.filter(({ region }) => region.shape.kind !== 'asReceived')
  const missing = new Set(
    missingRegions(
      copyable.map(({ message }) => message),
      present,
      here.size,
    ),
  )
  const fresh = copyable.filter(({ message }) => missing.has(message))
  return {
    items: fresh.map(({ region: { shape, concepts, attributes } }) => ({ shape, concepts, attributes })),
    known: copyable.length - fresh.length,
    left: drawn.length - copyable.length,
    outside: theirs.length - new Set(drawn.map(({ region }) => region.key)).size,
    cut: new Set(fresh.filter(({ cut }) => cut).map(({ region }) => region.key)).size,
  }
}

const isDrawn = ({ madeBy }: Region): boolean => madeBy.kind === 'user'

/** Masks are regions once they have been read. */
function allRead(annotations: readonly Annotation[], size: Size, readMasks: ReadMasks): Promise<void> {
  return new Promise((resolve) => {
    const left = () => annotations.flatMap((annotation) => unreadMasks(annotation, size))
    const onward = () => left().length === 0 && resolve()
    const unread = left()
    if (unread.length === 0) resolve()
    else readMasks(unread, size, onward)
  })
}
