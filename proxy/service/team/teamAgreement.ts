import { create, toBinary } from '@bufbuild/protobuf'
import {
  ConceptVotesSchema,
  GetAgreementResponseSchema,
  InputAgreementSchema,
  KnownAnswerSchema,
  ListAgreementResponseSchema,
  ListKnownAnswersResponseSchema,
  PairAgreementSchema,
  PairMeanSchema,
  PutKnownAnswersResponseSchema,
  type RegionAgreement,
  RegionAgreementSchema,
  RegionMatchSchema,
  type Team,
} from '#gen/marquee/v1/team_pb.ts'
import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import { MultiAnnotationResponseSchema } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { regionsOf } from '#proxy/service/annotations/annotationParts.ts'
import { stored } from '#proxy/service/annotations/annotationReading.ts'
import { readMasks } from '#proxy/service/annotations/maskPixels.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { checkBatch } from '#proxy/service/paging.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { studioApp, summaryOf } from '#proxy/service/studio/studio.ts'
import { loadTask } from '#proxy/service/tasks/taskInUse.ts'
import { timestampOf } from '#proxy/service/time.ts'
import {
  agreementOfPairs,
  agreementWithKnown,
  knownAnswers,
  lowestAgreement,
  meanAgreement,
  putKnownAnswers as put,
  removeKnownAnswers,
} from '#proxy/store/agreement.ts'
import { lockApp } from '#proxy/store/apps.ts'
import type { Db } from '#proxy/store/open.ts'
import { labelsOf, ordersOfInputs } from '#proxy/store/orders.ts'
import { inputFactsById } from '#proxy/store/summaries.ts'
import { taskInputsById } from '#proxy/store/taskInputs.ts'
import { workersOn } from '#proxy/store/work.ts'
import { answerOf, keepAgreement, type Submitted, submittedWork } from './agreementKeeping.ts'
import { type Comparison, compare, meanOf, pairsOf } from './agreementNumbers.ts'
import { labelsOn } from './labelCounts.ts'
import { badRequest, reviewsOrders, seesEverybody, seesTask } from './teamRights.ts'

/** Labelers would learn from the numbers what the others drew. @throws ApiError TASK_PERMISSION_DENIED, TASK_MISSING */
const checkSees = async (app: AppInUse, taskId: string, deps: Deps): Promise<void> => {
  const sees =
    taskId === ''
      ? reviewsOrders(app) || seesEverybody(app)
      : seesTask(await loadTask(deps.store.read, app, taskId, deps))
  if (!sees)
    throw new ApiError(
      StatusCode.TASK_PERMISSION_DENIED,
      'task_id: only the reviewers of the task and the owner of the app may see how far people agree',
    )
}

export const getAgreement: MethodImpl<typeof Team.method.getAgreement> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'readWork')
  const { taskId, inputId } = request
  if (inputId === '') throw badRequest('input_id', 'required')
  await checkSees(app, taskId, deps)
  const people = (await submittedWork(deps.store.read, app.no, taskId, [inputId])).get(inputId) ?? []
  await readMasks(
    people.flatMap(({ annotations }) => annotations),
    deps,
  )
  const pairs = pairsOf(people).map(([a, b]) => ({ a, b, ...compare(a.annotations, b.annotations) }))
  const agreement = meanOf(pairs.map((pair) => pair.agreement))
  return create(GetAgreementResponseSchema, {
    workerIds: people.map(({ workerId }) => workerId),
    ...(agreement !== undefined && { agreement }),
    pairs: pairs.map(pairMessage),
    regions: regionAgreements(people, pairs),
    concepts: votes(people),
  })
}

interface Pair extends Comparison {
  readonly a: Submitted
  readonly b: Submitted
}

const pairMessage = ({ a, b, agreement, matches }: Pair) =>
  create(PairAgreementSchema, {
    a: a.workerId,
    b: b.workerId,
    agreement,
    matches: matches.map((match) =>
      create(RegionMatchSchema, {
        aAnnotationId: match.a.annotationId,
        aRegionId: match.a.regionId,
        bAnnotationId: match.b.annotationId,
        bRegionId: match.b.regionId,
        overlap: match.overlap,
        sameConcepts: match.same,
      }),
    ),
  })

