import type { JsonObject } from '@bufbuild/protobuf'
import type { Concept, Input, Region } from '#gen/proto/clarifai/api/resources_pb.ts'
import { bitAt } from '#geometry/bits.ts'
import { polygonToMask } from '#geometry/contour.ts'
import { maskArea, maskToBits } from '#geometry/mask.ts'
import type { Point, Size } from '#geometry/point.ts'
import { area, type Box, bounds, type Mask, type Polygon, type Shape } from '#geometry/shape.ts'
import { maskFromPng } from '#model/maskPng.ts'
import { toShape } from '#model/regionInfo.ts'
import { pngOfJpegMask } from '#proxy/media/jpegMask.ts'
import type { Inputs } from './exportFormats.ts'
import type { ZipEntry } from './exportZip.ts'

/** Of regions to which nobody gave a concept: COCO wants a category for each. */
const unlabelled = 'unlabelled'

/**
 * The file of COCO: one object detection JSON of all images, written as it is read. One COCO annotation for each
 * region and positive concept of it; `iscrowd` is 0, since a region here is one object. Boxes have no segmentation;
 * polygons have their points; polygons with holes and masks are run lengths, uncompressed. Points are a keypoint.
 * Concepts of the whole image stand at the image as `concepts`. Inputs that are no images are left out, and so are
 * regions COCO has no words for. Source: cocodataset.org/#format-data.
 */
export async function* cocoEntries(inputs: Inputs): AsyncGenerator<ZipEntry> {
  yield { name: 'annotations/instances.json', content: cocoFile(inputs) }
}

async function* cocoFile(inputs: Inputs): AsyncGenerator<Uint8Array> {
  const categories = new Categories()
  yield Buffer.from('{"info":{"description":"Exported by Marquee"},"licenses":[],"images":[')
  yield* list(imagesOf(inputs))
  yield Buffer.from('],"annotations":[')
  yield* list(annotationsOf(inputs, categories))
  yield Buffer.from(`],"categories":${JSON.stringify(categories.all())}}\n`)
}

const chunkCharacters = 2 ** 18

/** Items with commas between, some at a time. */
async function* list(items: AsyncIterable<JsonObject>): AsyncGenerator<Uint8Array> {
  let text = ''
  let comma = ''
  for await (const item of items) {
    text += comma + JSON.stringify(item)
    comma = ','
    if (text.length < chunkCharacters) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text) yield Buffer.from(text)
}

interface CocoImage {
  readonly id: number
  readonly input: Input
  readonly size: Size
}

/** Images numbered from 1, the same each time. */
async function* numbered(inputs: Inputs): AsyncGenerator<CocoImage> {
  let id = 0
  for await (const input of inputs()) {
    const { width = 0, height = 0 } = input.data?.image?.imageInfo ?? {}
    if (input.data?.image) yield { id: ++id, input, size: { width, height } }
  }
}

async function* imagesOf(inputs: Inputs): AsyncGenerator<JsonObject> {
  for await (const { id, input, size } of numbered(inputs)) {
    const said = input.data!.metadata?.filename
    yield {
      id,
      input_id: input.id,
      file_name: typeof said === 'string' && said !== '' ? said : input.id,
      width: size.width,
      height: size.height,
      coco_url: input.data!.image!.url,
      concepts: input.data!.concepts.map((concept) => ({ id: concept.id, name: concept.name, value: concept.value })),
    }
  }
}

async function* annotationsOf(inputs: Inputs, categories: Categories): AsyncGenerator<JsonObject> {
  let id = 0
  for await (const image of numbered(inputs)) {
    for (const region of image.input.data!.regions) {
      const geometry = await geometryOf(region, image.size)
      if (!geometry) continue
      for (const concept of positives(region))
        yield {
          id: ++id,
          image_id: image.id,
          category_id: categories.numberOf(concept, 'keypoints' in geometry),
          iscrowd: 0,
          ...geometry,
          attributes: { ...attributesOf(region), region_id: region.id },
        }
    }
  }
}

/** `[undefined]` when there is none. */
const positives = ({ data }: Region): readonly (Concept | undefined)[] => {
  const found = (data?.concepts ?? []).filter(({ value }) => value >= 0.5)
  return found.length > 0 ? found : [undefined]
}

const attributesOf = ({ data }: Region): JsonObject => {
  const attributes = data?.metadata?.attributes
  return typeof attributes === 'object' && attributes !== null && !Array.isArray(attributes) ? attributes : {}
}

