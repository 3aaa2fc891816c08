import type { ReadMasks } from '#app/workspace/masks/maskReader.ts'
import type { NewRegion } from '#editor/operations.ts'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Size } from '#geometry/point.ts'
import { missingRegions } from '#model/copyRegion.ts'
import { regionsOf, unreadMasks } from '#model/region.ts'
import type { InputScope } from '#sync/scope.ts'
import { annotationsSeen, type Reach } from './propagate.ts'

export interface FromPrevious {
  readonly items: readonly NewRegion[]
  /** are here already */
  readonly known: number
  /** of kinds that are only kept as they were received */
  readonly left: number
}

/** An image that is open, `size` px as displayed. */
interface Here {
  readonly scope: InputScope
  readonly size: Size
}

/** What people drew on another image, at the same fractions of this one, but for what it has already. */
export async function regionsFrom(
  reach: Reach,
  scope: InputScope,
  here: Here,
  readMasks: ReadMasks,
): Promise<FromPrevious> {
  const [there, present] = await Promise.all([annotationsSeen(reach, scope), annotationsSeen(reach, here.scope)])
  await allRead(there, here.size, readMasks)
  const drawn = there.flatMap((annotation) => {
    const messages = annotation.data?.regions ?? []
    return regionsOf(annotation, here.size).map((region, i) => ({ region, message: messages[i]! }))
  })
  const copyable = drawn.filter(({ region }) => region.madeBy.kind === 'user' && region.shape.kind !== 'asReceived')
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
    left: drawn.filter(({ region }) => region.madeBy.kind === 'user').length - copyable.length,
  }
}

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
