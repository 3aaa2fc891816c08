import type { JsonObject, MessageInitShape } from '@bufbuild/protobuf'
import {
  Task_TaskPriority as Priority,
  TaskReview_TaskReviewStrategy as Review,
  TaskInputSource_TaskInputSourceType as Source,
  TaskWorker_TaskWorkerStrategy as Strategy,
  type Task,
  type TaskReview,
  type TaskSchema,
  Task_TaskType as Type,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { emptyDraft, type TaskDraft } from './taskDraft.ts'

const types = {
  classify: Type.CONCEPTS_CLASSIFICATION,
  boxes: Type.BOUNDING_BOX_DETECTION,
  polygons: Type.POLYGON_DETECTION,
} as const
/** INPUT of newer .proto files: the one input named by `id`. */
const ONE_INPUT = 4 as Source
const sources = {
  all: Source.ALL_INPUTS,
  dataset: Source.DATASET,
  search: Source.SAVED_SEARCH,
  input: ONE_INPUT,
} as const
const reviews = { none: Review.NONE, manual: Review.MANUAL, consensus: Review.CONSENSUS } as const
const priorities = { low: Priority.LOW, medium: Priority.MEDIUM, high: Priority.HIGH } as const
const gives = {
  even: Strategy.PARTITIONED,
  weighted: Strategy.PARTITIONED,
  full: Strategy.FULL,
  queue: Strategy.DYNAMIC,
} as const

/**
 * What PostTasks takes. `like`: a task whose thresholds, type of worker and metadata are taken over where the form does
 * not know them.
 */
export function taskOf(draft: TaskDraft, like?: Task): MessageInitShape<typeof TaskSchema> {
  return {
    name: draft.name.trim(),
    type: types[draft.type],
    priority: priorities[draft.priority],
    inputSource: { type: sources[draft.source], id: draft.source === 'all' ? '' : draft.sourceId.trim() },
    concepts: draft.concepts.map((id) => ({ concept: { id } })),
    worker: {
      type: like?.worker?.type ?? 0,
      strategy: gives[draft.give],
      workers: draft.labelers.map(({ id }) => ({ worker: { case: 'user' as const, value: { id } } })),
      strategyInfo: partitionOf(draft),
    },
    review: reviewOf(draft, like?.review),
    metadata: withMarquee(like?.metadata, {
      instructions: draft.instructions,
      ...(draft.review === 'consensus' && { overlap: draft.overlap / 100 }),
    }),
  }
}

/** Metadata of a task with some of what is ours in it changed. */
export function withMarquee(metadata: JsonObject | undefined, changed: JsonObject): JsonObject {
  return { ...metadata, marquee: { ...marqueeOf(metadata), ...changed } }
}

/** `metadata.marquee` of a task; empty where there is none. */
export function marqueeOf(metadata: JsonObject | undefined): JsonObject {
  const marquee = metadata?.marquee
  return typeof marquee === 'object' && marquee !== null && !Array.isArray(marquee) ? marquee : {}
}

const EVENLY = 1
const WEIGHTED = 2

function partitionOf({ give, perInput, labelers }: TaskDraft) {
  if (give !== 'even' && give !== 'weighted') return { case: undefined }
  const weights = Object.fromEntries(labelers.map(({ id, weight }) => [id, weight]))
  return {
    case: 'partitionedStrategyInfo' as const,
    value: {
      workersPerInput: perInput,
      ...(give === 'weighted' ? { type: WEIGHTED as 2, weights } : { type: EVENLY as 1 }),
    },
  }
}

function reviewOf({ review, reviewers, sample, agree }: TaskDraft, like: TaskReview | undefined) {
  const users = review === 'none' ? [] : reviewers.map((id) => ({ id }))
  const strategy = reviews[review]
  const needed = reviewersNeeded(like)
  if (review === 'manual')
    return {
      strategy,
      users,
      strategyInfo: {
        case: 'manualStrategyInfo' as const,
        value: { samplePercentage: sample / 100, approvalThreshold: needed },
      },
    }
  if (review === 'consensus')
    return {
      strategy,
      users,
      strategyInfo: {
        case: 'consensusStrategyInfo' as const,
        value: { approvalThresholdLabelers: agree, approvalThresholdReviewers: needed },
      },
    }
  return { strategy, users }
}

/** How many reviewers must approve, -1 all of them: the same of both strategies. */
const reviewersNeeded = (review: TaskReview | undefined): number => {
  const info = review?.strategyInfo
  return (
    (info?.case === 'consensusStrategyInfo' ? info.value.approvalThresholdReviewers : info?.value?.approvalThreshold) ??
    0
  )
}

const keyOf = <K extends string>(table: Readonly<Record<K, number>>, value: number | undefined, or: K): K =>
  (Object.keys(table) as K[]).find((key) => table[key] === value) ?? or

/** A task as a draft, to edit or to duplicate it. */
export function draftOf(task: Task): TaskDraft {
  const { worker, review } = task
  const split = worker?.strategyInfo.value
  const manual = review?.strategyInfo.case === 'manualStrategyInfo' ? review.strategyInfo.value : undefined
  const consensus = review?.strategyInfo.case === 'consensusStrategyInfo' ? review.strategyInfo.value : undefined
  const weighted = split?.type === WEIGHTED
  const weightOf = (id: string): number => {
    const weight = weighted ? split.weights?.[id] : undefined
    return typeof weight === 'number' ? weight : 1
  }
  const labelers = (worker?.workers ?? []).flatMap(({ worker: one }) => (one.case === 'user' ? [one.value.id] : []))
  return {
    name: task.name,
    type: keyOf(types, task.type, 'boxes'),
    source: keyOf(sources, task.inputSource?.type, 'all'),
    sourceId: task.inputSource?.id ?? '',
    concepts: task.concepts.flatMap(({ concept }) => (concept ? [concept.id] : [])),
    instructions: instructionsOf(task),
    labelers: labelers.map((id) => ({ id, weight: weightOf(id) })),
    give: weighted ? 'weighted' : keyOf(gives, worker?.strategy, 'even'),
    perInput: split?.workersPerInput || 1,
    review: keyOf(reviews, review?.strategy, 'none'),
    sample: percentOf(manual?.samplePercentage || 1),
    agree: consensus ? consensus.approvalThresholdLabelers || consensus.approvalThreshold : emptyDraft.agree,
    overlap: overlapOf(task.metadata) ?? emptyDraft.overlap,
    reviewers: (review?.users ?? []).map(({ id }) => id),
    priority: keyOf(priorities, task.priority, 'medium'),
  }
}

/** In percent; undefined where it is not said, or not as the server takes it. */
function overlapOf(metadata: JsonObject | undefined): number | undefined {
  const { overlap } = marqueeOf(metadata)
  return typeof overlap === 'number' && overlap > 0 && overlap <= 1 ? percentOf(overlap) : undefined
}

/** The wire has a float32: 0.125 is 12.5, 0.333 is 33.3. */
const percentOf = (part: number): number => Math.round(part * 1e6) / 1e4

/** Ours, or what another client wrote as the description. */
export function instructionsOf({ metadata, description }: Pick<Task, 'metadata' | 'description'>): string {
  const { instructions } = marqueeOf(metadata)
  return typeof instructions === 'string' ? instructions : description
}

export const isPaused = ({ metadata }: Pick<Task, 'metadata'>): boolean => marqueeOf(metadata).paused === true
