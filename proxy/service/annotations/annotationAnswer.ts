import { create } from '@bufbuild/protobuf'
import { type Annotation, AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { type MultiAnnotationResponse, MultiAnnotationResponseSchema } from '#gen/proto/clarifai/api/service_pb.ts'
import type { Attempt } from '#proxy/service/attempt.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { failedItem, overall } from '#proxy/service/status.ts'
import { readable } from './annotationReading.ts'

/**
 * The answer to a batch of writes: an item for each of the request, in its order. One that succeeded is the annotation
 * as it is now; one that failed echoes its ids with the reason as its status.
 */
export const batchAnswer = async (
  asked: readonly Annotation[],
  done: readonly Attempt<Annotation>[],
  app: AppInUse,
  call: Call,
  deps: Deps,
): Promise<MultiAnnotationResponse> => {
  const written = done.flatMap((item) => (item.ok ? [item.value] : []))
  await readable(written, app, deps.store.read, deps)
  const annotations = done.map((item, i) => (item.ok ? item.value : echo(asked[i]!, item)))
  const failures = done.flatMap((item) => (item.ok ? [] : [failedItem(item.error)]))
  return create(MultiAnnotationResponseSchema, { status: overall(call, done.length, failures), annotations })
}

const echo = ({ id, inputId }: Annotation, failed: Extract<Attempt<Annotation>, { ok: false }>): Annotation =>
  create(AnnotationSchema, { id, inputId, status: failedItem(failed.error) })
