import { create } from '@bufbuild/protobuf'
import { type InputSummary, InputSummarySchema } from '#gen/marquee/v1/marquee_pb.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { batches } from '#proxy/store/batches.ts'
import type { Upstream, UpstreamApi } from './upstream.ts'
import { labelsOf, type UpstreamApp, type UpstreamInput, type UpstreamLabels } from './upstreamInputs.ts'
import { upstreamMediaPath } from './upstreamMedia.ts'

/** Inputs whose annotations are asked for in one call. */
export const judgedAtOnce = 100

/** Who asks, of what. */
interface Asked {
  readonly upstream: Upstream
  readonly call: Call
  readonly deps: Deps
}

/** An input as our pages show it, its pictures under addresses of this server. `place`: 1-based. */
export const summaryOf = (
  input: UpstreamInput,
  labels: UpstreamLabels,
  place: number,
  { upstream, call: { caller }, deps }: Asked,
): InputSummary => {
  const path = (url: string) => (url ? (upstreamMediaPath(url, caller?.userId ?? '', upstream, deps) ?? '') : '')
  const isImage = input.kind === 'image'
  return create(InputSummarySchema, {
    inputId: input.id,
    filename: input.filename,
    width: input.width,
    height: input.height,
    kind: input.kind,
    thumbnailUrl: isImage ? path(input.thumbnail) : '',
    imageUrl: isImage ? path(input.image) : '',
    mediaUrl: isImage ? '' : path(input.image),
    regions: labels.regions,
    imageConcepts: labels.concepts,
    markedEmpty: labels.markedEmpty,
    statusCode: input.statusCode,
    ...(input.createdAt && { createdAt: input.createdAt }),
    place,
  })
}

export const labelsInBatches = async (
  api: UpstreamApi,
  app: UpstreamApp,
  ids: readonly string[],
): Promise<Map<string, UpstreamLabels>> => {
  const all = new Map<string, UpstreamLabels>()
  for (const batch of batches(ids, judgedAtOnce))
    for (const [id, labels] of await labelsOf(api, app, batch)) all.set(id, labels)
  return all
}
