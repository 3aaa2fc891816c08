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
import { isJsonObject } from '#proxy/service/jsonObject.ts'
import { datasOf } from '#proxy/store/annotationData.ts'

/** Every region with its path; an annotation has at most one. */
export const regionsOf = (data: Data | undefined, path = ''): (readonly [region: Region, path: string])[] => {
  const found: (readonly [region: Region, path: string])[] = []
  for (const [{ regions }, at] of datasOf(data, path))
    for (let i = 0; i < regions.length; i++) found.push([regions[i]!, at && `${at}.regions[${i}]`])
  return found
}

/** The region of an annotation, which has at most one. */
export const regionOf = (data: Data | undefined): Region | undefined => data?.regions[0] ?? regionsOf(data)[0]?.[0]

export const conceptsOf = (data: Data | undefined): Concept[] => {
  const found: Concept[] = []
  for (const [{ concepts }] of datasOf(data)) for (const concept of concepts) found.push(concept)
  return found
}

/** The picture of every mask with its path. */
export const masksOf = (data: Data | undefined, path = ''): (readonly [image: Image, path: string])[] =>
  regionsOf(data, path).flatMap(([region, at]) => {
    const image = region.regionInfo?.mask?.image
    return image ? [[image, `${at}.region_info.mask.image`] as const] : []
  })

/** Nothing in it at all: no concept, no region, no metadata … */
export const isEmptyData = (data: Data | undefined): boolean =>
  !data || (data.regions.length === 0 && data.concepts.length === 0 && toBinary(DataSchema, data).length === 0)

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

/** `annotation_info.marquee`, where what has no field of its own lives (decisions §23). */
export const marqueeInfo = (annotation: Annotation): Record<string, unknown> => {
  const info = annotation.annotationInfo?.marquee
  return isJsonObject(info) ? info : {}
}

/** A person said of the image: looked at, nothing here. */
export const marksEmpty = (annotation: Annotation): boolean => marqueeInfo(annotation).empty === true

/** A note of a thread (decisions §12): no label, and no work. */
export const isNote = (annotation: Annotation): boolean => marqueeInfo(annotation).note !== undefined

/** A work order outside of tasks (decisions §8): of a person, and says nothing. */
export const isOrder = (annotation: Annotation): boolean =>
  annotation.taskId === '' &&
  annotation.worker?.worker.case === 'user' &&
  !annotation.inputLevel &&
  isEmptyData(annotation.data) &&
  !isNote(annotation) &&
  !marksEmpty(annotation)
