import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Size } from '#geometry/point.ts'
import { bounds } from '#geometry/shape.ts'
import type { Region } from '#model/region.ts'
import type { Note, Thread } from '#sync/notes.ts'

export interface Labelled {
  readonly me: string
  readonly regions: Iterable<Region>
  /** of the image as displayed, px */
  readonly size: Size
  readonly annotation: (id: string) => Annotation | undefined
  /** when the work was sent back, ms since the epoch: that itself writes to its annotations */
  readonly since: number
  /** the annotation has edits that the server does not have yet */
  readonly unsent: (annotationId: string) => boolean
}

/**
 * The pins that keep work from being submitted again: open, by somebody else, and neither answered nor touched since,
 * that is the region they are on, or one of the person's around the point, was not changed. Notes that point at
 * nothing keep nobody.
 */
export function unansweredPins(threads: readonly Thread[], labelled: Labelled): readonly Thread[] {
  const regions = [...labelled.regions]
  return threads.filter((thread) => {
    const last = thread.notes.at(-1)!
    if (thread.resolved || last.by === labelled.me || (!thread.at && thread.region === undefined)) return false
    return !isTouched(thread, last, regions, labelled)
  })
}

function isTouched(thread: Thread, last: Note, regions: readonly Region[], labelled: Labelled): boolean {
  const own = thread.region === undefined ? [] : regions.filter((region) => isNamed(region, thread.region!))
  // what the pin was on is gone: it was dealt with
  if (thread.region !== undefined && own.length === 0) return true
  const around = own.length > 0 ? own : regions.filter((region) => isAround(region, thread.at, labelled))
  return around.some((region) => {
    if (labelled.unsent(region.annotation)) return true
    const modified = labelled.annotation(region.annotation)?.modifiedAt
    const time = modified && Number(modified.seconds) * 1000 + modified.nanos / 1e6
    return time !== undefined && last.time !== undefined && time > Math.max(last.time, labelled.since)
  })
}

const isNamed = ({ id, annotation, key }: Region, name: string): boolean =>
  id === name || annotation === name || key === name

function isAround({ shape, madeBy }: Region, at: Thread['at'], { me, size }: Labelled): boolean {
  if (!at || madeBy.kind !== 'user' || madeBy.id !== me) return false
  const box = bounds(shape)
  const [x, y] = [at.col * size.width, at.row * size.height]
  // a pin beside a region speaks of it, too
  const near = 0.02 * Math.max(size.width, size.height)
  return x >= box.x - near && x <= box.x + box.w + near && y >= box.y - near && y <= box.y + box.h + near
}
