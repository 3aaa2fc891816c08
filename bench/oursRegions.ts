import { create } from '@bufbuild/protobuf'
import { COLORS, type WorkRegion } from '#bench/workload.ts'
import { RegionInfoSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { polygonToMask } from '#geometry/contour.ts'
import type { Point, Size } from '#geometry/point.ts'
import type { Mask, Shape } from '#geometry/shape.ts'
import { alikeTags, alikeWorker } from '#model/alike.ts'
import { maskToPng } from '#model/maskPng.ts'
import { type Region, regionKey } from '#model/region.ts'
import { toRegionInfo, toShape } from '#model/regionInfo.ts'

/** The workload as regions of the product. */

export const keyOf = (id: string) => regionKey(id, id)
export const idOf = (key: string) => key.slice(0, key.indexOf('/'))

const pairs = (points: readonly number[]): Point[] =>
  Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i]!, points[2 * i + 1]!])

/** The pixels of a mask of the workload. */
export const maskOf = ({ points }: Extract<WorkRegion, { points: readonly number[] }>, size: Size): Mask =>
  polygonToMask({ kind: 'polygon', points: pairs(points) }, size)!

/** What the server would send of it. */
export const pngOf = (work: WorkRegion, size: Size): Uint8Array | undefined =>
  work.type === 'mask' ? maskToPng(maskOf(work, size), size) : undefined

const shapeOf = (work: WorkRegion, size: Size, png: Uint8Array | undefined): Shape => {
  if (work.type === 'box') return { kind: 'box', x: work.x, y: work.y, w: work.w, h: work.h }
  if (!png) return { kind: 'polygon', points: pairs(work.points) }
  return toShape(create(RegionInfoSchema, { mask: { image: { base64: png } } }), size)
}

/** `png`: the bytes of a mask; until somebody has read them it is what the product shows of such a region. */
export const regionOf = (work: WorkRegion, size: Size, png?: Uint8Array): Region => ({
  key: keyOf(work.id),
  id: work.id,
  annotation: work.id,
  shape: shapeOf(work, size, png),
  concepts: alikeTags([{ id: `class${work.cls}`, value: 1 }]),
  status: 24150,
  madeBy: alikeWorker({ kind: 'user', id: 'bench' }),
  z: 0,
})

/** Makes the messages of the regions' shapes; how many bytes of masks there are. */
export const encodeRegions = (regions: Iterable<Region>, size: Size): number => {
  let bytes = 0
  for (const { shape } of regions)
    if (shape.kind !== 'asReceived') bytes += toRegionInfo(shape, size).mask?.image?.base64.length ?? 0
  return bytes
}

export const colorOf = (region: Region) => COLORS[Number(region.concepts[0]?.id.slice(5) ?? 0)] ?? '#888888'
export const labelOf = (region: Region) => region.concepts[0]?.id ?? 'unlabelled'
