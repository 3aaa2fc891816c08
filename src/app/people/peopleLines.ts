import type { Person } from '#gen/marquee/v1/marquee_pb.ts'
import type { FormerPerson } from '#gen/marquee/v1/office_pb.ts'
import type { PersonProgress } from '#gen/marquee/v1/team_pb.ts'
import type { Collaborator } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { fullName } from './fullName.ts'
import type { PersonLine } from './PersonRow.tsx'

/** Those who have work in an app and are neither in it nor known to have left. */
export function strangersIn(
  owner: string,
  collaborators: readonly Collaborator[],
  former: readonly FormerPerson[],
  progress: readonly PersonProgress[],
): readonly string[] {
  const known = new Set([
    owner,
    ...collaborators.map((one) => one.user?.id ?? one.id),
    ...former.map(({ userId }) => userId),
  ])
  return progress.map(({ userId }) => userId).filter((id) => !known.has(id))
}

/** The owner, the collaborators, then those who have left and whose work is still there. */
export function peopleLines(
  owner: string,
  me: Pick<Person, 'id' | 'firstName' | 'lastName'>,
  collaborators: readonly Collaborator[],
  reviewers: readonly string[],
  progress: readonly PersonProgress[],
  former: readonly FormerPerson[],
): readonly PersonLine[] {
  const line = (id: string, name: string, collaborator?: Collaborator, gone?: FormerPerson): PersonLine => ({
    id,
    name,
    isOwner: id === owner,
    isMe: id === me.id,
    isReviewer: reviewers.includes(id),
    collaborator,
    former: gone,
    progress: progress.find(({ userId }) => userId === id),
  })
  // the two lists arrive one after the other: who is in both has just gone, or come back
  const here = new Set(collaborators.map((one) => one.user?.id ?? one.id))
  return [
    line(owner, owner === me.id ? fullName(me) : ''),
    ...collaborators.map((one) => line(one.user?.id ?? one.id, one.user ? fullName(one.user) : '', one)),
    // who is gone for good and has done nothing here is no longer of interest
    ...former
      .filter(({ userId }) => !here.has(userId))
      .filter(({ userId, mayReturn }) => mayReturn || progress.some((one) => one.userId === userId))
      .map((gone) => line(gone.userId, fullName(gone), undefined, gone)),
    ...strangersIn(owner, collaborators, former, progress).map((id) => line(id, '')),
  ]
}
