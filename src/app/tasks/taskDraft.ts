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
  readonly source: 'all' | 'dataset' | 'search' | 'input'
  /** of the dataset, saved search or input */
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
  /** percent of the inputs that are reviewed, above 0 up to 100 */
  readonly sample: number
  /** how many labelers must agree; 0: reviewers decide on everything */
  readonly agree: number
  /** percent of intersection over union from which two regions count as the same, above 0 up to 100 */
  readonly overlap: number
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
  overlap: 50,
  reviewers: [],
  priority: 'medium',
}

export type DraftProblems = Readonly<Partial<Record<keyof TaskDraft, string>>>

/**
 * What keeps a draft from being a task, by field: the rules the server has too (proxy/service/tasks/taskDraft.ts).
 * `hadConcepts`: it changes a task that names concepts, and the API's overwrite cannot take away all of them.
 */
export function problemsOf(
  draft: TaskDraft,
  owner: string,
  reviewsOwnWork: boolean,
  hadConcepts = false,
): DraftProblems {
  const problems: { -readonly [field in keyof TaskDraft]?: string } = {}
  if (draft.name.trim() === '') problems.name = 'Give the task a name.'
  if (draft.source !== 'all' && draft.sourceId.trim() === '') problems.sourceId = nameSource[draft.source]
  if (hadConcepts && draft.concepts.length === 0)
    problems.concepts = 'A task that names concepts keeps at least one: choose others, or duplicate it to name none.'
  if (draft.labelers.length === 0) problems.labelers = 'Choose who labels.'
  else if (draft.give === 'weighted') Object.assign(problems, weightProblem(draft))
  const split = draft.give === 'even' || draft.give === 'weighted'
  if (split && draft.labelers.length > 0 && (draft.perInput < 1 || draft.perInput > draft.labelers.length))
    problems.perInput = `1 to ${draft.labelers.length}: nobody labels the same input twice.`
  if (draft.review === 'manual' && !(draft.sample > 0 && draft.sample <= 100)) problems.sample = 'Above 0, up to 100.'
  if (draft.review === 'consensus') {
    Object.assign(problems, agreeProblem(draft))
    if (!(draft.overlap > 0 && draft.overlap <= 100)) problems.overlap = 'Above 0, up to 100.'
  }
  if (draft.review !== 'none' && !reviewsOwnWork) Object.assign(problems, reviewerProblem(draft, owner))
  return problems
}

const nameSource = {
  dataset: 'Choose a dataset.',
  search: 'Choose a saved search.',
  input: 'Give the id of an input.',
} as const

/** 0 is allowed: then nobody's agreement is enough, and reviewers decide. */
function agreeProblem(draft: TaskDraft): DraftProblems {
  const { give, agree, labelers } = draft
  const each = give === 'queue' ? labelers.length : peoplePerInput(draft)
  if (!Number.isInteger(agree) || agree < 0) return { agree: 'A whole number, 0 or more.' }
  if (agree <= each) return {}
  return each < 2
    ? {
        agree: 'Consensus needs two or more people on each input: raise “People per input”, or give all to everybody.',
      }
    : { agree: `Up to ${each}: that many label each input.` }
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
  if (give === 'queue') return review === 'consensus' ? Math.max(1, Math.min(agree, labelers.length)) : 1
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
