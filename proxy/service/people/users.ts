import { create } from '@bufbuild/protobuf'
import { type User, UserSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { SingleUserResponseSchema, type V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkUserId } from '#proxy/service/names.ts'
import { ok } from '#proxy/service/status.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { type AccountRow, accountById, addAccount, userOf } from '#proxy/store/accounts.ts'
import { haveAppInCommon } from '#proxy/store/collaborators.ts'
import { signedIn } from './access.ts'
import { checkNewPassword } from './account.ts'
import { hashPassword } from './passwords.ts'

/** Oneself, or the name of somebody one works with. @throws ApiError CONN_DOES_NOT_EXIST for everybody else */
const getUser: MethodImpl<typeof V2.method.getUser> = async (request, call, deps) => {
  const { userId } = signedIn(call)
  const id = personMeant(request.userAppId?.userId, userId)
  const visible = id === userId || (await haveAppInCommon(deps.store.read, userId, id))
  const account = visible ? await accountById(deps.store.read, id) : undefined
  if (!account) throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `user_app_id.user_id: no user "${id}"`)
  return create(SingleUserResponseSchema, {
    status: ok(call),
    user: id === userId ? wholeUser(account) : knownAs(account),
  })
}

/** Empty and "me" are the caller. */
export const personMeant = (asked: string | undefined, callerId: string): string =>
  asked === undefined || asked === '' || asked === 'me' ? callerId : asked

/** @throws ApiError CONN_INSUFFICIENT_SCOPES when somebody else is meant: apps and keys are one's own to make */
export const oneself = (asked: string | undefined, callerId: string): string => {
  const id = personMeant(asked, callerId)
  if (id !== callerId)
    throw new ApiError(StatusCode.CONN_INSUFFICIENT_SCOPES, `user_app_id.user_id: only "${id}" may do this`)
  return id
}

export const wholeUser = (account: AccountRow): User =>
  Object.assign(userOf(account), { createdAt: timestampOf(Number(account.created_at)) })

/** What others see of a person. */
export const knownAs = (account: AccountRow): User => {
  const { id, firstName, lastName } = userOf(account)
  return create(UserSchema, { id, firstName, lastName })
}

export interface NewPerson {
  readonly id: string
  readonly firstName: string
  readonly lastName: string
  /** undefined = signs in by key only. */
  readonly password: string | undefined
}

/** Makes an account. @throws ApiError CONN_INVALID_REQUEST, DATABASE_DUPLICATE_KEY */
export const addPerson = async (deps: Pick<Deps, 'store' | 'now'>, person: NewPerson): Promise<void> => {
  checkUserId('id', person.id)
  if (person.password !== undefined) checkNewPassword(person.password, 'password')
  const { id, firstName, lastName } = person
  const added = await addAccount(deps.store.write, create(UserSchema, { id, firstName, lastName }), {
    password_hash: person.password === undefined ? null : await hashPassword(person.password),
    created_at: deps.now(),
  })
  if (!added) throw new ApiError(StatusCode.DATABASE_DUPLICATE_KEY, `id: there is a user "${id}" already`)
}

export const userMethods = { getUser } satisfies V2Methods
