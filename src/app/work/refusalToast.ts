import type { AnyRouter } from '@tanstack/react-router'
import type { Command, CommandBody } from '#sync/commands.ts'
import { ApiFailure, describe } from '#sync/errors.ts'
import type { Sync } from '#sync/sync.ts'
import { workSearch } from './workLink.ts'
import { workToast } from './workToast.tsx'

const notDone: Readonly<Record<CommandBody['is'], string>> = {
  submit: 'Not submitted',
  skip: 'Not skipped',
  unsubmit: 'Not taken back',
  verdict: 'Not decided',
  settle: 'Not settled',
}

/** Says what the server refused, wherever the person is in the app by then, with the way to it. */
export function refusalToast({ id, scope, body, refused }: Command, router: AnyRouter, sync: Sync): void {
  if (!refused) return
  const { title, detail } = describe(new ApiFailure(refused))
  const show = () =>
    void router.navigate({
      to: '/apps/$user/$app/inputs/$input',
      params: { user: scope.owner, app: scope.app, input: scope.input },
      search: searchOf(body),
    })
  workToast(
    `${notDone[body.is]}: ${title}. ${detail}`,
    [
      { name: 'Show it', run: show },
      { name: 'Discard', run: () => void sync.commands.cancel(id) },
    ],
    { forMs: 20_000, failed: true },
  )
}

function searchOf(body: CommandBody) {
  if (body.is === 'verdict') return { review: body.task, item: body.item }
  return body.is === 'settle' ? { consensus: body.task } : workSearch(body.task)
}
