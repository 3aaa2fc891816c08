import sharp from 'sharp'
import { OfficialClient } from '#e2e/officialClient.ts'
import type { TestServer } from '#e2e/server.ts'

export interface PhotoSet {
  /** of the dataset and the task that gives all of them to the annotator */
  readonly id: string
  readonly photos: readonly string[]
  readonly size: { readonly width: number; readonly height: number }
  /** of each photo, begun by the annotator */
  readonly regions: number
}

export const photoSet = (id: string, count: number, size: PhotoSet['size'], regions: number): PhotoSet => ({
  id,
  photos: Array.from({ length: count }, (_, i) => `${id}-${i}`),
  size,
  regions,
})

const PER_CALL = 128

/** Pictures with work on them, of a task of their own. */
export const addPhotos = async (server: TestServer, { id, photos, size, regions }: PhotoSet): Promise<void> => {
  const as = (who: 'owner' | 'annotator') => new OfficialClient(server.port, server.credentials(who).pat)
  const [owner, annotator] = [as('owner'), as('annotator')]
  for (const [i, photo] of photos.entries())
    await owner.call('PostInputs', { inputs: [{ id: photo, data: { image: { base64: await picture(i, size) } } }] })
  await owner.call('PostDatasets', { datasets: [{ id }] })
  const dataset_inputs = photos.map((photo) => ({ input: { id: photo } }))
  await owner.call('PostDatasetInputs', { dataset_id: id, dataset_inputs })
  await owner.call('PostTasks', {
    tasks: [
      {
        id,
        name: id,
        type: 'BOUNDING_BOX_DETECTION',
        worker: { strategy: 'FULL', users: [{ id: 'annotator' }] },
        review: { strategy: 'MANUAL', users: [{ id: 'reviewer' }], manual_strategy_info: { sample_percentage: 1 } },
        input_source: { type: 'DATASET', id },
        concepts: [{ concept: { id: 'boat' } }],
      },
    ],
  })
  const shapes = Array.from({ length: regions }, (_, n) => shapeAt(n, regions))
  for (const input_id of photos)
    for (let from = 0; from < regions; from += PER_CALL)
      await annotator.call('PostAnnotations', {
        annotations: shapes.slice(from, from + PER_CALL).map((region_info) => ({
          input_id,
          task_id: id,
          status: { code: 'ANNOTATION_PENDING' },
          data: { regions: [{ region_info, data: { concepts: [{ id: 'boat', value: 1 }] } }] },
        })),
      })
}

/** Twenty are boxes; of more every second one is a polygon of twelve corners. */
const shapeAt = (n: number, of: number) => {
  const columns = Math.ceil(Math.sqrt(of))
  const step = 1 / (columns + 1)
  const [row, col] = [Math.floor(n / columns) * step + step / 2, (n % columns) * step + step / 2]
  const side = step * 0.7
  if (of <= 20 || n % 2 === 0)
    return { bounding_box: { top_row: row, left_col: col, bottom_row: row + side, right_col: col + side } }
  const points = Array.from({ length: 12 }, (_, i) => {
    const angle = (i / 12) * 2 * Math.PI
    return { row: row + (side / 2) * (1 + Math.sin(angle)), col: col + (side / 2) * (1 + Math.cos(angle)) }
  })
  return { polygon: { points } }
}

/** With the grain of a photo, always the same. */
const picture = (seed: number, { width, height }: PhotoSet['size']): Promise<Buffer> => {
  const pixels = Buffer.alloc(width * height * 3)
  let noise = seed + 1
  for (let at = 0; at < pixels.length; at++) {
    noise = (Math.imul(noise, 1664525) + 1013904223) | 0
    pixels[at] = 100 + (noise >>> 27) + ((at / (width * 3)) & 63)
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 80 })
    .toBuffer()
}
