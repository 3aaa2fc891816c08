import { create } from '@bufbuild/protobuf'
import {
  type InputOutlines,
  InputOutlinesSchema,
  ListOutlinesResponseSchema,
  type Outline,
  OutlineSchema,
  type Studio,
} from '#gen/marquee/v1/marquee_pb.ts'
import { type Annotation, type Concept, type Region, UserAppIDSetSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { maskRings } from '#geometry/contour.ts'
import type { Point } from '#geometry/point.ts'
import { simplifyRing } from '#geometry/simplify.ts'
import { drawnAnnotations } from '#proxy/store/outlines.ts'
import { findApp } from './access.ts'
import { stored } from './annotationReading.ts'
import { ApiError } from './apiError.ts'
import { readThroughMerges } from './conceptMerges.ts'
import { apartOf } from './labelCounts.ts'
import { pixelsOf, readMasks } from './maskPixels.ts'
import type { MethodImpl } from './method.ts'
import { visibleIn } from './visibility.ts'

const mostInputs = 128
/** Outlines an input: on a thumbnail nobody tells more apart. */
const mostAnInput = 60
/** Corners of an outline beyond which it is drawn simpler. */
const mostCorners = 48
/** Of the picture's width or height; on a thumbnail of 360 px a third of a pixel. */
const tolerance = 0.001

/** What people drew on these inputs, for their thumbnails. @throws ApiError CONN_INVALID_REQUEST too many of them */
export const listOutlines: MethodImpl<typeof Studio.method.listOutlines> = async (request, call, deps) => {
  const { userId, appId } = request
  const app = await findApp(deps, call, create(UserAppIDSetSchema, { userId, appId }), 'readAnnotations')
  const ids = [...new Set(request.inputIds)]
  if (ids.length > mostInputs) throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `input_ids: more than ${mostInputs}`)
  const db = deps.store.read
  const shown = { visible: await visibleIn(app, db), apart: await apartOf(app, db) }
  const rows = await drawnAnnotations(db, app.no, ids, mostAnInput, shown)
  const annotations = rows.map(stored)
  await readThroughMerges(db, app.no, annotations)
  await readMasks(annotations, deps)
  const inputs = Map.groupBy(annotations, (annotation) => annotation.inputId)
  return create(ListOutlinesResponseSchema, { inputs: [...inputs].map(([id, of]) => outlinesOf(id, of)) })
}

const outlinesOf = (inputId: string, annotations: readonly Annotation[]): InputOutlines => {
  const outlines: Outline[] = []
  for (const { data } of annotations)
    for (const region of data?.regions ?? []) {
      if (outlines.length >= mostAnInput) break
      const corners = cornersOf(region)
      const concepts = [...(region.data?.concepts ?? []), ...(data?.concepts ?? [])]
      if (corners.length > 0)
        outlines.push(create(OutlineSchema, { conceptId: present(concepts), corners: packed(corners) }))
    }
  return create(InputOutlinesSchema, { inputId, outlines })
}

const present = (concepts: readonly Concept[]): string => concepts.find(({ value }) => value >= 0.5)?.id ?? ''

/** In shares of the picture; none for what has no place in it. */
const cornersOf = ({ regionInfo }: Region): readonly Point[] => {
  if (regionInfo?.mask?.image) return maskCorners(regionInfo.mask.image)
  if (regionInfo?.polygon)
    return simpler(
      regionInfo.polygon.points.map(({ col, row }) => [col, row] as const),
      tolerance,
    )
  const box = regionInfo?.boundingBox
  if (box)
    return [
      [box.leftCol, box.topRow],
      [box.rightCol, box.bottomRow],
    ]
  return regionInfo?.point ? [[regionInfo.point.col, regionInfo.point.row]] : []
}

/** The largest ring; small islands are not seen on a thumbnail. */
const maskCorners = (image: Parameters<typeof pixelsOf>[0]): readonly Point[] => {
  const mask = pixelsOf(image)
  if (!mask || !image.imageInfo) return []
  const { width, height } = image.imageInfo
  const ring = maskRings(mask).reduce<readonly Point[]>(
    (longest, other) => (other.length > longest.length ? other : longest),
    [],
  )
  return simpler(
    ring.map(([x, y]) => [x / width, y / height] as const),
    tolerance,
  )
}

/** A ring with no more corners than a thumbnail shows. */
function simpler(ring: readonly Point[], within: number): readonly Point[] {
  let simple = ring
  for (let by = within; simple.length > mostCorners && by < 0.1; by *= 2) simple = simplifyRing(ring, by)
  return simple
}

function packed(corners: readonly Point[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(corners.length * 4))
  const share = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 65535)
  corners.forEach(([x, y], i) => {
    bytes.setUint16(i * 4, share(x), true)
    bytes.setUint16(i * 4 + 2, share(y), true)
  })
  return new Uint8Array(bytes.buffer)
}