class Categories {
  readonly #known = new Map<string, { id: number; name: string; hasPoints: boolean }>()

  numberOf(concept: Concept | undefined, isPoint: boolean): number {
    const key = concept?.id ?? ''
    const known = this.#known.get(key)
    const category = known ?? { id: this.#known.size + 1, name: concept?.name || key || unlabelled, hasPoints: false }
    category.hasPoints ||= isPoint
    this.#known.set(key, category)
    return category.id
  }

  all(): JsonObject[] {
    return [...this.#known].map(([concept_id, { id, name, hasPoints }]) => ({
      id,
      name,
      supercategory: '',
      concept_id,
      ...(hasPoints && { keypoints: ['point'], skeleton: [] }),
    }))
  }
}

type Geometry = { readonly bbox: number[]; readonly area: number } & JsonObject

/** In image pixels; undefined for what COCO cannot say. */
const geometryOf = async (region: Region, size: Size): Promise<Geometry | undefined> => {
  const shape = await shapeOf(region, size)
  switch (shape?.kind) {
    case 'box':
      return { bbox: boxNumbers(shape), area: exact(area(shape)), segmentation: [] }
    case 'polygon':
      return polygonGeometry(shape, size)
    case 'mask':
      return maskGeometry(shape, size)
    case 'point':
      return {
        bbox: boxNumbers(bounds(shape)),
        area: 0,
        segmentation: [],
        keypoints: [exact(shape.x), exact(shape.y), 2], // 2: it is visible
        num_keypoints: 1,
      }
    default:
      return undefined
  }
}

const polygonGeometry = (shape: Polygon, size: Size): Geometry | undefined => {
  const outline = { bbox: boxNumbers(bounds(shape)), area: exact(area(shape)) }
  if (!shape.holes?.length) return { ...outline, segmentation: [flat(shape.points)] }
  const mask = polygonToMask(shape, size)
  return mask && { ...outline, segmentation: runLengths(mask, size) }
}

const maskGeometry = (mask: Mask, size: Size): Geometry => {
  const bits = maskToBits(mask)
  let [left, top, right, bottom] = [bits.w, bits.h, 0, 0]
  for (let y = 0; y < bits.h; y++)
    for (let x = 0; x < bits.w; x++)
      if (bitAt(bits, bits.x + x, bits.y + y)) {
        ;[left, right] = [Math.min(left, x), Math.max(right, x + 1)]
        ;[top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)]
      }
  return {
    bbox: [mask.x + left, mask.y + top, right - left, bottom - top],
    area: maskArea(mask),
    segmentation: runLengths(mask, size),
  }
}

const shapeOf = async ({ regionInfo, data }: Region, size: Size): Promise<Shape | undefined> => {
  const png = regionInfo?.mask?.image?.base64
  if (!png?.length) return toShape(regionInfo, size, ringsSaid(data?.metadata?.marquee))
  return maskFromPng(png[0] === 0xff ? await pngOfJpegMask(png) : png, size)
}

const ringsSaid = (marquee: unknown): unknown =>
  typeof marquee === 'object' && marquee !== null && 'rings' in marquee ? marquee.rings : undefined

/** COCO's own: run lengths of off, on, off … down the columns, from the left. */
const runLengths = (mask: Mask, { width, height }: Size): { size: number[]; counts: number[] } => {
  const bits = maskToBits(mask)
  const counts: number[] = []
  let run = bits.x * height // the columns before the mask
  let on = false
  for (let x = bits.x; x < bits.x + bits.w; x++) {
    for (let y = 0; y < height; y++) {
      const set = y >= bits.y && y < bits.y + bits.h && bitAt(bits, x, y)
      if (set !== on) {
        counts.push(run)
        run = 0
        on = set
      }
      run++
    }
  }
  const rest = (width - bits.x - bits.w) * height
  if (on && rest > 0) counts.push(run, rest)
  else counts.push(run + rest)
  return { size: [height, width], counts }
}

const boxNumbers = ({ x, y, w, h }: Box): number[] => [x, y, w, h].map(exact)
const flat = (points: readonly Point[]): number[] => points.flatMap(([x, y]) => [exact(x), exact(y)])

/** As many digits as it takes to get the same float32 fraction of the side back. */
const exact = (value: number): number => Number(value.toPrecision(12))
