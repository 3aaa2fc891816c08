import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Edit } from '#model/change.ts'
import { sameContent } from './content.ts'
import { ApiFailure } from './errors.ts'
import type { Rejected } from './slot.ts'

/** An edit that needs the person: Retry or Discard. */
export interface Problem {
  readonly error: ApiFailure
  readonly kind: 'refused' | 'conflict'
  /** conflict: what the server holds; absent = it was deleted */
  readonly theirs?: Annotation | undefined
  /** what the person made of it, or deleted */
  readonly mine?: Annotation | undefined
}

/**
 * An edit drawn just before an acknowledgement reached the screen names an older version of the same content: the
 * newer one is meant. Where the content differs too, the older one stays, so that the server notices.
 */
export const basedOn = (server: Annotation | undefined, edit: Edit<Annotation>): Edit<Annotation> =>
  edit.before && server && server !== edit.before && sameContent(server, edit.before)
    ? { ...edit, before: server }
    : edit

export const problemOf = ({ error, kind, theirs, edit }: Rejected<Annotation>): Problem => ({
  error: new ApiFailure(error),
  kind,
  theirs,
  mine: edit.after ?? edit.before,
})
