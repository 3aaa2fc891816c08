import { create } from '@bufbuild/protobuf'
import {
  FindUnlabelledResponseSchema,
  ListInputSummariesRequest_Labelled as Labelled,
  type ListInputSummariesRequest,
  ListInputSummariesResponseSchema,
  Studio,
} from '#gen/marquee/v1/marquee_pb.ts'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Call } from '#proxy/service/call.ts'
import type { MethodImpl, StudioMethods } from '#proxy/service/method.ts'
import { pageOf } from '#proxy/service/paging.ts'
import { batches } from '#proxy/store/batches.ts'
import { type Upstream, type UpstreamApi, upstreamApi } from './upstream.ts'
import {
  eachPage,
  inputsPage,
  isLabelled,
  labelsOf,
  noLabels,
  type UpstreamApp,
  type UpstreamInput,
} from './upstreamInputs.ts'
import { theirsOr } from './upstreamPictures.ts'
import { judgedAtOnce, labelsInBatches, summaryOf } from './upstreamSummaries.ts'

const summariesPerPage = 100
/** Inputs looked at for a text, or for the place of one of them. */
const mostWalked = 500_000
/** Inputs whose annotations are looked at for a filter by labels. */
const mostJudged = 20_000
/** How long a filtered list is kept: a person pages through it. */
const keptMs = 15_000
const mostKept = 50

/** A request's list, without its page. */
interface Filtered {
  readonly inputs: readonly UpstreamInput[]
  readonly atMs: number
}

/**
 * marquee.v1.Studio where the server behind is any that speaks the API; one of our kind is asked for its own, which knows
 * more filters. What an unfiltered page of another costs: one ListInputs, one GetInputCount, and one ListAnnotations each
 * 1,000 annotations of its inputs. A text, or the page around an input, walks the inputs 1,000 a call, a filter by labels
 * their annotations too; both give up after so many and then show what they found. Restores are not here: the upstream
 * may have them.
 */
export const upstreamStudioMethods = (upstream: Upstream) => {
  const kept = new Map<string, Promise<Filtered>>()

  const listInputSummaries: MethodImpl<typeof Studio.method.listInputSummaries> = async (request, call, deps) => {
    if (request.query)
      throw new ApiError(StatusCode.CONN_INVALID_REQUEST, 'query: not where the server forwards to another')
    const api = upstreamApi(upstream, call)
    const app = { userId: request.userId, appId: request.appId }
    const asked = pageOf(request.page, request.perPage, summariesPerPage, deps.limits.pageSize)
    const isPlain = request.text === '' && request.labelled === Labelled.ANY
    const page = isPlain
      ? await plainPage(api, app, request, asked)
      : await filteredPage(api, app, request, call, asked)
    const labels = await labelsInBatches(
      api,
      app,
      page.inputs.map(({ id }) => id),
    )
    return create(ListInputSummariesResponseSchema, {
      inputs: page.inputs.map((input, i) =>
        summaryOf(input, labels.get(input.id) ?? noLabels, page.offset + i + 1, { upstream, call, deps }),
      ),
      total: page.total,
      page: Math.floor(page.offset / asked.limit) + 1,
    })
  }

  const plainPage = async (
    api: UpstreamApi,
    app: UpstreamApp,
    request: ListInputSummariesRequest,
    asked: { limit: number; offset: number },
  ) => {
    const around = request.aroundInputId === '' ? undefined : await placeOf(api, app, request.aroundInputId)
    const offset = around === undefined ? asked.offset : around - (around % asked.limit)
    const inputs = await inputsPage(api, app, offset / asked.limit + 1, asked.limit)
    const counted = await countOf(api, app)
    return { inputs, offset, total: Math.max(counted, inputs.length === 0 ? 0 : offset + inputs.length) }
  }

  const filteredPage = async (
    api: UpstreamApi,
    app: UpstreamApp,
    request: ListInputSummariesRequest,
    { caller }: Call,
    asked: { limit: number; offset: number },
  ) => {
    const key = JSON.stringify([caller?.credentialId, app, request.text.toLowerCase(), request.labelled])
    const all = (await keptOrNew(kept, key, () => filtered(api, app, request))).inputs
    const around = all.findIndex(({ id }) => id === request.aroundInputId)
    const offset = around < 0 ? asked.offset : around - (around % asked.limit)
    return { inputs: all.slice(offset, offset + asked.limit), offset, total: all.length }
  }

  /** Walks from the start; round the end like the embedded one, among the first so many inputs. */
  const findUnlabelled: MethodImpl<typeof Studio.method.findUnlabelled> = async (request, call) => {
    const api = upstreamApi(upstream, call)
    const app = { userId: request.userId, appId: request.appId }
    const ids: string[] = []
    for await (const page of eachPage(api, app, mostWalked)) ids.push(...page.map(({ id }) => id))
    const from = ids.indexOf(request.fromInputId)
    const inOrder = from < 0 ? ids : [...ids.slice(from + 1), ...ids.slice(0, from + 1)]
    const candidates = request.backwards ? backwardsFrom(ids, from) : inOrder
    for (const batch of batches(candidates.slice(0, mostJudged), judgedAtOnce)) {
      const labels = await labelsOf(api, app, batch)
      const found = batch.find((id) => !isLabelled(labels.get(id) ?? noLabels))
      if (found !== undefined) return create(FindUnlabelledResponseSchema, { inputId: found })
    }
    return create(FindUnlabelledResponseSchema, {})
  }

  return {
    listInputSummaries: theirsOr(Studio.method.listInputSummaries, upstream, listInputSummaries),
    findUnlabelled: theirsOr(Studio.method.findUnlabelled, upstream, findUnlabelled),
  } satisfies StudioMethods
}

