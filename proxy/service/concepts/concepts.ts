import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { type Concept, ConceptSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { MultiConceptResponseSchema, SingleConceptResponseSchema, type V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkName } from '#proxy/service/names.ts'
import { checkBatch, itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { type PatchAction, patchAction } from '#proxy/service/patch.ts'
import { mergeStruct, removeFromStruct } from '#proxy/service/patchStruct.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { ok } from '#proxy/service/status.ts'
import { nameBytes } from '#proxy/service/validate.ts'
import { lockApp, nextRevs } from '#proxy/store/apps.ts'
import { type ConceptRow, conceptsById, listConcepts, putConcepts } from '#proxy/store/concepts.ts'
import { appendHistory, itemHistory } from '#proxy/store/history.ts'
import type { Db } from '#proxy/store/open.ts'
import { conceptMessage } from './conceptMessages.ts'

const metadataBytes = 64 * 1024

/** All or none: a concept of the answer has no status of its own. One that was deleted comes back as it is sent. */
const postConcepts: MethodImpl<typeof V2.method.postConcepts> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addConcepts')
  checkBatch(request.concepts, 'concepts', deps.limits.batch)
  const concepts = request.concepts.map((asked, i) => newConcept(asked, `concepts[${i}]`, app, deps))
  const rows = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const before = await conceptsById(
      tx,
      app.no,
      concepts.map((concept) => concept.id),
    )
    const taken = new Set(before.filter((row) => row.deleted_at === null).map((row) => row.id))
    for (const [i, { id }] of concepts.entries()) {
      if (taken.has(id)) throw refused(`concepts[${i}].id`, `duplicate: the app has a concept "${id}" already`)
      taken.add(id)
    }
    return write(
      tx,
      app,
      concepts.map((after) => ({ after })),
      deps.now(),
    )
  })
  return create(MultiConceptResponseSchema, { status: ok(call), concepts: rows.map(conceptMessage) })
}

const newConcept = (asked: Concept, path: string, app: AppInUse, deps: Deps): Concept => {
  const id = asked.id || (asked.name && deps.newId())
  checkName(`${path}.id`, id, StatusCode.CONCEPTS_INVALID_REQUEST, deps.limits.conceptIdBytes)
  const concept = create(ConceptSchema, {
    id,
    name: asked.name || id,
    value: 1,
    appId: app.id,
    userId: app.user_id,
    language: asked.language || 'en',
    definition: asked.definition,
    ...(asked.keypointInfo && { keypointInfo: asked.keypointInfo }),
    ...(asked.metadata && { metadata: asked.metadata }),
  })
  checkText(concept, path)
  return concept
}

const checkText = (concept: Concept, path: string): void => {
  if (Buffer.byteLength(concept.name) > nameBytes) throw refused(`${path}.name`, `longer than ${nameBytes} bytes`)
  if (concept.name.trim() === '') throw refused(`${path}.name`, 'required')
  if (Buffer.byteLength(concept.definition) > metadataBytes)
    throw refused(`${path}.definition`, `longer than ${metadataBytes} bytes`)
  if (Buffer.byteLength(JSON.stringify(concept.metadata ?? {})) > metadataBytes)
    throw refused(`${path}.metadata`, `larger than ${metadataBytes} bytes`)
}

const refused = (path: string, what: string): ApiError =>
  new ApiError(StatusCode.CONCEPTS_INVALID_REQUEST, `${path}: ${what}`)

/** Names, definitions and metadata; what is absent or empty stays. All or none. @throws 11101 for an unknown id */
const patchConcepts: MethodImpl<typeof V2.method.patchConcepts> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'addConcepts')
  checkBatch(request.concepts, 'concepts', deps.limits.batch)
  const action = patchAction(request.action)
  const rows = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const stored = await conceptsById(
      tx,
      app.no,
      request.concepts.map((concept) => concept.id),
    )
    const now = new Map(stored.filter((row) => row.deleted_at === null).map((row) => [row.id, row]))
    const changes = new Map<string, Change>()
    for (const [i, sent] of request.concepts.entries()) {
      const before = now.get(sent.id)
      if (!before)
        throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `concepts[${i}].id: the app has no concept "${sent.id}"`)
      const last = changes.get(sent.id)?.after ?? fromBinary(ConceptSchema, before.message)
      const after = patchedConcept(last, sent, action)
      checkText(after, `concepts[${i}]`)
      changes.set(sent.id, { before, after })
    }
    const written = new Map((await write(tx, app, [...changes.values()], deps.now())).map((row) => [row.id, row]))
    return request.concepts.map((concept) => written.get(concept.id)!)
  })
  return create(MultiConceptResponseSchema, { status: ok(call), concepts: rows.map(conceptMessage) })
}

const patchedConcept = (stored: Concept, sent: Concept, action: PatchAction): Concept => {
  const concept = { ...stored }
  if (action !== 'remove') {
    if (sent.name) concept.name = sent.name
    if (sent.definition) concept.definition = sent.definition
    if (sent.language) concept.language = sent.language
    if (sent.keypointInfo) concept.keypointInfo = sent.keypointInfo
  }
  if (sent.metadata) concept.metadata = patchedMetadata(stored.metadata, sent.metadata, action)
  return concept
}

const patchedMetadata = (
  stored: Concept['metadata'],
  sent: NonNullable<Concept['metadata']>,
  action: PatchAction,
): NonNullable<Concept['metadata']> => {
  switch (action) {
    case 'merge':
      return mergeStruct(stored, sent)
    case 'overwrite':
      return sent
    case 'remove':
      return removeFromStruct(stored, sent)
  }
}

interface Change {
  readonly before?: ConceptRow
  readonly after: Concept
}

/** Writes concepts with their stamps and history. @returns the rows as they are now */
const write = async (tx: Db, app: AppInUse, changes: readonly Change[], now: number): Promise<ConceptRow[]> => {
  const stamps = await nextRevs(tx, app.no, changes.length, now)
  const rows = changes.map(({ before, after }, i) => ({
    app: app.no,
    id: after.id,
    name: after.name,
    message: toBinary(ConceptSchema, after),
    rev: stamps[i]!.rev,
    created_at: before?.created_at ?? stamps[i]!.at,
    modified_at: stamps[i]!.at,
    deleted_at: null,
    deleted_by: null,
  }))
  await putConcepts(tx, rows)
  await appendHistory(
    tx,
    rows.map((row, i) =>
      itemHistory('concept', app, row.id, stamps[i]!, changes[i]!.before?.message ?? null, row.message),
    ),
  )
  return rows
}

const listSomeConcepts: MethodImpl<typeof V2.method.listConcepts> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readConcepts')
  const page = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const rows = await listConcepts(deps.store.read, app.no, request.id, page)
  return create(MultiConceptResponseSchema, { status: ok(call), concepts: rows.map(conceptMessage) })
}

const getConcept: MethodImpl<typeof V2.method.getConcept> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'readConcepts')
  const [row] = await conceptsById(deps.store.read, app.no, [request.conceptId])
  if (!row || row.deleted_at !== null)
    throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `concept_id: the app has no concept "${request.conceptId}"`)
  return create(SingleConceptResponseSchema, { status: ok(call), concept: conceptMessage(row) })
}

export const conceptMethods = {
  postConcepts,
  patchConcepts,
  listConcepts: listSomeConcepts,
  getConcept,
} satisfies V2Methods
