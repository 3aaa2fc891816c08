import type { Person } from '#gen/marquee/v1/marquee_pb.ts'
import type { FormerPerson } from '#gen/marquee/v1/office_pb.ts'
import type { PersonProgress } from '#gen/marquee/v1/team_pb.ts'
import type { Collaborator } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { fullName } from './fullName.ts'
import type { PersonLine } from './PersonRow.tsx'

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
  const known = new Set([owner, ...collaborators.map((one) => one.user?.id ?? one.id)])
  const left = new Set(former.map(({ userId }) => userId))
  return [
    line(owner, owner === me.id ? fullName(me) : ''),
    ...collaborators.map((one) => line(one.user?.id ?? one.id, one.user ? fullName(one.user) : '', one)),
    // who is gone for good and has done nothing here is no longer of interest
    ...former
      .filter(({ userId, mayReturn }) => mayReturn || progress.some((one) => one.userId === userId))
      .map((gone) => line(gone.userId, fullName(gone), undefined, gone)),
    ...progress.filter(({ userId }) => !known.has(userId) && !left.has(userId)).map(({ userId }) => line(userId, '')),
  ]
}
