import type { Annotation, RegionInfo } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { annotationsWithRegions } from '#proxy/store/annotations.ts'
import type { Db } from '#proxy/store/open.ts'
import { regionOf } from './annotationParts.ts'
import { stored } from './annotationReading.ts'

/** Places of regions by {@link placeKey}. */
export type RegionPlaces = ReadonlyMap<string, RegionInfo>

export const placeKey = (inputId: string, regionId: string): string => `${inputId}/${regionId}`

/** Where the regions are that these annotations name by id, over all annotations of their inputs (api.md §9-20). */
export const regionPlaces = async (
  db: Db,
  app: AppInUse,
  annotations: readonly Annotation[],
): Promise<RegionPlaces> => {
  const wanted = annotations.flatMap(({ inputId, data }) => {
    const region = regionOf(data)
    return region?.id ? [{ input_id: inputId, region_id: region.id }] : []
  })
  const rows = await annotationsWithRegions(db, app.no, wanted)
  return new Map(
    rows.flatMap((row) => {
      const info = regionOf(stored(row).data)?.regionInfo
      return info ? [[placeKey(row.input_id, row.region_id!), info] as const] : []
    }),
  )
}