const regionAgreements = (people: readonly Submitted[], pairs: readonly Pair[]): RegionAgreement[] => {
  const found = new Map<string, number[]>()
  const note = (annotationId: string, regionId: string, overlap: number) => {
    const key = `${annotationId}/${regionId}`
    found.set(key, [...(found.get(key) ?? []), overlap])
  }
  for (const { a, b, same, overlap } of pairs.flatMap(({ matches }) => matches))
    if (same) for (const side of [a, b]) note(side.annotationId, side.regionId, overlap)
  return people.flatMap(({ workerId, annotations }) =>
    annotations.flatMap((annotation) =>
      regionsOf(annotation.data).map(([region]) => {
        const overlaps = found.get(`${annotation.id}/${region.id}`) ?? []
        const others = Math.max(1, people.length - 1)
        return create(RegionAgreementSchema, {
          annotationId: annotation.id,
          regionId: region.id,
          workerId,
          agreement: overlaps.reduce((sum, overlap) => sum + overlap, 0) / others,
          foundBy: overlaps.length,
        })
      }),
    ),
  )
}

/** What people said of the whole image, concept by concept. */
const votes = (people: readonly Submitted[]) => {
  const found = new Map<string, { yes: string[]; no: string[] }>()
  for (const { workerId, annotations } of people)
    for (const { id, value } of annotations.flatMap((annotation) => annotation.data?.concepts ?? [])) {
      const vote = found.get(id) ?? { yes: [], no: [] }
      const side = value >= 0.5 ? vote.yes : vote.no
      if (!side.includes(workerId)) side.push(workerId)
      found.set(id, vote)
    }
  return [...found].map(([conceptId, vote]) => create(ConceptVotesSchema, { conceptId, ...vote }))
}

const usualInputs = 60

export const listAgreement: MethodImpl<typeof Team.method.listAgreement> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'readWork')
  await checkSees(app, request.taskId, deps)
  const db = deps.store.read
  const limit = Math.min(request.perPage || usualInputs, deps.limits.pageSize)
  const after = placeAfter(request.after)
  const rows = await lowestAgreement(db, app.no, request.taskId, { limit: limit + 1, after: after?.place })
  const shown = rows.slice(0, limit)
  const ids = shown.map((row) => row.input_id)
  const inputs = await inputFactsById(db, app.no, ids)
  const labels = await labelsOn(app, db, ids)
  const how = await decidedOn(db, app.no, request.taskId, ids)
  const { mean, count } = await meanAgreement(db, app.no, request.taskId)
  const before = after?.before ?? 0
  const last = shown.at(-1)
  return create(ListAgreementResponseSchema, {
    inputs: shown.map((row, i) => {
      const input = inputs.get(row.input_id)
      return create(InputAgreementSchema, {
        ...(input && { input: summaryOf(input, labels.get(row.input_id), before + i + 1, app, deps) }),
        agreement: row.agreement,
        people: row.people,
        waiting: how.get(row.input_id)?.waiting ?? 0,
        approved: how.get(row.input_id)?.approved ?? 0,
      })
    }),
    nextPage: rows.length > limit && last ? nextPage([last.agreement, last.input_id, before + limit]) : '',
    total: count,
    ...(count > 0 && { mean }),
    pairs: (await agreementOfPairs(db, app.no, request.taskId)).map(({ a, b, mean: agreement, count: inputs }) =>
      create(PairMeanSchema, { a, b, agreement, inputs }),
    ),
  })
}

/** By input: how many pieces of work on it wait for a verdict, and how many are approved. */
const decidedOn = async (
  db: Db,
  app: number,
  taskId: string,
  inputIds: readonly string[],
): Promise<Map<string, { waiting: number; approved: number }>> => {
  const [waits, approved] =
    taskId === ''
      ? [StatusCode.ANNOTATION_AWAITING_REVIEW, StatusCode.ANNOTATION_SUCCESS]
      : [StatusCode.TASK_ASSIGNMENT_AWAITING_REVIEW, StatusCode.TASK_ASSIGNMENT_SUCCESS]
  const rows =
    taskId === ''
      ? await ordersOfInputs(db, app, inputIds)
      : await workersOn(db, app, taskId, inputIds, [waits!, approved!])
  const byInput = Map.groupBy<string, { input_id: string; status_code: number }>(rows, (row) => row.input_id)
  const count = (some: readonly { status_code: number }[], code: number | undefined) =>
    some.filter((row) => row.status_code === code).length
  return new Map(
    [...byInput].map(([id, some]) => [id, { waiting: count(some, waits), approved: count(some, approved) }]),
  )
}

