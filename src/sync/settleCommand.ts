import { ConnectError } from '@connectrpc/connect'
import { StatusSchema } from '#gen/web/proto/clarifai/api/status/status_pb.ts'
import type { SettleBody } from './commands.ts'
import { failureOf } from './errors.ts'
import type { InputScope } from './scope.ts'
import type { Person } from './statusMoves.ts'

/**
 * One answer of several, in one step: what the reviewer adds, what is no part of it, and the verdict on the work. The
 * first one stands; who comes later is told whose it is, and nothing of theirs is written. It may be repeated.
 * @throws ApiFailure, ConnectError
 */
export async function settle({ clients, headers }: Person, scope: InputScope, body: SettleBody): Promise<void> {
  const team = await clients.team()
  const request = {
    userId: scope.owner,
    appId: scope.app,
    taskId: body.task,
    inputId: scope.input,
    itemIds: [...body.items],
    dropIds: [...body.drop],
    add: [...body.add],
  }
  await team.settleWork(request, { headers }).catch((error: unknown) => {
    const status = error instanceof ConnectError ? error.findDetails(StatusSchema)[0] : undefined
    throw status ? failureOf(status) : error
  })
}
