import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { joined } from './annotations.ts'
import type { AnnotationSlot } from './ledger.ts'
import { shown } from './slot.ts'

/**
 * The server's list with the slots, by annotation id, laid over it; what they create comes last, what they bring back at
 * its place.
 */
export function overlaid(
  slots: ReadonlyMap<string, AnnotationSlot>,
  server: readonly Annotation[],
): readonly Annotation[] {
  const laid = new Map([...slots].flatMap(([id, slot]) => (shown(slot) ? [[id, shown(slot)!.value]] : [])))
  const kept = server.flatMap((annotation) => {
    if (!laid.has(annotation.id)) return [annotation]
    const value = laid.get(annotation.id)
    laid.delete(annotation.id)
    return value ? [value] : []
  })
  return joined(
    kept,
    [...laid.values()].filter((value) => value !== undefined),
  )
}