const backwardsFrom = (ids: readonly string[], from: number): string[] => {
  const reversed = ids.toReversed()
  if (from < 0) return reversed
  const at = ids.length - 1 - from
  return [...reversed.slice(at + 1), ...reversed.slice(0, at + 1)]
}

const countOf = async (api: UpstreamApi, app: UpstreamApp): Promise<number> => {
  try {
    const { counts } = await api.ok(V2.method.getInputCount, { userAppId: app })
    return counts ? counts.processed + counts.toProcess + counts.processing + counts.errors : 0
  } catch {
    let walked = 0 // an upstream that does not count
    for await (const page of eachPage(api, app, mostWalked)) walked += page.length
    return walked
  }
}

const placeOf = async (api: UpstreamApi, app: UpstreamApp, inputId: string): Promise<number | undefined> => {
  let before = 0
  for await (const page of eachPage(api, app, mostWalked)) {
    const at = page.findIndex(({ id }) => id === inputId)
    if (at >= 0) return before + at
    before += page.length
  }
  return undefined
}

const filtered = async (
  api: UpstreamApi,
  app: UpstreamApp,
  { text, labelled }: ListInputSummariesRequest,
): Promise<UpstreamInput[]> => {
  const wanted = text.toLowerCase()
  const matches = ({ id, filename }: UpstreamInput) => `${filename}\n${id}`.toLowerCase().includes(wanted)
  const found: UpstreamInput[] = []
  let judged = 0
  for await (const page of eachPage(api, app, mostWalked)) {
    const candidates = page.filter(matches)
    if (labelled === Labelled.ANY) {
      found.push(...candidates)
      continue
    }
    for (const batch of batches(candidates, judgedAtOnce)) {
      if (judged >= mostJudged) return found
      judged += batch.length
      const labels = await labelsOf(
        api,
        app,
        batch.map(({ id }) => id),
      )
      found.push(...batch.filter(({ id }) => isLabelled(labels.get(id) ?? noLabels) === (labelled === Labelled.YES)))
    }
  }
  return found
}

/** A list that was made a moment ago, or a new one; failures are not kept. */
const keptOrNew = async (
  kept: Map<string, Promise<Filtered>>,
  key: string,
  make: () => Promise<UpstreamInput[]>,
): Promise<Filtered> => {
  const before = await kept.get(key)?.catch(() => undefined)
  if (before !== undefined && performance.now() - before.atMs < keptMs) return before
  const made = make().then((inputs) => ({ inputs, atMs: performance.now() }))
  kept.delete(key)
  kept.set(key, made)
  for (const oldest of kept.keys()) if (kept.size > mostKept) kept.delete(oldest)
  made.catch(() => kept.delete(key))
  return made
}
