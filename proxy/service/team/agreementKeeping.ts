import { fromBinary } from '@bufbuild/protobuf'
import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import { MultiAnnotationResponseSchema } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { isEmptyData, isNote } from '#proxy/service/annotations/annotationParts.ts'
import { stored } from '#proxy/service/annotations/annotationReading.ts'
import { readMasks } from '#proxy/service/annotations/maskPixels.ts'
import { appSettings } from '#proxy/service/appSettings.ts'
import type { Attempt } from '#proxy/service/attempt.ts'
import { readThroughMerges } from '#proxy/service/concepts/conceptMerges.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { type AgreementRow, type KnownAnswerRow, knownAnswers, putAgreements } from '#proxy/store/agreement.ts'
import { lockApp } from '#proxy/store/apps.ts'
import type { Db } from '#proxy/store/open.ts'
import { labelsOf, ordersOfInputs } from '#proxy/store/orders.ts'
import { annotationsOfWork } from '#proxy/store/taskAnnotations.ts'
import { assignmentsOfInputs } from '#proxy/store/taskAssignments.ts'
import { compare, meanOf, pairsOf } from './agreementNumbers.ts'

/** What one person has submitted on an input. */
export interface Submitted {
  readonly workerId: string
  readonly annotations: readonly Annotation[]
}

/** Of a task, or of orders (`taskId` empty): everybody's submitted work, by input; people in the order of their ids. */
export const submittedWork = async (
  db: Db,
  app: number,
  taskId: string,
  inputIds: readonly string[],
): Promise<Map<string, Submitted[]>> => {
  const works =
    taskId === '' ? await submittedOrders(db, app, inputIds) : await submittedAssignments(db, app, taskId, inputIds)
  const annotations = await annotationsBy(db, app, taskId, works)
  const found = new Map<string, Submitted[]>()
  for (const [inputId, some] of Map.groupBy(works, (work) => work.inputId)) {
    const people = [...new Set(some.map(({ userId }) => userId))].sort()
    const of = (workerId: string) => annotations.get(`${inputId}/${workerId}`) ?? []
    found.set(
      inputId,
      people.map((workerId) => ({ workerId, annotations: of(workerId) })),
    )
  }
  return found
}

interface Work {
  readonly inputId: string
  readonly userId: string
}

const submittedAssignments = async (db: Db, app: number, taskId: string, inputIds: readonly string[]) => {
  const rows = await assignmentsOfInputs(db, app, taskId, inputIds)
  return rows
    .filter((row) => row.status_code !== StatusCode.TASK_ASSIGNMENT_PENDING)
    .map((row): Work => ({ inputId: row.input_id, userId: row.worker_id }))
}

const submittedOrders = async (db: Db, app: number, inputIds: readonly string[]) => {
  const rows = await ordersOfInputs(db, app, inputIds)
  return rows
    .filter((row) => row.status_code !== StatusCode.ANNOTATION_PENDING)
    .map((row): Work => ({ inputId: row.input_id, userId: row.user_id }))
}

const annotationsBy = async (
  db: Db,
  app: number,
  taskId: string,
  works: readonly Work[],
): Promise<Map<string, Annotation[]>> => {
  const annotations: Annotation[] = []
  if (taskId !== '') annotations.push(...(await annotationsOfWork(db, app, taskId, works)).map(stored))
  else
    for (const [inputId, some] of Map.groupBy(works, (work) => work.inputId)) {
      const people = some.map(({ userId }) => userId)
      annotations.push(...(await labelsOf(db, app, inputId, people)).map(stored))
    }
  await readThroughMerges(db, app, annotations)
  return Map.groupBy(annotations, ({ inputId, userId }) => `${inputId}/${userId}`)
}

export const answerOf = (row: KnownAnswerRow): Annotation[] =>
  fromBinary(MultiAnnotationResponseSchema, row.annotations).annotations

/** The same after annotations were patched, for orders that may have been submitted with them. */
export const keepOrderAgreement = async (
  app: AppInUse,
  done: readonly Attempt<Annotation>[],
  deps: Pick<Deps, 'store' | 'blobs'>,
): Promise<void> => {
  if (appSettings(app.message).review === 'none') return
  const moved = done.flatMap((item) => (item.ok && isSubmittedOrder(item.value) ? [item.value.inputId] : []))
  if (moved.length > 0) await keepAgreement(app.no, '', [...new Set(moved)], deps)
}

const isSubmittedOrder = (annotation: Annotation): boolean =>
  annotation.taskId === '' &&
  isEmptyData(annotation.data) &&
  !isNote(annotation) &&
  annotation.status?.code !== StatusCode.ANNOTATION_PENDING

/**
 * Keeps how far people agree on these inputs, with each other and with the known answers, after somebody has submitted.
 * Reads and counts before it writes, since masks are read from blobs.
 */
export const keepAgreement = async (
  app: number,
  taskId: string,
  inputIds: readonly string[],
  deps: Pick<Deps, 'store' | 'blobs'>,
): Promise<void> => {
  if (inputIds.length === 0) return
  const { read, write } = deps.store
  const answers = new Map((await knownAnswers(read, app, taskId, inputIds)).map((row) => [row.input_id, answerOf(row)]))
  const work = await submittedWork(read, app, taskId, inputIds)
  const shared = [...work].filter(([inputId, people]) => people.length > 1 || answers.has(inputId))
  if (shared.length === 0) return
  const rows: AgreementRow[] = []
  for (const [inputId, people] of shared) {
    const answer = answers.get(inputId)
    await readMasks([...people.flatMap(({ annotations }) => annotations), ...(answer ?? [])], deps)
    rows.push(...rowsOf({ app, task_id: taskId, input_id: inputId }, people, answer))
  }
  await write.transaction().execute(async (tx) => {
    await lockApp(tx, app)
    await putAgreements(
      tx,
      app,
      taskId,
      shared.map(([inputId]) => inputId),
      rows,
    )
  })
}

const rowsOf = (
  of: Pick<AgreementRow, 'app' | 'task_id' | 'input_id'>,
  people: readonly Submitted[],
  answer: readonly Annotation[] | undefined,
): AgreementRow[] => {
  const pairs = pairsOf(people).map(
    ([a, b]): AgreementRow => ({
      ...of,
      worker_a: a.workerId,
      worker_b: b.workerId,
      agreement: compare(a.annotations, b.annotations).agreement,
      people: 2,
    }),
  )
  const all = meanOf(pairs.map((row) => row.agreement))
  const known = answer
    ? people.map(
        ({ workerId, annotations }): AgreementRow => ({
          ...of,
          worker_a: workerId,
          worker_b: '',
          agreement: compare(annotations, answer).agreement,
          people: 1,
        }),
      )
    : []
  const whole: AgreementRow[] =
    all === undefined ? [] : [{ ...of, worker_a: '', worker_b: '', agreement: all, people: people.length }]
  return [...pairs, ...known, ...whole]
}
