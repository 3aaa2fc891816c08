import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import type { Collaborator } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { removePerson, restorePerson, setReviewer, setScopes } from '#sync/people.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { failureToast, plainToast, undoToast } from '#ui/toast.tsx'
import { returnedWords } from './progressWords.ts'
import { type Role, roles } from './roles.ts'

export interface PeopleActs {
  changeRole(one: Collaborator, name: string, role: Role): Promise<void>
  changeReviewer(id: string, name: string, isReviewer: boolean): Promise<void>
  /** They can be brought back for 30 days. */
  remove(one: Collaborator, name: string): Promise<void>
  restore(id: string, name: string): Promise<void>
}

const UNDO_MS = 12_000

/** What the page of people does: at once, with Undo where it can be undone. */
export function usePeopleActs(scope: AppScope): PeopleActs {
  const { clients, queryClient, person, session } = useApp()

  async function act(work: Promise<void>, failed: string): Promise<boolean> {
    let done = true
    try {
      await work
    } catch (error) {
      done = false
      failureToast(failed, messageOf(error))
    }
    await queryClient.invalidateQueries({ queryKey: queryKeys.app(scope) })
    return done
  }

  const restore = async (id: string, name: string): Promise<void> => {
    const back = restorePerson(clients, scope, id).then((answer) => plainToast(returnedWords(name, answer)))
    await act(back, 'Not brought back')
  }

  return {
    changeRole: async (one, name, role) => {
      const before = [...one.scopes]
      if (await act(setScopes(clients, scope, one.id, role.scopes), 'Not changed'))
        undoToast(
          `${name}: ${role.label.toLowerCase()}`,
          () => void act(setScopes(clients, scope, one.id, before), 'Not changed back'),
        )
    },
    changeReviewer: async (id, name, isReviewer) => {
      if (await act(setReviewer(clients, scope, id, isReviewer), 'Not changed'))
        undoToast(
          isReviewer ? `${name} may review now` : `${name} no longer reviews`,
          () => void act(setReviewer(clients, scope, id, !isReviewer), 'Not changed back'),
        )
    },
    remove: async (one, name) => {
      const id = one.user?.id
      if (!(await act(removePerson(clients, scope, one.id), 'Not removed'))) return
      if (id === undefined || id === person.id || session.noRestore) plainToast(`${name} has been removed`)
      else undoToast(`${name} has been removed`, () => void restore(id, name), { forMs: UNDO_MS })
    },
    restore,
  }
}

/** For a choice of roles; what they have that is no role comes first, and can only be left. */
export const roleChoices = (role: Role | undefined): { value: string; label: string }[] => [
  ...(role ? [] : [{ value: '', label: 'Other rights' }]),
  ...roles.map(({ id, label }) => ({ value: id, label })),
]
