import { create, type MessageInitShape } from '@bufbuild/protobuf'
import {
  type MultiAnnotationResponse,
  MultiAnnotationResponseSchema,
  type PostAnnotationsRequest,
  PostAnnotationsRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'

/** An app of `owner`. */
export const inApp = (appId: string) => ({ userId: 'owner', appId })

const CLASSES = ['car', 'person', 'bicycle', 'sign', 'tree', 'dog', 'bench', 'light', 'bus', 'truck']

/** Boxes of log-spread sizes all over the picture, each with one of ten concepts. Always the same for the same seed. */
export const postOf = (appId: string, inputId: string, boxes: number, seed: number): PostAnnotationsRequest => {
  const random = randomOf(seed)
  const annotations = Array.from({ length: boxes }, () => {
    const [height, width] = [0.005 * 60 ** random(), 0.005 * 60 ** random()]
    const [topRow, leftCol] = [random() * (1 - height), random() * (1 - width)]
    const boundingBox = { topRow, leftCol, bottomRow: topRow + height, rightCol: leftCol + width }
    const concept = { id: CLASSES[Math.floor(random() * CLASSES.length)]!, value: 1 }
    return { inputId, data: { regions: [{ regionInfo: { boundingBox }, data: { concepts: [concept] } }] } }
  })
  return create(PostAnnotationsRequestSchema, { userAppId: inApp(appId), annotations } satisfies MessageInitShape<
    typeof PostAnnotationsRequestSchema
  >)
}

/** The answer that gives back what was sent. */
export const echoOf = (annotations: PostAnnotationsRequest['annotations']): MultiAnnotationResponse =>
  create(MultiAnnotationResponseSchema, { status: { code: StatusCode.SUCCESS }, annotations })

/** mulberry32 */
export const randomOf = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}
