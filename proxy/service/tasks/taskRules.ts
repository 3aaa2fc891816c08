import type { Annotation, Task } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { Person } from '#proxy/service/annotations/annotationAccess.ts'
import { isNote } from '#proxy/service/annotations/annotationParts.ts'
import type { Db } from '#proxy/store/open.ts'
import { type AssignmentRow, worksOn } from '#proxy/store/taskAssignments.ts'
import { type TaskRow, tasksById } from '#proxy/store/tasks.ts'
import { reviewerIds, reviewRules, workerIds } from './taskDraft.ts'
import { storedTask } from './taskInUse.ts'

// What being in a task means for posting and patching single annotations. Those of a task that was deleted follow the
// rules of annotationAccess.ts alone.

/** A person's part in one input of a task. */
export interface Work extends AssignmentRow {
  /** A reviewer has opened it since it was submitted. */
  readonly opened: boolean
}

export interface TaskRule {
  readonly row: TaskRow
  readonly task: Task
  readonly reviewed: boolean
  readonly workers: ReadonlySet<string>
  readonly reviewers: ReadonlySet<string>
}

export interface TaskRules {
  task(id: string): TaskRule | undefined
  /** The standing work of the author on the annotation's input; what was taken from them, if that is all there is. */
  work(annotation: Annotation): Work | undefined
  /** The work of somebody else on its input waits for a verdict in its task. */
  waits(annotation: Annotation): boolean
  /**
   * Why an annotation cannot come into the task it names, for there is none; undefined when it can, or names none. What
   * labelers made before they heard of the deletion of their task is kept.
   */
  whyNone(annotation: InTask): string | undefined
}

/** Of an annotation, which work it is part of. */
type InTask = Pick<Annotation, 'taskId' | 'inputId' | 'userId'>

export const noTasks: TaskRules = {
  task: () => undefined,
  work: () => undefined,
  waits: () => false,
  whyNone: () => undefined,
}

/** What is needed to judge these annotations, read within the transaction that writes them. */
export const taskRules = async (tx: Db, app: number, annotations: readonly Annotation[]): Promise<TaskRules> => {
  const ids = [...new Set(annotations.flatMap(({ taskId }) => taskId || []))]
  if (ids.length === 0) return noTasks
  const rows = await tasksById(tx, app, ids)
  const known = new Set(rows.map((row) => row.id))
  const rules = new Map(rows.filter((row) => row.deleted_at === null).map((row) => [row.id, ruleOf(row)]))
  const works = await worksOn(
    tx,
    app,
    annotations.filter(({ taskId }) => known.has(taskId)),
  )
  // standing ones last, so that they win
  const ordered = works.toSorted((a, b) => Number(b.withdrawn_at !== null) - Number(a.withdrawn_at !== null))
  const byKey = new Map(ordered.map((row) => [workKey(row.task_id, row.input_id, row.worker_id), row]))
  const waiting = Map.groupBy(works.filter(waitsForVerdict), (row) => workKey(row.task_id, row.input_id))
  const workOf = ({ taskId, inputId, userId }: InTask) => byKey.get(workKey(taskId, inputId, userId))
  return {
    task: (id) => rules.get(id),
    work: (annotation) => (rules.has(annotation.taskId) ? workOf(annotation) : undefined),
    waits: ({ taskId, inputId, userId }) =>
      rules.has(taskId) && (waiting.get(workKey(taskId, inputId)) ?? []).some((row) => row.worker_id !== userId),
    whyNone: (annotation) => {
      const { taskId } = annotation
      if (!taskId || rules.has(taskId) || workOf(annotation)) return undefined
      return known.has(taskId) ? `task "${taskId}" is deleted` : `there is no task "${taskId}"`
    },
  }
}

const waitsForVerdict = (row: AssignmentRow): boolean =>
  row.withdrawn_at === null && row.status_code === StatusCode.TASK_ASSIGNMENT_AWAITING_REVIEW

const workKey = (...parts: readonly string[]): string => parts.join('/')

const ruleOf = (row: TaskRow): TaskRule => {
  const task = storedTask(row)
  return {
    row,
    task,
    reviewed: reviewRules(task).strategy !== 'none',
    workers: new Set(workerIds(task.worker)),
    reviewers: new Set(reviewerIds(task.review)),
  }
}

/** Inside a task its reviewers review, outside those of the app's settings (decisions §9). */
export const personFor = (person: Person, annotation: Annotation, rules: TaskRules): Person => {
  const rule = rules.task(annotation.taskId)
  return rule ? { ...person, reviewer: rule.reviewers.has(person.id) } : person
}

const pending = StatusCode.ANNOTATION_PENDING

/** What is added to work in this state. */
const stateOfWork: Readonly<Record<number, StatusCode>> = {
  [StatusCode.TASK_ASSIGNMENT_SUCCESS]: StatusCode.ANNOTATION_SUCCESS,
  [StatusCode.TASK_ASSIGNMENT_AWAITING_REVIEW]: StatusCode.ANNOTATION_AWAITING_REVIEW,
  [StatusCode.TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW]: StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW,
}

