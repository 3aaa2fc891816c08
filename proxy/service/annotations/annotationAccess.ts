import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { type Actor, isAnnotationStatus, mayMove, statusLabel } from '#model/review.ts'

/** What the caller is to an app and its reviews. */
export interface Person {
  readonly id: string
  readonly role: 'owner' | 'collaborator'
  /** Listed as a reviewer in the app's settings or in the annotation's task. */
  readonly reviewer?: boolean
  /** The app's setting that people may review their own work (a one-person team). */
  readonly reviewsOwnWork?: boolean
}

/** What the rules look at in an annotation that is there. */
export interface Subject {
  /** worker.user; undefined = a model or workflow made it */
  readonly author: string | undefined
  readonly status: StatusCode
  readonly inputLevel: boolean
  /** Carries a task or came from an assignment, so that its states follow the review (decisions §7). */
  readonly assigned: boolean
}

export type AnnotationAction =
  /** `author` undefined: in the name of a model or workflow. */
  | { readonly do: 'post'; readonly author: string | undefined }
  /** `statusOnly`: nothing else is changed. */
  | {
      readonly do: 'patch'
      readonly subject: Subject
      readonly status?: StatusCode | undefined
      readonly statusOnly?: boolean
    }
  | { readonly do: 'changeAuthor'; readonly subject: Subject }
  | { readonly do: 'delete'; readonly subject: Subject }

/**
 * Why a person may not do this to an annotation; undefined when they may. Scopes are checked before, on the app.
 * Sources: api.md §5.2 (rows 22, 23, 37, 38 of its §1), §9-19; decisions §§7–9.
 */
export const whyNot = (person: Person, action: AnnotationAction): string | undefined => {
  switch (action.do) {
    case 'post':
      return whyNotPost(person, action.author)
    case 'patch':
      return whyNotPatch(person, action.subject, action.status, action.statusOnly === true)
    case 'changeAuthor':
      return person.role === 'owner' && action.subject.author
        ? undefined
        : 'only the owner of the app may give an annotation to another user'
    case 'delete':
      return whyNotDelete(person, action.subject)
  }
}

export const may = (person: Person, action: AnnotationAction): boolean => whyNot(person, action) === undefined

const whyNotPost = (person: Person, author: string | undefined): string | undefined => {
  if (person.role === 'owner' || author === person.id) return undefined
  return 'only the owner of the app may post annotations in the name of others'
}

const whyNotPatch = (
  person: Person,
  subject: Subject,
  status: StatusCode | undefined,
  statusOnly: boolean,
): string | undefined => {
  if (subject.author === undefined)
    return 'annotations of models are not changed: post one of your own with the id of the region'
  const own = subject.author === person.id
  const reopens = statusOnly && person.reviewer === true && subject.assigned && isReopening(subject.status, status)
  if (!own && person.role !== 'owner' && !reopens && !underReviewBy(person, subject))
    return `it belongs to user "${subject.author}"`
  return status === undefined || status === subject.status ? undefined : whyNotStatus(person, subject, status)
}

const isReopening = (from: StatusCode, to: StatusCode | undefined): boolean =>
  from === StatusCode.ANNOTATION_SUCCESS && to === StatusCode.ANNOTATION_PENDING

/** The one exception to "collaborators do not change others' annotations" (decisions §9). */
const underReviewBy = (person: Person, subject: Subject): boolean =>
  person.reviewer === true && subject.status === StatusCode.ANNOTATION_AWAITING_REVIEW

const whyNotDelete = (person: Person, subject: Subject): string | undefined => {
  if (person.role === 'owner' || subject.author === person.id || underReviewBy(person, subject)) return undefined
  return subject.author
    ? `it belongs to user "${subject.author}"`
    : 'only the owner of the app may delete those of models'
}

/** Free labeling lets the author and the owner set any state; assigned work follows the edges of decisions §7. */
const whyNotStatus = (person: Person, subject: Subject, to: StatusCode): string | undefined => {
  if (!isAnnotationStatus(subject.status) || !isAnnotationStatus(to)) return `${to} is no state of an annotation`
  const move = { from: subject.status, to, actors: actorsOf(person, subject), assigned: subject.assigned }
  return mayMove(move) ? undefined : `you may not move it from "${statusLabel(subject.status)}" to "${statusLabel(to)}"`
}

const actorsOf = (person: Person, subject: Subject): Actor[] => {
  const own = subject.author === person.id
  const actors: Actor[] = []
  if (own) actors.push('author')
  // nobody decides on their own work (decisions §9), the owner neither
  const judges = subject.status === StatusCode.ANNOTATION_AWAITING_REVIEW && subject.assigned
  if (person.role === 'owner' && !(own && judges && !person.reviewsOwnWork)) actors.push('owner')
  if (person.reviewer && (!own || person.reviewsOwnWork)) actors.push('reviewer')
  return actors
}
