import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'

/** "car, box, and 1 more": what an edit is about, from the annotation alone; its image need not be open. */
export function problemName(annotation: Annotation): string {
  const [first, ...more] = annotation.data?.regions ?? []
  if (!first) return 'Of the whole image'
  const { boundingBox, polygon, mask, point } = first.regionInfo ?? {}
  const kind = polygon ? 'polygon' : mask ? 'mask' : point ? 'point' : boundingBox ? 'box' : 'shape'
  const [concept] = first.data?.concepts ?? []
  const name = `${concept ? concept.name || concept.id : 'Unlabelled'}, ${kind}`
  return more.length > 0 ? `${name}, and ${more.length} more` : name
}
