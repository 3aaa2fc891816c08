import type { JsonObject, MessageInitShape } from '@bufbuild/protobuf'
import {
  Task_TaskPriority as Priority,
  TaskReview_TaskReviewStrategy as Review,
  TaskInputSource_TaskInputSourceType as Source,
  TaskWorker_TaskWorkerStrategy as Strategy,
  type Task,
  type TaskSchema,
  Task_TaskType as Type,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { sharesOf } from '#model/shares.ts'

export interface Labeler {
  readonly id: string
  /** above 0; counts where work is given by weight */
  readonly weight: number
}

/** A task as it is filled in. Plain data: it is kept on the device until it is sent. */
export interface TaskDraft {
  readonly name: string
  readonly type: 'classify' | 'boxes' | 'polygons'
  readonly source: 'all' | 'dataset' | 'search'
  /** of the dataset or saved search */
  readonly sourceId: string
  readonly concepts: readonly string[]
  /** Markdown */
  readonly instructions: string
  readonly labelers: readonly Labeler[]
  /** evenly, by weight, every input to everybody, or as a shared queue */
  readonly give: 'even' | 'weighted' | 'full' | 'queue'
  /** people that get each input, where it is given evenly or by weight */
  readonly perInput: number
  readonly review: 'none' | 'manual' | 'consensus'
  /** percent of the inputs that are reviewed, 1–100 */
  readonly sample: number
  /** how many labelers must agree */
  readonly agree: number
  readonly reviewers: readonly string[]
  readonly priority: 'low' | 'medium' | 'high'
}

export const emptyDraft: TaskDraft = {
  name: '',
  type: 'boxes',
  source: 'all',
  sourceId: '',
  concepts: [],
  instructions: '',
  labelers: [],
  give: 'even',
  perInput: 1,
  review: 'manual',
  sample: 100,
  agree: 2,
  reviewers: [],
  priority: 'medium',
}

export type DraftProblems = Readonly<Partial<Record<keyof TaskDraft, string>>>

/** What keeps a draft from being a task, by field: the rules the server has too (proxy/service/taskDraft.ts). */
export function problemsOf(draft: TaskDraft, owner: string, reviewsOwnWork: boolean): DraftProblems {
  const problems: { -readonly [field in keyof TaskDraft]?: string } = {}
  if (draft.name.trim() === '') problems.name = 'Give the task a name.'
  if (draft.source !== 'all' && draft.sourceId.trim() === '')
    problems.sourceId = draft.source === 'dataset' ? 'Name a dataset.' : 'Name a saved search.'
  if (draft.labelers.length === 0) problems.labelers = 'Choose who labels.'
  else if (draft.give === 'weighted') Object.assign(problems, weightProblem(draft))
  const split = draft.give === 'even' || draft.give === 'weighted'
  if (split && draft.labelers.length > 0 && (draft.perInput < 1 || draft.perInput > draft.labelers.length))
    problems.perInput = `1 to ${draft.labelers.length}: nobody labels the same input twice.`
  if (!(draft.sample >= 1 && draft.sample <= 100)) problems.sample = 'Between 1 and 100.'
  const each = peoplePerInput(draft)
  if (draft.review === 'consensus' && each < 2)
    problems.agree =
      'Consensus needs two or more people on each input: raise “People per input”, or give all to everybody.'
  else if (draft.review === 'consensus' && !(draft.agree >= 2 && draft.agree <= each))
    problems.agree = `2 to ${each}: that many label each input.`
  if (draft.review !== 'none' && !reviewsOwnWork) Object.assign(problems, reviewerProblem(draft, owner))
  return problems
}

function weightProblem({ labelers, perInput }: TaskDraft): DraftProblems {
  const bad = labelers.find(({ weight }) => !(weight > 0) || !Number.isFinite(weight))
  if (bad) return { labelers: `The weight of ${bad.id} must be a number above 0.` }
  const total = labelers.reduce((sum, { weight }) => sum + weight, 0)
  const heavy = labelers.find(({ weight }) => weight * perInput > total * (1 + 1e-9))
  return heavy
    ? { labelers: `${heavy.id} has more than 1/${perInput} of the weight, and ${perInput} people label each input.` }
    : {}
}

function reviewerProblem({ labelers, reviewers }: TaskDraft, owner: string): DraftProblems {
  const ownerLabels = labelers.some(({ id }) => id === owner)
  return ownerLabels && !reviewers.some((id) => id !== owner)
    ? { reviewers: `Nobody could review the work of ${owner}: name another reviewer.` }
    : {}
}

/** How many people label each input; of a shared queue one, or as many as must agree. */
export function peoplePerInput({ give, labelers, perInput, review, agree }: TaskDraft): number {
  if (give === 'full') return labelers.length
  if (give === 'queue') return review === 'consensus' ? Math.min(agree, labelers.length) : 1
  return perInput
}

/**
 * How many inputs each labeler gets, in their order; undefined in a shared queue, where whoever is free takes the next.
 * Exactly what the server gives out.
 */
export function sharesOfDraft(draft: TaskDraft, inputs: number): readonly number[] | undefined {
  const { give, labelers, perInput } = draft
  if (give === 'queue') return undefined
  if (give === 'full') return labelers.map(() => inputs)
  const weights = labelers.map(({ weight }) => (give === 'weighted' ? weight : 1))
  return sharesOf(weights, inputs * perInput, inputs)
}

const types = {
  classify: Type.CONCEPTS_CLASSIFICATION,
  boxes: Type.BOUNDING_BOX_DETECTION,
  polygons: Type.POLYGON_DETECTION,
} as const
const sources = { all: Source.ALL_INPUTS, dataset: Source.DATASET, search: Source.SAVED_SEARCH } as const
const reviews = { none: Review.NONE, manual: Review.MANUAL, consensus: Review.CONSENSUS } as const
const priorities = { low: Priority.LOW, medium: Priority.MEDIUM, high: Priority.HIGH } as const
const gives = {
  even: Strategy.PARTITIONED,
  weighted: Strategy.PARTITIONED,
  full: Strategy.FULL,
  queue: Strategy.DYNAMIC,
} as const

/** What PostTasks and PatchTasks take. `before`: the task that is changed. */
export function taskOf(draft: TaskDraft, before?: Task): MessageInitShape<typeof TaskSchema> {
  return {
    id: before?.id ?? '',
    name: draft.name.trim(),
    type: types[draft.type],
    priority: priorities[draft.priority],
    inputSource: { type: sources[draft.source], id: draft.source === 'all' ? '' : draft.sourceId.trim() },
    concepts: draft.concepts.map((id) => ({ concept: { id } })),
    worker: {
      strategy: gives[draft.give],
      workers: draft.labelers.map(({ id }) => ({ worker: { case: 'user' as const, value: { id } } })),
      strategyInfo: partitionOf(draft),
    },
    review: reviewOf(draft),
    metadata: withMarquee(before?.metadata, { instructions: draft.instructions }),
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

function reviewOf({ review, reviewers, sample, agree }: TaskDraft) {
  const users = review === 'none' ? [] : reviewers.map((id) => ({ id }))
  const strategy = reviews[review]
  if (review === 'manual')
    return {
      strategy,
      users,
      strategyInfo: { case: 'manualStrategyInfo' as const, value: { samplePercentage: sample / 100 } },
    }
  if (review === 'consensus')
    return {
      strategy,
      users,
      strategyInfo: { case: 'consensusStrategyInfo' as const, value: { approvalThresholdLabelers: agree } },
    }
  return { strategy, users }
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
    sample: Math.round((manual?.samplePercentage || 1) * 100),
    agree: consensus?.approvalThresholdLabelers || 2,
    reviewers: (review?.users ?? []).map(({ id }) => id),
    priority: keyOf(priorities, task.priority, 'medium'),
  }
}

/** Ours, or what another client wrote as the description. */
export function instructionsOf({ metadata, description }: Pick<Task, 'metadata' | 'description'>): string {
  const { instructions } = marqueeOf(metadata)
  return typeof instructions === 'string' ? instructions : description
}

export const isPaused = ({ metadata }: Pick<Task, 'metadata'>): boolean => marqueeOf(metadata).paused === true
