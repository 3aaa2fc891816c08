import { Code, ConnectError } from '@connectrpc/connect'
import type { Departure, FormerPerson, RestorePersonResponse } from '#gen/marquee/v1/office_pb.ts'
import type { PersonProgress } from '#gen/marquee/v1/team_pb.ts'
import type { Collaborator, Task, User } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { changeSettings } from './appSettings.ts'
import type { Clients } from './client.ts'
import { ok } from './errors.ts'
import { queryKeys } from './queryKeys.ts'
import { type AppScope, userAppId } from './scope.ts'

interface Context {
  readonly signal: AbortSignal
}

/** What each person has open and has done; empty on a server that keeps no such account. @param today when the day began */
export const peopleProgressQuery = (clients: Clients, scope: AppScope, today: Date) => ({
  queryKey: [...queryKeys.work(scope), 'people', today.toDateString()] as const,
  queryFn: async ({ signal }: Context): Promise<readonly PersonProgress[]> => {
    const team = await clients.team()
    const seconds = BigInt(Math.floor(today.getTime() / 1000))
    try {
      const request = { userId: scope.owner, appId: scope.app, today: { seconds, nanos: 0 } }
      return (await team.listPeopleProgress(request, { signal })).people
    } catch (error) {
      if (error instanceof ConnectError && error.code === Code.Unimplemented) return []
      throw error
    }
  },
})

/** Those who left an app or were removed, last first; none where the server keeps no account of that. */
export const formerPeopleQuery = (clients: Clients, scope: AppScope) => ({
  queryKey: [...queryKeys.collaborators(scope), 'former'] as const,
  queryFn: async ({ signal }: Context): Promise<readonly FormerPerson[]> => {
    const office = await clients.office()
    try {
      return (await office.listFormerPeople({ userId: scope.owner, appId: scope.app }, { signal })).people
    } catch (error) {
      if (error instanceof ConnectError && error.code === Code.Unimplemented) return []
      throw error
    }
  },
})

/** Somebody whose name may stand in an app. */
export interface KnownPerson {
  readonly id: string
  /** empty: they have said none */
  readonly name: string
  readonly left: boolean
}

const nameOf = ({ firstName, lastName }: { readonly firstName: string; readonly lastName: string }): string =>
  [firstName, lastName].filter(Boolean).join(' ')

/** The owner and everybody in an app. */
export const peopleHereQuery = (clients: Clients, scope: AppScope) => ({
  queryKey: [...queryKeys.collaborators(scope), 'here'] as const,
  queryFn: async ({ signal }: Context): Promise<readonly KnownPerson[]> => {
    const [there, owner] = await peopleThere(clients, scope, signal)
    return [
      { id: scope.owner, name: owner ? nameOf(owner) : '', left: false },
      ...there.flatMap(({ user }) => (user ? [{ id: user.id, name: nameOf(user), left: false }] : [])),
    ]
  },
})

/** Those who have left it, as their names may stand in it. */
export const peopleGone = (former: readonly FormerPerson[]): readonly KnownPerson[] =>
  former.map((one) => ({ id: one.userId, name: nameOf(one), left: true }))

const peopleThere = async (
  clients: Clients,
  scope: AppScope,
  signal: AbortSignal,
): Promise<[readonly Collaborator[], User | undefined]> => {
  const perPage = 100
  const all: Collaborator[] = []
  for (let page = 1; ; page++) {
    const request = { userAppId: userAppId(scope), page, perPage }
    const { collaborators, appOwner } = ok(await clients.api.listCollaborators(request, { signal }))
    all.push(...collaborators)
    if (collaborators.length < perPage) return [all, appOwner]
  }
}

/** Apps of others that the signed-in person was in until lately; none where that is not known. */
export const departuresQuery = (clients: Clients) => ({
  queryKey: ['departures'] as const,
  queryFn: async ({ signal }: Context): Promise<readonly Departure[]> => {
    const office = await clients.office()
    return (await office.listDepartures({}, { signal }).catch(() => ({ departures: [] }))).departures
  },
})

/** Every task of the app. */
export const tasksQuery = (clients: Clients, scope: AppScope) => ({
  queryKey: ['app', scope.owner, scope.app, 'tasks', 'all'] as const,
  queryFn: async ({ signal }: Context): Promise<readonly Task[]> => {
    const all: Task[] = []
    for (let page = 1; ; page++) {
      const request = { userAppId: userAppId(scope), page, perPage: 100 }
      const { tasks } = ok(await clients.api.listTasks(request, { signal }))
      all.push(...tasks)
      if (tasks.length < 100) return all
    }
  },
})

/** Makes somebody a reviewer, or no longer. The owner's right. */
export const setReviewer = (clients: Clients, scope: AppScope, id: string, isReviewer: boolean): Promise<void> =>
  changeSettings(clients, scope, ({ reviewers }) => {
    const others = reviewers.filter((other) => other !== id)
    return { reviewers: isReviewer ? [...others, id] : others }
  })

export async function setScopes(
  clients: Clients,
  scope: AppScope,
  collaborator: string,
  scopes: readonly string[],
): Promise<void> {
  ok(
    await clients.api.patchCollaborators({
      userAppId: userAppId(scope),
      action: 'overwrite',
      collaborators: [{ id: collaborator, scopes: [...scopes] }],
    }),
  )
}

/** Their labels and submitted work stay; what they had open goes to the others of its task. */
export async function removePerson(clients: Clients, scope: AppScope, collaborator: string): Promise<void> {
  const answer = await clients.api.deleteCollaborators({
    userAppId: userAppId(scope),
    collaboratorIds: [collaborator],
  })
  ok(answer)
}

/** They are in the app again, with the rights, tasks and open work they had. */
export const restorePerson = async (
  clients: Clients,
  scope: AppScope,
  personId: string,
): Promise<RestorePersonResponse> =>
  (await clients.office()).restorePerson({ userId: scope.owner, appId: scope.app, personId })

/** The id under which somebody's rights are changed. @throws Error when they are not in the app */
export async function collaboratorId(clients: Clients, scope: AppScope, personId: string): Promise<string> {
  const [there] = await peopleThere(clients, scope, new AbortController().signal)
  const found = there.find(({ user }) => user?.id === personId)
  if (!found) throw new Error(`${personId} is not in this app.`)
  return found.id
}
