import { create } from '@bufbuild/protobuf'
import {
  type Concept,
  type ConceptCount,
  ConceptCountSchema,
  ConceptExtraInfoSchema,
  ConceptQuerySchema,
  ConceptTypeCountSchema,
  DetailConceptCountSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  MultiConceptCountResponseSchema,
  MultiConceptResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { findApp } from '#proxy/service/people/access.ts'
import { visibleIn } from '#proxy/service/people/visibility.ts'
import { ok } from '#proxy/service/status.ts'
import { type ConceptCount as Counted, conceptsLike, countConcepts } from '#proxy/store/conceptSearch.ts'
import { type ConceptRow, listConcepts } from '#proxy/store/concepts.ts'
import { conceptMessage } from './conceptMessages.ts'
import { sourceConcepts } from './sourceConcepts.ts'

const nameLength = 4096

/**
 * PostConceptsSearches: what somebody means who has typed part of a name, the best first; `*` stands for anything. All
 * languages unless one is asked for. The app's own concepts, with those of a model or workflow that is named, or these
 * alone. No concept can be ranked by: there are no embeddings here.
 */
const postConceptsSearches: MethodImpl<typeof V2.method.postConceptsSearches> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readConcepts')
  const query = request.conceptQuery ?? create(ConceptQuerySchema)
  const { name, language } = query
  if (query.useCases.length > 0)
    throw new ApiError(StatusCode.NOT_IMPLEMENTED, 'concept_query.use_cases: what a model is for is not known here')
  if (name.length > nameLength)
    throw new ApiError(StatusCode.CONN_INVALID_REQUEST, `concept_query.name: longer than ${nameLength} characters`)
  const { page = 0, perPage = 0 } = request.pagination ?? {}
  const { limit, offset } = pageOf(page, perPage, itemsPerPage, deps.limits.pageSize)
  const others = await sourceConcepts(query, app, call, deps)
  const own = others && query.ignoreAppConcepts ? [] : await conceptsLike(deps.store.read, app.no, name)
  const found = others ? merged(own.map(conceptMessage), others, name) : own.map(conceptMessage)
  const concepts = found.filter((concept) => !language || concept.language === language).slice(offset, offset + limit)
  if (request.extraInfo)
    for (const concept of concepts) concept.extraInfo = create(ConceptExtraInfoSchema, { isRankable: false })
  return create(MultiConceptResponseSchema, { status: ok(call), concepts })
}

/** The same choice and order as {@link conceptsLike}; of one id the app's own counts. */
const merged = (own: readonly Concept[], others: readonly Concept[], typed: string): Concept[] => {
  const byId = new Map(own.map((concept) => [concept.id, concept]))
  const part = typed.toLowerCase()
  const pattern = part.split('*').map((text) => RegExp.escape(text))
  const isLike = part.includes('*') ? new RegExp(`^${pattern.join('.*')}$`, 's') : new RegExp(pattern.join(''))
  for (const concept of others)
    if (!byId.has(concept.id)) {
      const name = concept.name || concept.id
      if (isLike.test(name.toLowerCase())) byId.set(concept.id, { ...concept, name })
    }
  const start = part.replace(/\*.*$/s, '')
  const rank = (name: string) => (name === part ? 0 : name.startsWith(start) ? 1 : 2)
  return [...byId.values()]
    .map((concept) => ({ concept, name: concept.name.toLowerCase() }))
    .sort((a, b) => rank(a.name) - rank(b.name) || compare(a.name, b.name) || compare(a.concept.id, b.concept.id))
    .map(({ concept }) => concept)
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** GetConceptCounts: of every concept on how many inputs people said that it is there and that it is not. */
const getConceptCounts: MethodImpl<typeof V2.method.getConceptCounts> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'countConcepts')
  const page = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const rows = await listConcepts(deps.store.read, app.no, '', page)
  const ids = rows.map(({ id }) => id)
  const counted = await countConcepts(deps.store.read, app.no, ids, await visibleIn(app, deps.store.read))
  const counts = Map.groupBy(counted, ({ concept }) => concept)
  return create(MultiConceptCountResponseSchema, {
    status: ok(call),
    conceptCounts: rows.map((row) => countMessage(row, counts.get(row.id) ?? [])),
  })
}

const countMessage = ({ id, name }: ConceptRow, counted: readonly Counted[]): ConceptCount => {
  const inState = (...codes: StatusCode[]) =>
    typeCount(counted.filter(({ statusCode }) => codes.includes(statusCode as StatusCode)))
  const { INPUT_SUCCESS, INPUT_PENDING, INPUT_IN_PROGRESS } = StatusCode
  const settled: StatusCode[] = [INPUT_SUCCESS, INPUT_PENDING, INPUT_IN_PROGRESS]
  return create(ConceptCountSchema, {
    id,
    name,
    conceptTypeCount: typeCount(counted),
    detailConceptCount: create(DetailConceptCountSchema, {
      processed: inState(INPUT_SUCCESS),
      toProcess: inState(INPUT_PENDING),
      processing: inState(INPUT_IN_PROGRESS),
      errors: typeCount(counted.filter(({ statusCode }) => !settled.includes(statusCode as StatusCode))),
    }),
  })
}

const typeCount = (counted: readonly Counted[]) => {
  const sum = (presence: boolean) =>
    counted.filter(({ present }) => present === presence).reduce((total, { inputs }) => total + inputs, 0)
  return create(ConceptTypeCountSchema, { positive: sum(true), negative: sum(false) })
}

export const conceptSearchMethods = { postConceptsSearches, getConceptCounts } satisfies V2Methods
