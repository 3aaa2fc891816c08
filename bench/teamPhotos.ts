import sharp from 'sharp'
import { OfficialClient } from '#e2e/officialClient.ts'
import type { TestServer } from '#e2e/server.ts'

/** Turns from image to image in each measurement of which there are two. */
export const TURNS = 9
const BOXES = 20

export const PHOTOS = Array.from({ length: 2 * TURNS + 3 }, (_, i) => `photo-${i}`)

/** Pictures with work on them: the task `photos` gives all of them to the annotator, with boxes that are begun. */
export const addPhotos = async (server: TestServer): Promise<void> => {
  const as = (who: 'owner' | 'annotator') => new OfficialClient(server.port, server.credentials(who).pat)
  const [owner, annotator] = [as('owner'), as('annotator')]
  for (const [i, id] of PHOTOS.entries())
    await owner.call('PostInputs', { inputs: [{ id, data: { image: { base64: await picture(i) } } }] })
  await owner.call('PostDatasets', { datasets: [{ id: 'photos' }] })
  const dataset_inputs = PHOTOS.map((id) => ({ input: { id } }))
  await owner.call('PostDatasetInputs', { dataset_id: 'photos', dataset_inputs })
  await owner.call('PostTasks', {
    tasks: [
      {
        id: 'photos',
        name: 'Photos',
        type: 'BOUNDING_BOX_DETECTION',
        worker: { strategy: 'FULL', users: [{ id: 'annotator' }] },
        review: { strategy: 'MANUAL', users: [{ id: 'reviewer' }], manual_strategy_info: { sample_percentage: 1 } },
        input_source: { type: 'DATASET', id: 'photos' },
        concepts: [{ concept: { id: 'boat' } }],
      },
    ],
  })
  for (const input_id of PHOTOS)
    await annotator.call('PostAnnotations', {
      annotations: Array.from({ length: BOXES }, (_, n) => ({
        input_id,
        task_id: 'photos',
        status: { code: 'ANNOTATION_PENDING' },
        data: {
          regions: [{ region_info: { bounding_box: boxAt(n) }, data: { concepts: [{ id: 'boat', value: 1 }] } }],
        },
      })),
    })
}

const boxAt = (n: number) => {
  const [row, col] = [(n % 5) / 5 + 0.05, Math.floor(n / 5) / 4 + 0.05]
  return { top_row: row, left_col: col, bottom_row: row + 0.1, right_col: col + 0.15 }
}

/** 1600×1200 with the grain of a photo, always the same. */
const picture = (seed: number): Promise<Buffer> => {
  const [width, height] = [1600, 1200]
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
