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
import { pointsBounds } from '#geometry/polygon.ts'
import { simplifyRing } from '#geometry/simplify.ts'
import { stored } from '#proxy/service/annotations/annotationReading.ts'
import { pixelsOf, readMasks } from '#proxy/service/annotations/maskPixels.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { readThroughMerges } from '#proxy/service/concepts/conceptMerges.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { findApp } from '#proxy/service/people/access.ts'
import { visibleIn } from '#proxy/service/people/visibility.ts'
import { apartOf } from '#proxy/service/team/labelCounts.ts'
import { drawnAnnotations } from '#proxy/store/outlines.ts'

const mostInputs = 128
/** Outlines an input: on a thumbnail nobody tells more apart. */
const mostAnInput = 60
/** Corners of an outline beyond which it is drawn simpler. */
const mostCorners = 48
/** Pieces and holes of one mask that are drawn. */
const mostPieces = 12
/** Of the picture's longer side: smaller pieces are a dot. */
const leastPiece = 0.01
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
      const concepts = [...(region.data?.concepts ?? []), ...(data?.concepts ?? [])]
      for (const corners of piecesOf(region).slice(0, mostAnInput - outlines.length))
        outlines.push(create(OutlineSchema, { conceptId: present(concepts), corners: packed(corners) }))
    }
  return create(InputOutlinesSchema, { inputId, outlines })
}

const present = (concepts: readonly Concept[]): string => concepts.find(({ value }) => value >= 0.5)?.id ?? ''

/** The corners of each piece; one but for masks, none for what has no place in the picture. */
const piecesOf = (region: Region): readonly (readonly Point[])[] => {
  const mask = region.regionInfo?.mask?.image
  if (mask) return maskPieces(mask)
  const corners = cornersOf(region)
  return corners.length > 0 ? [corners] : []
}

/** In shares of the picture. */
const cornersOf = ({ regionInfo }: Region): readonly Point[] => {
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

/** The largest rings, pieces and holes; smaller ones are not seen on a thumbnail, unless there is nothing else. */
const maskPieces = (image: Parameters<typeof pixelsOf>[0]): readonly (readonly Point[])[] => {
  const mask = pixelsOf(image)
  if (!mask || !image.imageInfo) return []
  const { width, height } = image.imageInfo
  const rings = maskRings(mask)
    .map((pixels) => {
      const ring = pixels.map(([x, y]) => [x / width, y / height] as const)
      return { ring, extent: extentOf(ring) }
    })
    .toSorted((a, b) => b.extent - a.extent)
  return rings
    .filter(({ extent }, i) => i === 0 || (i < mostPieces && extent >= leastPiece))
    .map(({ ring }) => simpler(ring, tolerance))
}

/** The longer side of what it spans. */
const extentOf = (ring: readonly Point[]): number => {
  const { w, h } = pointsBounds(ring)
  return Math.max(w, h)
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
