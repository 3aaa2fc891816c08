import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { type AsWork, isOfWork } from '#model/region.ts'
import { noteOf } from '#sync/notes.ts'
import type { InputScope } from '#sync/scope.ts'

/** What an input is opened for. Plain data, and the same object while it stays, so that the session stays too. */
export type Opened =
  /** to label, as work in this task; empty: as an order outside of tasks */
  | { readonly as: 'work'; readonly task: string }
  /** to review one person's work in a task (empty: an order) */
  | { readonly as: 'review'; readonly task: string; readonly item: string; readonly worker: string }
  /** to settle what several people made of it in a task (empty: orders) */
  | { readonly as: 'consensus'; readonly task: string }

/** What a new region or concept of the image belongs to. */
export function workOf(opened: Opened | undefined): AsWork | undefined {
  if (!opened) return undefined
  return opened.as === 'work' ? { task: opened.task } : { task: opened.task, review: true }
}

/**
 * Where the history and the unfinished shape of an input are kept: of each thing that it is opened for they are apart,
 * so that undo never reaches what was done in another task and is not on the screen.
 * @returns an address to keep things at, not one of an input; ids hold no line breaks
 */
export function historyPlace(scope: InputScope, opened: Opened | undefined): InputScope {
  if (!opened) return scope
  const item = opened.as === 'review' ? opened.item : ''
  return { ...scope, input: [scope.input, opened.as, opened.task, item].join('\n') }
}

/** Which annotations are on the screen; undefined: all. */
export function showsOf(opened: Opened | undefined, me: string): ((annotation: Annotation) => boolean) | undefined {
  switch (opened?.as) {
    case undefined:
      return undefined
    case 'work':
      return (annotation) => isOfWork(annotation, { task: opened.task })
    case 'review': {
      const { task, worker } = opened
      return (annotation) => isNote(annotation) || (annotation.taskId === task && isBy(annotation, worker, me))
    }
    case 'consensus':
      return (annotation) => isNote(annotation) || (annotation.taskId === opened.task && annotation.userId !== '')
  }
}

const isNote = (annotation: Annotation): boolean => noteOf(annotation) !== undefined

const isBy = ({ userId, inputLevel }: Annotation, worker: string, me: string): boolean =>
  !inputLevel && (userId === worker || userId === me)
