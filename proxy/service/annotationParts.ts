import { toBinary } from '@bufbuild/protobuf'
import {
  type Annotation,
  type Concept,
  type Data,
  DataSchema,
  type Image,
  type Region,
  type RegionInfo,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { datasOf } from '#proxy/store/annotationData.ts'

/** Every region with its path; an annotation has at most one. */
export function* regionsOf(data: Data | undefined, path = 'data'): Generator<readonly [region: Region, path: string]> {
  for (const [inner, innerPath] of datasOf(data, path))
    for (const [i, region] of inner.regions.entries()) yield [region, `${innerPath}.regions[${i}]`]
}

export function* conceptsOf(data: Data | undefined): Generator<Concept> {
  for (const [inner] of datasOf(data)) yield* inner.concepts
}

/** The picture of every mask with its path. */
export function* masksOf(data: Data | undefined, path = 'data'): Generator<readonly [image: Image, path: string]> {
  for (const [region, regionPath] of regionsOf(data, path))
    if (region.regionInfo?.mask?.image) yield [region.regionInfo.mask.image, `${regionPath}.region_info.mask.image`]
}

/** Nothing in it at all: no concept, no region, no metadata … */
export const isEmptyData = (data: Data | undefined): boolean => !data || toBinary(DataSchema, data).length === 0

/** Says where: anything that gives a region a place. */
export const hasPlace = (info: RegionInfo | undefined): info is RegionInfo =>
  info !== undefined &&
  Boolean(
    info.boundingBox ||
      info.mask ||
      info.polygon ||
      info.point ||
      info.span ||
      info.token ||
      info.keypointLocations.length,
  )

/** What a region is called in the database's index column. */
export const regionKind = (info: RegionInfo | undefined): string => {
  if (info?.mask) return 'mask'
  if (info?.polygon) return 'polygon'
  if (info?.boundingBox) return 'box'
  if (info?.point) return 'point'
  return info?.span ? 'span' : 'other'
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `annotation_info.marquee`, where what has no field of its own lives (decisions §23). */
export const marqueeInfo = (annotation: Annotation): Record<string, unknown> => {
  const info = annotation.annotationInfo?.marquee
  return isRecord(info) ? info : {}
}

/** A person said of the image: looked at, nothing here. */
export const marksEmpty = (annotation: Annotation): boolean => marqueeInfo(annotation).empty === true
