import type { AnyRouter } from '@tanstack/react-router'
import type { AppContextValue } from '#app/appContext.tsx'
import { shownName } from '#app/people/useNameOf.ts'
import type { Command, CommandBody } from '#sync/commands.ts'
import { type KnownPerson, peopleHereQuery } from '#sync/people.ts'
import { actToast } from '#ui/toast.tsx'
import { inputNameOf, refusalWords } from './refusalWords.ts'
import { workSearch } from './workLink.ts'

const notDone: Readonly<Record<CommandBody['is'], string>> = {
  submit: 'not submitted',
  skip: 'not skipped',
  unsubmit: 'not taken back',
  verdict: 'not decided',
  settle: 'not settled',
}

/** Says what the server refused, wherever the person is in the app by then, with the way to it. */
export function refusalToast(
  command: Command,
  router: AnyRouter,
  { sync, clients, queryClient }: Pick<AppContextValue, 'sync' | 'clients' | 'queryClient'>,
): void {
  const { id, scope, body, refused } = command
  if (!refused || isSaidAt(router.state.location.pathname, command)) return
  const people = queryClient.getQueryData<readonly KnownPerson[]>(peopleHereQuery(clients, scope).queryKey)
  const nameOf = (userId: string): string => {
    const known = people?.find((one) => one.id === userId)
    return known ? shownName(known) : userId
  }
  const show = () =>
    void router.navigate({
      to: '/apps/$user/$app/inputs/$input',
      params: { user: scope.owner, app: scope.app, input: scope.input },
      search: searchOf(body),
    })
  const message = `${inputNameOf(command)}, ${notDone[body.is]}: ${refusalWords(command, nameOf)}`
  const actions = [
    { name: 'Show it', run: show },
    { name: 'Discard', run: () => void sync.commands.cancel(id) },
  ]
  actToast({ message, actions, failed: true }, 20_000, 'work')
}

/** The image itself and, for verdicts, the list of what waits say it where they are on the screen. */
export function isSaidAt(pathname: string, { scope, body }: Pick<Command, 'scope' | 'body'>): boolean {
  const app = `/apps/${encodeURIComponent(scope.owner)}/${encodeURIComponent(scope.app)}`
  if (pathname === `${app}/inputs/${encodeURIComponent(scope.input)}`) return body.is !== 'settle'
  return body.is === 'verdict' && pathname === `${app}/review`
}

function searchOf(body: CommandBody) {
  if (body.is === 'verdict') return { review: body.task, item: body.item }
  return body.is === 'settle' ? { consensus: body.task } : workSearch(body.task)
}
