import { create } from '@bufbuild/protobuf'
import {
  TaskReview_TaskReviewStrategy as Review,
  TaskInputSource_TaskInputSourceType as Source,
  TaskWorker_TaskWorkerStrategy as Strategy,
  type Task,
  type TaskConcept,
  TaskConceptSchema,
  TaskInputSourceSchema,
  type TaskReview,
  TaskReviewSchema,
  TaskSchema,
  type TaskWorker,
  TaskWorkerSchema,
  UserSchema,
  TaskWorker_WorkerType as WorkerType,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { userWorker } from '#proxy/service/annotations/annotationWorker.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { whyNoId } from '#proxy/service/validate.ts'

const bad = (path: string, what: string): ApiError => new ApiError(StatusCode.CONN_INVALID_REQUEST, `${path}: ${what}`)

const notImplemented = (path: string, what: string): ApiError =>
  new ApiError(StatusCode.TASK_NOT_IMPLEMENTED, `${path}: ${what}`)

/** TaskInputSourceType.INPUT of newer .proto files: the one input named by `id`. */
export const oneInput = 4 as Source

const textBytes = 64 * 1024

/**
 * A task as it is stored: lists of people and concepts in their new fields only (api.md §9-14), "me" resolved, what
 * the server fills left out. @throws ApiError CONN_INVALID_REQUEST naming the field, TASK_NOT_IMPLEMENTED
 */
export const normalTask = (asked: Task, path: string, callerId: string): Task => {
  checkText(asked, path)
  const { id, type, description, name, sampleMs, aiAssistant, aiAssistParams, priority, metadata } = asked
  return create(TaskSchema, {
    id,
    type,
    description,
    name,
    sampleMs,
    priority,
    visibility: asked.visibility,
    labelOrderId: asked.labelOrderId,
    deletePreviousAnnotations: asked.deletePreviousAnnotations,
    ...(aiAssistant && { aiAssistant }),
    ...(aiAssistParams && { aiAssistParams }),
    ...(metadata && { metadata }),
    ...(asked.worker && { worker: normalWorker(asked.worker, `${path}.worker`, callerId) }),
    ...(asked.review && { review: normalReview(asked.review, `${path}.review`, callerId) }),
    ...(asked.inputSource && { inputSource: asked.inputSource }),
    concepts: normalConcepts(asked, path),
  })
}

const checkText = ({ name, description, metadata }: Task, path: string): void => {
  if (Buffer.byteLength(name) > 1024) throw bad(`${path}.name`, 'longer than 1024 bytes')
  if (Buffer.byteLength(description) > textBytes) throw bad(`${path}.description`, `longer than ${textBytes} bytes`)
  if (Buffer.byteLength(JSON.stringify(metadata ?? {})) > textBytes)
    throw bad(`${path}.metadata`, `larger than ${textBytes} bytes`)
}

/** `concepts`, or if that is empty the old `concept_ids`. */
const normalConcepts = ({ concepts, conceptIds }: Task, path: string): TaskConcept[] => {
  const all = concepts.length > 0 ? concepts : conceptIds.map((id) => create(TaskConceptSchema, { concept: { id } }))
  for (const [i, { concept }] of all.entries()) {
    const reason = whyNoId(concept?.id ?? '', 128)
    if (reason) throw bad(`${path}.concepts[${i}].concept.id`, reason)
  }
  return all
}

const normalWorker = (asked: TaskWorker, path: string, callerId: string): TaskWorker => {
  if (asked.type === WorkerType.WORKER_AUTO) throw notImplemented(`${path}.type`, 'models and workflows as workers')
  const ids = workersSaid(asked, path).map((id) => (id === 'me' ? callerId : id))
  checkEach(ids, `${path}.workers`)
  return create(TaskWorkerSchema, {
    strategy: asked.strategy,
    type: asked.type,
    strategyInfo: asked.strategyInfo,
    workers: ids.map(userWorker),
  })
}

/** `workers`, or if empty the old `users`, or the older `user_ids`. */
const workersSaid = ({ workers, users, userIds }: TaskWorker, path: string): string[] => {
  if (workers.length === 0) return users.length > 0 ? users.map(({ id }) => id) : userIds
  return workers.map(({ worker }, i) => {
    if (worker.case !== 'user') throw notImplemented(`${path}.workers[${i}]`, 'models and workflows as workers')
    return worker.value.id
  })
}

const checkEach = (ids: readonly string[], path: string): void => {
  const seen = new Set<string>()
  for (const [i, id] of ids.entries()) {
    if (id === '') throw bad(`${path}[${i}].user.id`, 'required')
    if (seen.has(id)) throw bad(`${path}[${i}].user.id`, `"${id}" is there twice`)
    seen.add(id)
  }
}

const normalReview = (asked: TaskReview, path: string, callerId: string): TaskReview => {
  const said = asked.users.length > 0 ? asked.users.map(({ id }) => id) : asked.userIds
  const ids = said.map((id) => (id === 'me' ? callerId : id))
  checkEach(ids, `${path}.users`)
  return create(TaskReviewSchema, {
    strategy: asked.strategy,
    strategyInfo: asked.strategyInfo,
    users: ids.map((id) => create(UserSchema, { id })),
  })
}

/**
 * A stored task with a sent one laid over it: what is absent or empty stays (as with annotations: api.md §4, example
 * 17). Both as {@link normalTask} makes them.
 */
export const overwrittenTask = (stored: Task, sent: Task): Task =>
  create(TaskSchema, {
    ...stored,
    ...(sent.type && { type: sent.type }),
    ...(sent.description && { description: sent.description }),
    ...(sent.name && { name: sent.name }),
    ...(sent.sampleMs && { sampleMs: sent.sampleMs }),
    ...(sent.priority && { priority: sent.priority }),
    ...(sent.visibility && { visibility: sent.visibility }),
    ...(sent.labelOrderId && { labelOrderId: sent.labelOrderId }),
    ...(sent.aiAssistant && { aiAssistant: sent.aiAssistant }),
    ...(sent.aiAssistParams && { aiAssistParams: sent.aiAssistParams }),
    ...(sent.metadata && { metadata: sent.metadata }),
    ...(sent.worker && { worker: sent.worker }),
    ...(sent.review && { review: sent.review }),
    ...(sent.inputSource && { inputSource: sent.inputSource }),
    ...(sent.concepts.length > 0 && { concepts: sent.concepts }),
  })

/** What else a task needs to be one; fills what has a default. @throws ApiError naming the field */
export const completeTask = (task: Task, path: string): Task => {
  const worker = task.worker
  if (!worker || worker.strategy === Strategy.WORKER_STRATEGY_NOT_SET) throw bad(`${path}.worker.strategy`, 'required')
  if (!Object.values<number>(Strategy).includes(worker.strategy))
    throw bad(`${path}.worker.strategy`, `${worker.strategy} is none`)
  if (worker.workers.length === 0) throw bad(`${path}.worker.workers`, 'required')
  const complete = create(TaskSchema, {
    ...task,
    inputSource: task.inputSource ?? create(TaskInputSourceSchema, { type: Source.ALL_INPUTS }),
    review: task.review ?? create(TaskReviewSchema, { strategy: Review.NONE }),
  })
  checkPartition(worker, `${path}.worker`)
  checkSource(complete, `${path}.input_source`)
  checkReview(complete, `${path}.review`)
  return complete
}

const named = 'partitioned_strategy_info'

/** api.md §2.6: nobody's share may be above one of `workers_per_input`, for then an input would have to go to them twice. */
const checkPartition = (worker: TaskWorker, path: string): void => {
  if (worker.strategy !== Strategy.PARTITIONED) return
  const people = worker.workers.length
  const perInput = peoplePerInput(worker)
  if (perInput < 1 || perInput > people)
    throw bad(`${path}.${named}.workers_per_input`, `${perInput}, must be 1 to ${people}, the number of workers`)
  const type = worker.strategyInfo.value?.type ?? 0
  if (type !== 0 && type !== 1 && type !== 2) throw bad(`${path}.${named}.type`, `${type} is none`)
  const weights = weightsOf(worker, path)
  const total = weights.reduce((sum, { weight }) => sum + weight, 0)
  for (const { id, weight } of weights)
    if (weight * perInput > total * (1 + 1e-9))
      throw bad(
        `${path}.${named}.weights.${id}`,
        `${weight} of ${total} is more than 1/${perInput} of the work, and ${perInput} people label each input`,
      )
}

/** People that get each input in a PARTITIONED task. */
export const peoplePerInput = (worker: TaskWorker): number => worker.strategyInfo.value?.workersPerInput || 1

/** The weight of each worker of a PARTITIONED task, all alike when it is EVENLY. @throws ApiError naming the weight */
export const weightsOf = (worker: TaskWorker, path = 'worker'): { id: string; weight: number }[] => {
  const ids = workerIds(worker)
  const info = worker.strategyInfo.value
  if (info?.type !== 2) return ids.map((id) => ({ id, weight: 1 }))
  const weights = info.weights ?? {}
  for (const id of Object.keys(weights))
    if (!ids.includes(id)) throw bad(`${path}.${named}.weights.${id}`, `"${id}" is no worker of the task`)
  return ids.map((id) => {
    const weight = Object.hasOwn(weights, id) ? weights[id] : undefined
    if (weight === undefined) throw bad(`${path}.${named}.weights.${id}`, 'required')
    if (typeof weight !== 'number' || !(weight > 0) || !Number.isFinite(weight))
      throw bad(`${path}.${named}.weights.${id}`, 'must be a number above 0')
    return { id, weight }
  })
}

export const workerIds = (worker: TaskWorker | undefined): string[] =>
  (worker?.workers ?? []).flatMap(({ worker: one }) => (one.case === 'user' ? [one.value.id] : []))

export const reviewerIds = (review: TaskReview | undefined): string[] => (review?.users ?? []).map(({ id }) => id)

const checkSource = ({ inputSource }: Task, path: string): void => {
  const { type, id } = inputSource!
  if (![Source.ALL_INPUTS, Source.SAVED_SEARCH, Source.DATASET, oneInput].includes(type))
    throw bad(`${path}.type`, type === 0 ? 'required' : `${type} is none`)
  if (type !== Source.ALL_INPUTS && id === '') throw bad(`${path}.id`, 'required')
}

/** How a task's work is reviewed, with the defaults of its fields. */
export interface ReviewRules {
  readonly strategy: 'none' | 'manual' | 'consensus'
  /** MANUAL: the part of the inputs that is reviewed, 0…1. */
  readonly sample: number
  /** CONSENSUS: how many labelers must agree; 0 = that is off, reviewers decide. */
  readonly labelers: number
  /** Whether all reviewers must approve, or one is enough. */
  readonly allReviewers: boolean
  /** CONSENSUS: how much regions must overlap to be the same (intersection over union). */
  readonly overlap: number
}

export const reviewRules = ({ review, metadata }: Task): ReviewRules => {
  const info = review?.strategyInfo
  const manual = info?.case === 'manualStrategyInfo' ? info.value : undefined
  const consensus = info?.case === 'consensusStrategyInfo' ? info.value : undefined
  return {
    strategy:
      review?.strategy === Review.CONSENSUS ? 'consensus' : review?.strategy === Review.MANUAL ? 'manual' : 'none',
    sample: manual?.samplePercentage || 1,
    labelers: consensus ? consensus.approvalThresholdLabelers || consensus.approvalThreshold : 0,
    allReviewers: (consensus?.approvalThresholdReviewers ?? manual?.approvalThreshold ?? 0) === -1,
    overlap: overlapOf(metadata?.marquee) ?? 0.5,
  }
}

/** `metadata.marquee.overlap`, where the measure of agreement can be set. */
const overlapOf = (marquee: unknown): number | undefined => {
  const value = typeof marquee === 'object' && marquee !== null && 'overlap' in marquee ? marquee.overlap : undefined
  return typeof value === 'number' && value > 0 && value <= 1 ? value : undefined
}

/** How many people label each input. */
export const peopleNeeded = (task: Task): number => {
  const worker = task.worker!
  if (worker.strategy === Strategy.FULL) return worker.workers.length
  if (worker.strategy === Strategy.PARTITIONED) return peoplePerInput(worker)
  const { strategy, labelers } = reviewRules(task)
  return strategy === 'consensus' ? Math.max(1, Math.min(labelers, worker.workers.length)) : 1
}

const checkReview = (task: Task, path: string): void => {
  const { strategy, strategyInfo } = task.review!
  if (strategy !== Review.NONE && strategy !== Review.MANUAL && strategy !== Review.CONSENSUS)
    throw bad(`${path}.strategy`, strategy === 0 ? 'required' : `${strategy} is none`)
  const wrong = { manualStrategyInfo: Review.MANUAL, consensusStrategyInfo: Review.CONSENSUS } as const
  if (strategyInfo.case && wrong[strategyInfo.case] !== strategy)
    throw bad(
      `${path}.${strategyInfo.case === 'manualStrategyInfo' ? 'manual' : 'consensus'}_strategy_info`,
      'belongs to another strategy',
    )
  const rules = reviewRules(task)
  if (!(rules.sample > 0 && rules.sample <= 1))
    throw bad(`${path}.manual_strategy_info.sample_percentage`, `${rules.sample} is outside [0, 1]`)
  checkThresholds(task, rules, path)
}

const checkThresholds = (task: Task, { strategy, labelers }: ReviewRules, path: string): void => {
  const info = task.review!.strategyInfo
  const reviewers =
    info.case === 'consensusStrategyInfo' ? info.value.approvalThresholdReviewers : (info.value?.approvalThreshold ?? 0)
  const field =
    info.case === 'consensusStrategyInfo'
      ? 'consensus_strategy_info.approval_threshold_reviewers'
      : 'manual_strategy_info.approval_threshold'
  if (reviewers !== 0 && reviewers !== 1 && reviewers !== -1)
    throw bad(`${path}.${field}`, `${reviewers}, must be 0, 1 or -1`)
  const each = task.worker!.strategy === Strategy.DYNAMIC ? task.worker!.workers.length : peopleNeeded(task)
  if (strategy === 'consensus' && labelers > each)
    throw bad(
      `${path}.consensus_strategy_info.approval_threshold_labelers`,
      `${labelers} labelers cannot agree where ${each} label each input`,
    )
}
