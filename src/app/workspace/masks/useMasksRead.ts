import { useEffect, useState } from 'react'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Size } from '#geometry/point.ts'
import { unreadMasks } from '#model/region.ts'
import { readMasks } from './maskReader.ts'

/** Has the masks of these read; counts up when some have become shapes, so that their regions are asked for again. */
export function useMasksRead(annotations: readonly Annotation[] | undefined, { width, height }: Size): number {
  const [read, setRead] = useState(0)
  useEffect(() => {
    if (!annotations || width === 0) return
    const size = { width, height }
    const unread = annotations.flatMap((annotation) => unreadMasks(annotation, size))
    if (unread.length > 0) readMasks(unread, size, () => setRead((n) => n + 1))
  }, [annotations, width, height])
  return read
}
