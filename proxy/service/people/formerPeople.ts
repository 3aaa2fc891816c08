import { create, fromBinary } from '@bufbuild/protobuf'
import {
  DepartureSchema,
  FormerPersonSchema,
  ListDeparturesResponseSchema,
  ListFormerPeopleResponseSchema,
  type Office,
  RestorePersonResponseSchema,
} from '#gen/marquee/v1/office_pb.ts'
import { AppSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { MethodImpl, OfficeMethods } from '#proxy/service/method.ts'
import { studioApp } from '#proxy/service/studio/studio.ts'
import { keptMicros } from '#proxy/service/studio/studioRestore.ts'
import type { LeftTask } from '#proxy/service/tasks/taskLeaving.ts'
import { returnToTasks } from '#proxy/service/tasks/taskReturning.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { accountsById } from '#proxy/store/accounts.ts'
import { lockApp } from '#proxy/store/apps.ts'
import {
  appsLeft,
  type CollaboratorRow,
  collaboratorsOf,
  formerCollaborators,
  restoreCollaborator,
} from '#proxy/store/collaborators.ts'
import type { Db } from '#proxy/store/open.ts'
import { signedIn } from './access.ts'
import { noteMemberships } from './collaboratorHistory.ts'
import { checkGiven } from './scopeNames.ts'
import { knownAs } from './users.ts'

type Method = typeof Office.method

/** What going took from somebody; nothing is known of those who went before that was kept. */
export const leftTasksOf = ({ left_tasks }: Pick<CollaboratorRow, 'left_tasks'>): LeftTask[] =>
  left_tasks === null ? [] : (JSON.parse(left_tasks) as LeftTask[])

const listFormerPeople: MethodImpl<Method['listFormerPeople']> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'readCollaborators')
  const db = deps.store.read
  const rows = await formerCollaborators(db, app.no)
  const known = new Map(
    (
      await accountsById(
        db,
        rows.map((row) => row.user_id),
      )
    ).map((one) => [one.id, knownAs(one)]),
  )
  const since = deps.now() - keptMicros
  const people = rows.map((row) =>
    create(FormerPersonSchema, {
      userId: row.user_id,
      firstName: known.get(row.user_id)?.firstName ?? '',
      lastName: known.get(row.user_id)?.lastName ?? '',
      scopes: JSON.parse(row.scopes) as string[],
      leftAt: timestampOf(Number(row.deleted_at)),
      removedBy: row.deleted_by ?? '',
      mayReturn: Number(row.deleted_at) >= since,
    }),
  )
  return create(ListFormerPeopleResponseSchema, { people })
}

/** @throws ApiError CONN_DOES_NOT_EXIST who never was in it, or went too long ago; CONN_INSUFFICIENT_SCOPES */
const restorePerson: MethodImpl<Method['restorePerson']> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'addCollaborators')
  const { personId } = request
  const answer = await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    if ((await collaboratorsOf(tx, app.no)).some((row) => row.user_id === personId)) return {}
    const row = (await formerCollaborators(tx, app.no)).find((one) => one.user_id === personId)
    if (!row) throw missing(`"${personId}" was never in this app`)
    if (Number(row.deleted_at) < deps.now() - keptMicros)
      throw missing(`"${personId}" has been gone for more than 30 days: add them anew`)
    checkGiven('person_id', JSON.parse(row.scopes) as string[], app.scopes)
    await restoreCollaborator(tx, row.id, deps.now())
    await noteMemberships(tx, app, [{ after: row }], deps.now())
    return returnToTasks(tx, app, personId, leftTasksOf(row), deps)
  })
  return create(RestorePersonResponseSchema, answer)
}

const missing = (what: string): ApiError => new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `person_id: ${what}`)

const listDepartures: MethodImpl<Method['listDepartures']> = async (_, call, deps) => {
  const { userId } = signedIn(call)
  const db = deps.store.read
  const rows = await appsLeft(db, userId, deps.now() - keptMicros)
  const names = await namesOf(
    db,
    rows.flatMap((row) => [row.owner, row.deleted_by ?? '']),
  )
  const departures = rows.map((row) =>
    create(DepartureSchema, {
      userId: row.owner,
      ownerName: names.get(row.owner) ?? '',
      appId: row.id,
      appName: fromBinary(AppSchema, row.message).name,
      at: timestampOf(Number(row.deleted_at)),
      removedBy: row.deleted_by ?? '',
      removerName: names.get(row.deleted_by ?? '') ?? '',
    }),
  )
  return create(ListDeparturesResponseSchema, { departures })
}

/** As people read them, by id; empty where somebody has said none. */
export const namesOf = async (db: Db, ids: readonly string[]): Promise<Map<string, string>> => {
  const accounts = (await accountsById(db, [...new Set(ids)])).map(knownAs)
  return new Map(accounts.map(({ id, firstName, lastName }) => [id, [firstName, lastName].filter(Boolean).join(' ')]))
}

/** Who went, and their way back. */
export const formerPeopleMethods = { listFormerPeople, restorePerson, listDepartures } satisfies OfficeMethods
