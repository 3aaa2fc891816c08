import type { Work } from '#gen/marquee/v1/team_pb.ts'
import {
  Task_TaskPriority as Priority,
  TaskReview_TaskReviewStrategy as Review,
  type Task,
  Task_TaskType as Type,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import type { SubmitTarget } from '#sync/commands.ts'

/** What a task asks for, in words. */
export function typeName(type: number): string {
  switch (type) {
    case Type.CONCEPTS_CLASSIFICATION:
      return 'Classify'
    case Type.BOUNDING_BOX_DETECTION:
      return 'Boxes'
    case Type.POLYGON_DETECTION:
      return 'Polygons'
    default:
      return 'Label'
  }
}

/** Undefined for what needs no mention. */
export function priorityName(priority: number): 'High' | 'Low' | undefined {
  if (priority === Priority.HIGH) return 'High'
  return priority === Priority.LOW ? 'Low' : undefined
}

/** Why nothing more is labelled in a task now; undefined while it goes on. */
export function whyClosed({ statusCode, paused }: Pick<Work, 'statusCode' | 'paused'>): string | undefined {
  if (paused) return 'Paused'
  switch (statusCode) {
    case StatusCode.TASK_DONE:
      return 'Finished'
    case StatusCode.TASK_WONT_DO:
      return 'Given up'
    case StatusCode.TASK_FAILED:
      return 'Failed'
    default:
      return undefined
  }
}

/** The name of a piece of work's task, or that of the orders outside of tasks. */
export const workName = ({ taskId, name }: Pick<Work, 'taskId' | 'name'>): string =>
  taskId === '' ? 'Assigned to you' : name || taskId

/** What Submit does, as it is written on it. */
export interface SubmitWords {
  readonly to: SubmitTarget
  /** after "Submit → " */
  readonly text: string
  /** a sentence for those who ask */
  readonly detail: string
}

export interface SubmitFacts {
  readonly task: Task | undefined
  /** outside of tasks: the setting of the app */
  readonly review: 'none' | 'manual' | 'consensus'
  readonly reviewers: readonly string[]
  /** how often it was sent back or reopened */
  readonly round: number
  readonly denied: boolean
  readonly nameOf: (userId: string) => string
}

/** Where Submit leads, by the rule the server follows (proxy/service/tasks/taskLabel.ts submitTarget). */
export function submitWords(facts: SubmitFacts): SubmitWords {
  const { strategy, labelers, sample } = facts.task ? ofTask(facts.task) : { ...none, strategy: facts.review }
  if (facts.denied) return toReview(facts, 'It was denied: it goes to the reviewers again.')
  if (strategy === 'none') return { to: 'done', text: 'done', detail: 'Nobody reviews it: it is done.' }
  if (facts.round > 0) return toReview(facts, 'It was sent back: it goes to the reviewers again.')
  if (strategy === 'consensus' && !facts.task)
    return { to: 'consensus', text: 'consensus', detail: 'It is done when the others agree; else a reviewer decides.' }
  if (strategy === 'consensus' && labelers === 1) return { to: 'done', text: 'done', detail: 'It is done.' }
  if (strategy === 'consensus' && labelers > 1)
    return {
      to: 'consensus',
      text: `consensus of ${labelers}`,
      detail: `It is done when ${labelers} labelers agree; else a reviewer decides.`,
    }
  if (sample !== undefined)
    return toReview(facts, `A reviewer looks at ${sample}% of this task, chosen at random; the rest is done.`)
  return toReview(facts, 'A reviewer decides whether it is done.')
}

const none = { strategy: 'none' as const, labelers: 0, sample: undefined }

function ofTask({ review }: Task): {
  strategy: 'none' | 'manual' | 'consensus'
  labelers: number
  sample: number | undefined
} {
  switch (review?.strategy) {
    case Review.MANUAL: {
      const info = review.strategyInfo
      const sample = (info.case === 'manualStrategyInfo' && info.value.samplePercentage) || 1
      const percent = Math.round(sample * 100)
      return { strategy: 'manual', labelers: 0, sample: percent > 0 && percent < 100 ? percent : undefined }
    }
    case Review.CONSENSUS: {
      const info = review.strategyInfo
      const labelers = info.case === 'consensusStrategyInfo' ? info.value.approvalThresholdLabelers : 0
      return { strategy: 'consensus', labelers, sample: undefined }
    }
    default:
      return none
  }
}

function toReview({ task, reviewers, nameOf }: SubmitFacts, detail: string): SubmitWords {
  const ids = task ? (task.review?.users ?? []).map(({ id }) => id) : reviewers
  const [first, ...others] = ids
  const by = first === undefined ? '' : ` by ${nameOf(first)}${others.length ? ` +${others.length}` : ''}`
  const who = ids.length > 1 ? ` Reviewers: ${ids.map(nameOf).join(', ')}.` : ''
  return { to: 'review', text: `review${by}`, detail: `${detail}${who}` }
}
