import { create, equals } from '@bufbuild/protobuf'
import {
  type Annotation,
  type BoundingBox,
  type Data,
  type Frame,
  type Image,
  ImageSchema,
  type Point as PointMessage,
  type Region,
  type RegionInfo,
  RegionInfoSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { intersectMasks, maskArea } from '#geometry/mask.ts'
import { ringArea } from '#geometry/polygon.ts'
import { intersectPolygons } from '#geometry/polygonBoolean.ts'
import type { Polygon } from '#geometry/shape.ts'
import { isNote } from '#proxy/service/annotations/annotationParts.ts'
import { pixelsOf } from '#proxy/service/annotations/maskPixels.ts'

/** What one person says of an input: concepts of the whole and of frames, and regions with their concepts. */
export interface Opinion {
  readonly tags: ReadonlySet<string>
  readonly regions: readonly Said[]
}

/** A region and everything about it that must be the same, as one text. */
export interface Said {
  readonly what: string
  readonly info: RegionInfo
  readonly annotationId: string
  readonly regionId: string
}

/** Points of two people this near are the same one, as a fraction of a side. */
const pointTolerance = 0.02

/**
 * Whether two people say the same of an input, by all their annotations of it: the same concepts, present or absent,
 * and for each region of one a region of the other with the same concepts that overlaps it by at least `overlap`
 * (intersection over union). Two who say nothing agree: nothing is there. Masks that cannot be read (JPEGs) agree when they
 * are the same picture.
 * Source: api.md §5.3; the measure is ours, the original's is not documented.
 */
export const agree = (a: readonly Annotation[], b: readonly Annotation[], overlap: number): boolean =>
  sameOpinion(opinionOf(a), opinionOf(b), overlap)

export const opinionOf = (annotations: readonly Annotation[]): Opinion => {
  const tags = new Set<string>()
  const regions: Said[] = []
  const take = (data: Data | undefined, frame: string, annotation: Annotation) => {
    for (const tag of tagsOf(data)) tags.add(`${frame}${tag}`)
    for (const region of data?.regions ?? []) regions.push(saidOf(region, frame, annotation.id))
  }
  for (const annotation of annotations) {
    if (isNote(annotation)) continue
    take(annotation.data, '', annotation)
    for (const frame of annotation.data?.frames ?? []) take(frame.data, `${frameKey(frame)} `, annotation)
    for (const segment of annotation.data?.timeSegments ?? [])
      take(segment.data, `${segment.timeInfo?.beginTime}–${segment.timeInfo?.endTime} `, annotation)
  }
  return { tags, regions }
}

const tagsOf = (data: Data | undefined): string[] =>
  (data?.concepts ?? []).map(({ id, value }) => `${JSON.stringify(id)}${value >= 0.5 ? '+' : '-'}`)

const frameKey = ({ frameInfo }: Frame): string => `${frameInfo?.time}/${frameInfo?.number}/${frameInfo?.index}`

const saidOf = ({ id, data, regionInfo }: Region, frame: string, annotationId: string): Said => ({
  what: `${frame}${tagsOf(data).sort().join(' ')}`,
  info: regionInfo ?? create(RegionInfoSchema),
  annotationId,
  regionId: id,
})

const sameOpinion = (a: Opinion, b: Opinion, overlap: number): boolean =>
  a.tags.size === b.tags.size &&
  [...a.tags].every((tag) => b.tags.has(tag)) &&
  a.regions.length === b.regions.length &&
  canPair(a.regions, b.regions, (one, other) => one.what === other.what && near(one.info, other.info, overlap))

/** Whether each of `a` can have one of `b` for itself (Kuhn's algorithm). Both are equally many. */
const canPair = <T>(a: readonly T[], b: readonly T[], fits: (one: T, other: T) => boolean): boolean => {
  const partner = b.map(() => -1)
  const edges = a.map((one) => b.flatMap((other, j) => (fits(one, other) ? [j] : [])))
  const place = (i: number, tried: Set<number>): boolean =>
    edges[i]!.some((j) => {
      if (tried.has(j)) return false
      tried.add(j)
      if (partner[j]! >= 0 && !place(partner[j]!, tried)) return false
      partner[j] = i
      return true
    })
  return a.every((_, i) => place(i, new Set()))
}

const near = (a: RegionInfo, b: RegionInfo, overlap: number): boolean => {
  const alike = similarity(a, b)
  return alike > 0 && alike >= overlap
}

/**
 * How far two regions are the same place, 0 … 1: intersection over union of boxes, polygons and masks; 1 for points that
 * are near and for all else that is equal. A mask and an outline have nothing in common.
 */
export const similarity = (a: RegionInfo, b: RegionInfo): number => {
  if (a.mask || b.mask) return maskSimilarity(a.mask?.image, b.mask?.image)
  const [one, other] = [outlineOf(a), outlineOf(b)]
  if (one && other) return overlapOf(one, other)
  if (one || other) return 0
  if (a.point && b.point) return Number(distance(a.point, b.point) <= pointTolerance)
  return Number(equals(RegionInfoSchema, a, b))
}

const maskSimilarity = (a: Image | undefined, b: Image | undefined): number => {
  if (!a || !b) return 0
  if (samePicture(a, b)) return 1
  const [one, other] = [pixelsOf(a), pixelsOf(b)]
  if (!one || !other || a.imageInfo?.width !== b.imageInfo?.width || a.imageInfo?.height !== b.imageInfo?.height)
    return 0
  const common = intersectMasks(one, other)
  const shared = common ? maskArea(common) : 0
  return shared / (maskArea(one) + maskArea(other) - shared)
}

const samePicture = (a: Image | undefined, b: Image | undefined): boolean =>
  a !== undefined && b !== undefined && equals(ImageSchema, a, b)

const distance = (a: PointMessage, b: PointMessage): number => Math.hypot(a.row - b.row, a.col - b.col)

/** Fractions are scaled so that the integers of the polygon operations are fine enough; ratios of areas stay. */
const scale = 10_000

interface Outline {
  readonly kind: 'box' | 'polygon'
  readonly points: readonly (readonly [x: number, y: number])[]
}

const outlineOf = ({ boundingBox, polygon }: RegionInfo): Outline | undefined => {
  if (polygon)
    return { kind: 'polygon', points: polygon.points.map(({ row, col }) => [col * scale, row * scale] as const) }
  return boundingBox && { kind: 'box', points: corners(boundingBox) }
}

const corners = ({ topRow, leftCol, bottomRow, rightCol }: BoundingBox): Outline['points'] => [
  [leftCol * scale, topRow * scale],
  [rightCol * scale, topRow * scale],
  [rightCol * scale, bottomRow * scale],
  [leftCol * scale, bottomRow * scale],
]

/** Intersection over union, 0…1. */
const overlapOf = (a: Outline, b: Outline): number => {
  const common = commonBox(a, b)
  if (common === 0) return 0
  const boxes = a.kind === 'box' && b.kind === 'box'
  const intersection = boxes ? common : area(intersectPolygons([polygon(a), polygon(b)]))
  const [inA, inB] = boxes ? [ringArea(a.points), ringArea(b.points)] : [ownArea(a), ownArea(b)]
  const union = inA + inB - intersection
  return union > 0 ? intersection / union : 0
}

/** Area that the bounding boxes have in common. */
const commonBox = (a: Outline, b: Outline): number => {
  const span = (axis: 0 | 1) => {
    const [one, other] = [a, b].map(({ points }) => points.map((point) => point[axis]))
    return Math.min(Math.max(...one!), Math.max(...other!)) - Math.max(Math.min(...one!), Math.min(...other!))
  }
  const [width, height] = [span(0), span(1)]
  return width > 0 && height > 0 ? width * height : 0
}

const polygon = ({ points }: Outline): Polygon => ({ kind: 'polygon', points })

/** What a contour encloses, counted once where it crosses itself. */
const ownArea = (outline: Outline): number => area(intersectPolygons([polygon(outline)]))

const area = (pieces: readonly Polygon[]): number =>
  pieces.reduce(
    (sum, { points, holes }) =>
      sum + ringArea(points) - (holes ?? []).reduce((inner, hole) => inner + ringArea(hole), 0),
    0,
  )

/**
 * The first group of at least `size` people all of whom agree with each other, tried from each in turn: those who are
 * earlier in the list lead. Undefined when there is none. `agrees(i, j)` is asked once a pair.
 */
export const groupOf = (
  count: number,
  size: number,
  agrees: (i: number, j: number) => boolean,
): number[] | undefined => {
  const known = new Map<number, boolean>()
  const same = (i: number, j: number): boolean => {
    const key = Math.min(i, j) * count + Math.max(i, j)
    if (!known.has(key)) known.set(key, agrees(Math.min(i, j), Math.max(i, j)))
    return known.get(key)!
  }
  for (let first = 0; first < count; first++) {
    const group = [first]
    for (let i = 0; i < count; i++) if (i !== first && group.every((member) => same(member, i))) group.push(i)
    if (group.length >= size) return group.sort((a, b) => a - b)
  }
  return undefined
}