/**
 * The state in which a new annotation begins, unless another is said. What workers add in a task is PENDING until
 * Submit, and in the state of their work from then on. What reviewers and the owner add to work that waits for a verdict
 * waits with it (reviewerLabels.ts); else they post finished work.
 */
export const firstStatus = (annotation: Annotation, said: StatusCode | undefined, rules: TaskRules): StatusCode => {
  if (said) return said
  const rule = rules.task(annotation.taskId)
  if (!rule || !annotation.userId || isNote(annotation)) return StatusCode.ANNOTATION_SUCCESS
  const work = rules.work(annotation)
  if (!work) return rules.waits(annotation) ? StatusCode.ANNOTATION_AWAITING_REVIEW : StatusCode.ANNOTATION_SUCCESS
  return work.withdrawn_at === null ? (stateOfWork[work.status_code] ?? pending) : pending
}

/** Why a person may not post this into its task; undefined when they may, or when it is in none. */
export const whyNotInTask = (
  annotation: Annotation,
  said: StatusCode | undefined,
  person: Person,
  rules: TaskRules,
): string | undefined => {
  const rule = rules.task(annotation.taskId)
  if (!rule || person.role === 'owner') return undefined
  const work = rules.work(annotation)
  if (!work) return whyNotWithoutWork(annotation, rule, person) ?? whyNotFinished(annotation, said, rules)
  if (!rule.reviewed || isNote(annotation)) return undefined
  if (said && said !== StatusCode.ANNOTATION_PENDING)
    return 'work in a task with review is PENDING until it is submitted'
  if (work.withdrawn_at !== null || isOpen(work)) return undefined
  return `your work on input "${annotation.inputId}" is submitted`
}

const whyNotWithoutWork = (annotation: Annotation, rule: TaskRule, person: Person): string | undefined => {
  if (rule.reviewers.has(person.id)) return undefined
  if (isNote(annotation) && rule.workers.has(person.id)) return undefined
  return rule.workers.has(person.id)
    ? `input "${annotation.inputId}" is not given to you in task "${annotation.taskId}"`
    : `only the workers and reviewers of task "${annotation.taskId}" label in it`
}

/** What is added in a review counts with the verdict, not before. */
const whyNotFinished = (annotation: Annotation, said: StatusCode | undefined, rules: TaskRules): string | undefined =>
  said === StatusCode.ANNOTATION_SUCCESS && !isNote(annotation) && rules.waits(annotation)
    ? 'what a reviewer adds is AWAITING_REVIEW until they approve the work on the input'
    : undefined

const isOpen = (work: Work): boolean =>
  work.status_code === StatusCode.TASK_ASSIGNMENT_PENDING || work.status_code === StatusCode.TASK_ASSIGNMENT_REJECTED

/** A change somebody wants to make to an annotation. */
export interface Change {
  /** undefined: the state stays. */
  readonly status: StatusCode | undefined
  /** Empty: it stays in its task. */
  readonly taskId: string
}

/**
 * Why a person may not change an annotation because of the task it is in, or would go to; undefined when they may.
 * Authors submit their work as a whole, and leave what is approved, or waits for others, as it is.
 */
export const whyNotChange = (
  annotation: Annotation,
  { status, taskId }: Change,
  person: Person,
  rules: TaskRules,
): string | undefined => {
  const [rule, other] = [rules.task(annotation.taskId), rules.task(taskId)]
  if (taskId && taskId !== annotation.taskId && (rule || other) && person.role !== 'owner')
    return 'only the owner of the app takes annotations into a task or out of it'
  if (!rule || isNote(annotation)) return undefined
  if (status === StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW && status !== annotation.status?.code)
    return 'work goes to the other labelers by submitting it in the task'
  const reviewer = rule.reviewers.has(person.id) && (annotation.userId !== person.id || person.reviewsOwnWork === true)
  if (person.role === 'owner' || reviewer || annotation.userId !== person.id) return undefined
  return rule.reviewed ? whyNotByAuthor(annotation, status, rules.work(annotation)) : undefined
}

const whyNotByAuthor = (
  annotation: Annotation,
  to: StatusCode | undefined,
  work: Work | undefined,
): string | undefined => {
  const from = annotation.status?.code
  if (from === StatusCode.ANNOTATION_SUCCESS) return 'it is approved: ask for it to be reopened'
  if (from === StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW)
    return 'it is submitted and waits for the other labelers'
  if (from === StatusCode.ANNOTATION_AWAITING_REVIEW && work?.opened) return 'a reviewer has opened it'
  const takesBack = from === StatusCode.ANNOTATION_AWAITING_REVIEW && to === StatusCode.ANNOTATION_PENDING
  if (to !== undefined && to !== from && !takesBack) return 'submit your work in the task instead'
  return undefined
}
