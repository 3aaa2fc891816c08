import type { Data } from '#gen/proto/clarifai/api/resources_pb.ts'

/** `data` of the annotation itself, of its region, of its frame and of that one's region: wherever labels may be. */
export function* datasOf(data: Data | undefined, path = 'data'): Generator<readonly [data: Data, path: string]> {
  if (!data) return
  yield [data, path]
  for (const [i, region] of data.regions.entries()) yield* datasOf(region.data, `${path}.regions[${i}].data`)
  for (const [i, frame] of data.frames.entries()) yield* datasOf(frame.data, `${path}.frames[${i}].data`)
  for (const [i, segment] of data.timeSegments.entries())
    yield* datasOf(segment.data, `${path}.time_segments[${i}].data`)
}
