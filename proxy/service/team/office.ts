import { create } from '@bufbuild/protobuf'
import { ListActivityResponseSchema, type Office } from '#gen/marquee/v1/office_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { changeOf } from '#proxy/service/changeOf.ts'
import { conceptOfficeMethods } from '#proxy/service/concepts/conceptOffice.ts'
import { listPastConcepts } from '#proxy/service/concepts/pastConcepts.ts'
import { deletedAppMethods } from '#proxy/service/deletedApps.ts'
import type { MethodImpl, OfficeMethods } from '#proxy/service/method.ts'
import { formerPeopleMethods } from '#proxy/service/people/formerPeople.ts'
import { invitationMethods } from '#proxy/service/people/invitations.ts'
import { studioApp, summaryOf } from '#proxy/service/studio/studio.ts'
import { microsOf } from '#proxy/service/time.ts'
import { type ActivityRow, activityOf, deletedAnnotations, type HistoryKind } from '#proxy/store/activity.ts'
import { filenamesOf, inputFactsById } from '#proxy/store/summaries.ts'
import { labelsOn } from './labelCounts.ts'
import { badRequest, seesEverybody } from './teamRights.ts'

const kinds: Readonly<Record<HistoryKind, true>> = {
  annotation: true,
  input: true,
  concept: true,
  task: true,
  model: true,
  model_version: true,
  workflow: true,
  workflow_version: true,
  dataset: true,
  dataset_version: true,
  collaborator: true,
}
const changesPerPage = 100
const mostPerPage = 1000

/** Who did what when, newest first. @throws ApiError TASK_PERMISSION_DENIED, CONN_INVALID_REQUEST naming the field */
const listActivity: MethodImpl<typeof Office.method.listActivity> = async (request, call, deps) => {
  const app = await studioApp(deps, call, request, 'readWork')
  if (!seesEverybody(app))
    throw new ApiError(StatusCode.TASK_PERMISSION_DENIED, 'app_id: only those who make tasks may see the activity')
  const { kind, personId, inputId, since, until } = request
  if (kind !== '' && !(kind in kinds)) throw badRequest('kind', `"${kind}" is none`)
  const limit = request.perPage || changesPerPage
  if (limit > mostPerPage) throw badRequest('per_page', `${limit}, must be at most ${mostPerPage}`)
  const filter = {
    ...(kind !== '' && { kind: kind as HistoryKind }),
    ...(personId !== '' && { personId: personId === 'me' ? app.callerId : personId }),
    ...(inputId !== '' && { inputId }),
    ...(since && { since: microsOf(since) }),
    ...(until && { until: microsOf(until) }),
  }
  const db = deps.store.read
  const rows = await activityOf(db, app.no, filter, placeOf(request.after), limit + 1)
  const page = rows.slice(0, limit)
  const changes = page.map(changeOf)
  const ids = [...new Set(changes.map((change) => change.inputId).filter((id) => id !== ''))]
  const [facts, labels, deleted] = await Promise.all([
    inputFactsById(db, app.no, ids),
    labelsOn(app, db, ids),
    deletedAnnotations(db, app.no, page.filter(wasAnnotation)),
  ])
  const names = await filenamesOf(
    db,
    app.no,
    ids.filter((id) => !facts.has(id)),
  )
  for (const change of changes) {
    const input = facts.get(change.inputId)
    if (input) change.input = summaryOf(input, labels.get(change.inputId), 0, app, deps)
    else if (change.inputId !== '') change.name = names.get(change.inputId) ?? ''
    // a label comes back with its input, and not before
    change.isDeleted =
      change.kind === 'annotation'
        ? input !== undefined && deleted.has(`${change.inputId}/${change.itemId}`)
        : change.kind === 'input' && !input
  }
  return create(ListActivityResponseSchema, {
    changes,
    nextPage: rows.length > limit ? String(page.at(-1)!.rev) : '',
  })
}

const wasAnnotation = ({ kind }: ActivityRow): boolean => kind === 'annotation'

const placeOf = (after: string): number | undefined => {
  if (after === '') return undefined
  if (!/^\d{1,15}$/.test(after)) throw badRequest('after', 'not the next_page of an answer')
  return Number(after)
}

/** Our own service for the owner's office (proto/marquee/v1/office.proto). */
export const officeMethods = {
  listActivity,
  ...invitationMethods,
  ...formerPeopleMethods,
  ...conceptOfficeMethods,
  listPastConcepts,
  ...deletedAppMethods,
} satisfies OfficeMethods

/** Methods that need nobody to be signed in. */
export const openOfficeMethods = ['acceptInvitation', 'lookAtInvitation'] as const
