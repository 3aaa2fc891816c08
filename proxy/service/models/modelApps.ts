import { create } from '@bufbuild/protobuf'
import { type UserAppIDSet, UserAppIDSetSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { attemptAsync } from '#proxy/service/attempt.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { type AppAction, type AppInUse, findApp, signedIn } from '#proxy/service/people/access.ts'
import { personMeant } from '#proxy/service/people/users.ts'
import { appsOf, appsSharedWith } from '#proxy/store/appRows.ts'

/**
 * The apps a listing is about: the one that is named, or, for a personal access token that names none, all of a person's
 * that the caller may look into.
 * @throws ApiError as `findApp` for an app that is named
 */
export const appsMeant = async (
  deps: Deps,
  call: Call,
  userAppId: UserAppIDSet | undefined,
  action: AppAction,
): Promise<AppInUse[]> => {
  const caller = signedIn(call)
  if (caller.app || userAppId?.appId) return [await findApp(deps, call, userAppId, action)]
  const owner = personMeant(userAppId?.userId, caller.userId)
  const rows =
    owner === caller.userId
      ? await appsOf(deps.store.read, owner)
      : await appsSharedWith(deps.store.read, caller.userId, owner)
  const found = await Promise.all(
    rows.map(({ user_id, id }) => {
      const address = create(UserAppIDSetSchema, { userId: user_id, appId: id })
      return attemptAsync(() => findApp(deps, call, address, action))
    }),
  )
  return found.flatMap((app) => (app.ok ? [app.value] : []))
}
