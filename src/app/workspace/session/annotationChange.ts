import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Size } from '#geometry/point.ts'
import type { Change, Edit } from '#model/change.ts'
import { type AsWork, type Region, type RegionKey, withoutRegion, withRegion } from '#model/region.ts'

export interface AnnotationContext {
  /** The annotation as it is seen now (server ⊕ outbox). */
  readonly annotation: (id: string) => Annotation | undefined
  /** The last message of an annotation that was deleted here, so that undo brings back the same. */
  readonly removed: (id: string) => Annotation | undefined
  /** of the image, px */
  readonly size: Size
  readonly inputId: string
  readonly userId: string
  readonly work?: AsWork | undefined
}

/**
 * What a change of regions means for the annotations that hold them. Regions are set and removed one by one inside
 * their annotation, so others of the same annotation stay as they are; an annotation whose last region goes is
 * deleted, one that comes back is the message that was deleted, not a look-alike.
 */
export function annotationChange(
  change: Change<RegionKey, Region>,
  context: AnnotationContext,
): Change<string, Annotation> {
  const edits = new Map<string, Edit<Annotation>>()
  for (const edit of change.values()) {
    const region = edit.after ?? edit.before
    if (!region) continue
    const id = region.annotation
    const earlier = edits.get(id)
    const before = earlier ? earlier.before : context.annotation(id)
    const current = earlier ? earlier.after : before
    edits.set(id, { before, after: applied(current, edit, region, context) })
  }
  return edits
}

function applied(
  current: Annotation | undefined,
  edit: Edit<Region>,
  region: Region,
  context: AnnotationContext,
): Annotation | undefined {
  if (edit.after) return withRegion(current ?? context.removed(region.annotation), edit.after, context.size, context)
  return current && withoutRegion(current, region.id)
}
