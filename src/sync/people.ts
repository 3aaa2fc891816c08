import { Code, ConnectError } from '@connectrpc/connect'
import type { PersonProgress } from '#gen/marquee/v1/team_pb.ts'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
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