type Place = readonly [agreement: number, inputId: string, before: number]

const nextPage = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url')

const placeAfter = (text: string): { place: readonly [number, string]; before: number } | undefined => {
  if (text === '') return undefined
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (Array.isArray(parts) && typeof parts[0] === 'number' && typeof parts[1] === 'string')
      return { place: [parts[0], parts[1]], before: Number(parts[2]) || 0 }
  } catch {
    // told below
  }
  throw badRequest('after', 'not the next_page of an answer to the same question')
}

const checkKeeps = (app: AppInUse): void => {
  if (!seesEverybody(app))
    throw new ApiError(StatusCode.TASK_PERMISSION_DENIED, 'task_id: only the owner of the app keeps known answers')
}

/**
 * What the caller has labelled on the input, outside of tasks or as their own work in this one, becomes the answer. Who
 * has submitted already is held against it at once.
 */
export const putKnownAnswers: MethodImpl<typeof Team.method.putKnownAnswers> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'doWork')
  checkKeeps(app)
  checkBatch(request.inputIds, 'input_ids', deps.limits.batch)
  const { taskId, inputIds } = request
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    await loadTask(tx, app, taskId, deps)
    if (request.forget) return removeKnownAnswers(tx, app.no, taskId, inputIds)
    const known = await taskInputsById(tx, app.no, taskId, inputIds)
    const rows = []
    for (const [i, inputId] of inputIds.entries()) {
      if (!known.has(inputId)) throw badRequest(`input_ids[${i}]`, `input "${inputId}" is not in the task`)
      const labels = (await labelsOf(tx, app.no, inputId, [app.callerId])).filter(
        (row) => row.has_data || row.marks_empty,
      )
      if (labels.length === 0)
        throw badRequest(
          `input_ids[${i}]`,
          `you have labelled nothing on input "${inputId}": label it, or mark it empty`,
        )
      const annotations = toBinary(
        MultiAnnotationResponseSchema,
        create(MultiAnnotationResponseSchema, { annotations: labels.map(stored) }),
      )
      rows.push({
        app: app.no,
        task_id: taskId,
        input_id: inputId,
        kept_by: app.callerId,
        kept_at: deps.now(),
        annotations,
      })
    }
    return put(tx, rows)
  })
  await keepAgreement(app.no, taskId, inputIds, deps)
  return create(PutKnownAnswersResponseSchema)
}

export const listKnownAnswers: MethodImpl<typeof Team.method.listKnownAnswers> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'readWork')
  checkKeeps(app)
  const db = deps.store.read
  await loadTask(db, app, request.taskId, deps)
  const rows = await knownAnswers(db, app.no, request.taskId)
  const ids = rows.map((row) => row.input_id)
  const inputs = await inputFactsById(db, app.no, ids)
  const labels = await labelsOn(app, db, ids)
  const means = await agreementWithKnown(db, app.no, request.taskId)
  return create(ListKnownAnswersResponseSchema, {
    answers: rows.map((row, i) => {
      const input = inputs.get(row.input_id)
      const mean = means.get(row.input_id)
      return create(KnownAnswerSchema, {
        ...(input && { input: summaryOf(input, labels.get(row.input_id), i + 1, app, deps) }),
        regions: countRegions(answerOf(row)),
        keptAt: timestampOf(Number(row.kept_at)),
        ...(mean && { agreement: mean.mean }),
        people: mean?.count ?? 0,
      })
    }),
  })
}

const countRegions = (annotations: readonly Annotation[]): number =>
  annotations.reduce((sum, { data }) => sum + regionsOf(data).length, 0)
