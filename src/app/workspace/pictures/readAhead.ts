import { readMasksAhead } from '#app/workspace/masks/maskReader.ts'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Size } from '#geometry/point.ts'
import { regionsOf, unreadMasks } from '#model/region.ts'

/** Annotations made regions between two looks at the clock: some 0.1 ms. */
const AT_ONCE = 32

/**
 * Makes the regions of an image that may be next while nothing else is to be done, and has its masks read, so that
 * opening it needs no more. Returns how to stop.
 */
export function readAhead(annotations: readonly Annotation[], size: Size): () => void {
  readMasksAhead(
    annotations.flatMap((annotation) => unreadMasks(annotation, size)),
    size,
  )
  let at = 0
  let waiting = 0
  const go = (deadline?: IdleDeadline) => {
    do {
      const end = Math.min(annotations.length, at + AT_ONCE)
      for (; at < end; at++) regionsOf(annotations[at]!, size)
    } while (at < annotations.length && (deadline?.timeRemaining() ?? 0) > 1)
    if (at < annotations.length) waiting = idle(go)
  }
  const idle = window.requestIdleCallback ?? ((run: () => void) => window.setTimeout(run, 50))
  const cancel = window.cancelIdleCallback ?? window.clearTimeout
  waiting = idle(go)
  return () => cancel(waiting)
}
