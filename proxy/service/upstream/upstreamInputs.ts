import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Annotation, Data, Input } from '#gen/proto/clarifai/api/resources_pb.ts'
import { type ListAnnotationsRequestSchema, V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import type { UpstreamApi } from './upstream.ts'

/** The app of a request. */
export interface UpstreamApp {
  readonly userId: string
  readonly appId: string
}

/** What the grid shows of an input. */
export interface UpstreamInput {
  readonly id: string
  readonly filename: string
  readonly kind: string
  readonly width: number
  readonly height: number
  readonly statusCode: number
  readonly createdAt: Input['createdAt']
  /** Addresses at the upstream or elsewhere; empty when there is none. */
  readonly image: string
  readonly thumbnail: string
}

/** What people put on an input. */
export interface UpstreamLabels {
  readonly regions: number
  readonly concepts: number
  readonly markedEmpty: boolean
}

export const noLabels: UpstreamLabels = { regions: 0, concepts: 0, markedEmpty: false }
export const isLabelled = ({ regions, concepts, markedEmpty }: UpstreamLabels): boolean =>
  regions > 0 || concepts > 0 || markedEmpty

/** One page in the upstream's own order. */
export const inputsPage = async (
  api: UpstreamApi,
  app: UpstreamApp,
  page: number,
  perPage: number,
): Promise<UpstreamInput[]> => {
  const { inputs } = await api.ok(V2.method.listInputs, { userAppId: app, page, perPage })
  return inputs.map(inputFacts)
}

const walkedPerPage = 1000
/** More at once would be more calls a second than Clarifai takes (15). */
const pagesAhead = 2

/** Every input in that order, page by page, at most `most` of them: one call each 1,000, the next ones meanwhile. */
export async function* eachPage(api: UpstreamApi, app: UpstreamApp, most: number): AsyncGenerator<UpstreamInput[]> {
  const asked: Promise<UpstreamInput[]>[] = []
  let next = 1
  const askUpTo = (count: number) => {
    while (asked.length < count && (next - 1) * walkedPerPage < most) {
      const page = inputsPage(api, app, next++, walkedPerPage)
      page.catch(() => undefined) // told when its turn comes, if it does
      asked.push(page)
    }
  }
  askUpTo(1)
  for (let page = asked.shift(); page !== undefined; page = asked.shift()) {
    const inputs = await page
    if (inputs.length > 0) yield inputs
    if (inputs.length < walkedPerPage) return
    askUpTo(pagesAhead)
  }
}

export const inputFacts = (input: Input): UpstreamInput => {
  const { data } = input
  const kind = kindOf(data)
  const info = data?.image?.imageInfo
  const name = data?.metadata?.filename
  return {
    id: input.id,
    filename: typeof name === 'string' ? name : '',
    kind,
    width: info?.width ?? 0,
    height: info?.height ?? 0,
    statusCode: input.status?.code ?? 0,
    createdAt: input.createdAt,
    image: addressOf(data, ['orig']),
    thumbnail: addressOf(data, ['small', 'tiny', 'orig']),
  }
}

const kindOf = (data: Data | undefined): string => {
  if (data?.video) return 'video'
  if (data?.audio) return 'audio'
  return data?.text && !data.image ? 'text' : 'image'
}

/** Where a picture is hosted in the first of these sizes there is, else where it came from. */
const addressOf = (data: Data | undefined, sizes: readonly string[]): string => {
  const image = data?.image
  const hosted = image?.hosted ?? data?.video?.hosted ?? data?.audio?.hosted ?? data?.text?.hosted
  const size = sizes.find((name) => hosted?.sizes.includes(name)) ?? hosted?.sizes[0]
  if (hosted && size) return `${hosted.prefix}/${size}/${hosted.suffix}`
  return image?.url ?? data?.video?.url ?? data?.audio?.url ?? data?.text?.url ?? ''
}

const annotationsPerPage = 1000
/** Beyond so many annotations of what is asked for, counts are only lower bounds and lists end. */
const mostAnnotations = 20_000

/** Annotations in the upstream's order, page by page: one call each 1,000, of the first 20,000. */
export async function* annotationPages(
  api: UpstreamApi,
  app: UpstreamApp,
  asked: Pick<MessageInitShape<typeof ListAnnotationsRequestSchema>, 'inputIds' | 'userIds' | 'statuses'>,
): AsyncGenerator<readonly Annotation[]> {
  for (let page = 1; (page - 1) * annotationsPerPage < mostAnnotations; page++) {
    const request = { ...asked, userAppId: app, page, perPage: annotationsPerPage }
    const { annotations } = await api.ok(V2.method.listAnnotations, request)
    yield annotations
    if (annotations.length < annotationsPerPage) return
  }
}

/** Labels of a few inputs: one call each 1,000 annotations they have. Inputs without any are absent. */
export const labelsOf = async (
  api: UpstreamApi,
  app: UpstreamApp,
  inputIds: readonly string[],
): Promise<Map<string, UpstreamLabels>> => {
  const labels = new Map<string, UpstreamLabels>()
  if (inputIds.length === 0) return labels
  for await (const annotations of annotationPages(api, app, { inputIds: [...inputIds] })) {
    for (const annotation of annotations) {
      const found = labelsIn(annotation)
      const before = labels.get(annotation.inputId) ?? noLabels
      labels.set(annotation.inputId, {
        regions: before.regions + found.regions,
        concepts: before.concepts + found.concepts,
        markedEmpty: before.markedEmpty || found.markedEmpty,
      })
    }
  }
  return labels
}

const labelsIn = ({ data, annotationInfo }: Annotation): UpstreamLabels => {
  const marks = annotationInfo?.marquee
  const empty = typeof marks === 'object' && marks !== null && !Array.isArray(marks) ? marks.empty : undefined
  const inFrames = data?.frames.reduce((sum, frame) => sum + (frame.data?.regions.length ?? 0), 0) ?? 0
  return {
    regions: (data?.regions.length ?? 0) + inFrames,
    concepts: data?.concepts.length ?? 0,
    markedEmpty: empty === true,
  }
}
