import type { Data } from '#gen/proto/clarifai/api/resources_pb.ts'

export type DataAt = readonly [data: Data, path: string]

/**
 * `data` of the annotation itself, of its region, of its frame and of that one's region: wherever labels may be.
 * Paths are told under the one that is given; without one they are empty.
 */
export const datasOf = (data: Data | undefined, path = ''): DataAt[] => {
  const found: DataAt[] = []
  if (data) collect(data, path, found)
  return found
}

// A list and not a generator: every annotation is walked several times a write, 1.5 ms less for 128 (bench/api).
const collect = (data: Data, path: string, found: DataAt[]): void => {
  found.push([data, path])
  const inside = (items: readonly { data?: Data }[], name: string) => {
    for (let i = 0; i < items.length; i++) {
      const inner = items[i]!.data
      if (inner) collect(inner, path && `${path}.${name}[${i}].data`, found)
    }
  }
  inside(data.regions, 'regions')
  inside(data.frames, 'frames')
  inside(data.timeSegments, 'time_segments')
}
