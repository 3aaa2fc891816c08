import { create } from '@bufbuild/protobuf'
import { Visibility_Gettable, type Workflow } from '#gen/proto/clarifai/api/resources_pb.ts'
import { type ListWorkflowsRequest, MultiWorkflowResponseSchema, type V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { appsMeant } from '#proxy/service/models/modelApps.ts'
import { fitsPattern, hasWords, inOrder, type Listed, type Order } from '#proxy/service/models/modelListing.ts'
import { itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import { ok } from '#proxy/service/status.ts'
import { microsOf } from '#proxy/service/time.ts'
import { thingsOf } from '#proxy/store/models.ts'
import { readableWorkflows } from './workflowMessages.ts'

/** ListWorkflows, of an app or of all apps of a person. There are no stars and bookmarks: a filter for them finds nothing. */
export const listSomeWorkflows: MethodImpl<typeof V2.method.listWorkflows> = async (request, call, deps) => {
  const apps = await appsMeant(deps, call, request.userAppId, 'readWorkflows')
  const rows = await thingsOf(
    deps.store.read,
    'workflow',
    apps.map(({ no }) => no),
  )
  const all = await readableWorkflows(deps.store.read, rows, apps)
  const found = inOrder(all.filter(matches(request)).map(listed), orderOf(request), request.sortAscending)
  const { limit, offset } = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const workflows = found.slice(offset, offset + limit).map(({ workflow }) => workflow)
  return create(MultiWorkflowResponseSchema, { status: ok(call), workflows })
}

const matches =
  (request: ListWorkflowsRequest) =>
  ({ id, description, notes, userId, visibility }: Workflow): boolean => {
    const asked = request.visibility?.gettable ?? Visibility_Gettable.UNKNOWN_VISIBILITY
    const isAsVisible =
      asked === Visibility_Gettable.UNKNOWN_VISIBILITY ||
      asked === (visibility?.gettable ?? Visibility_Gettable.PRIVATE)
    const owner = request.userAppId?.userId ? [] : [userId]
    return (
      !(request.featuredOnly || request.starredOnly || request.bookmark) &&
      isAsVisible &&
      hasWords(request.search, id, description, notes, ...owner) &&
      hasWords(request.searchTerm, id, description, notes, userId) &&
      hasWords(request.query, id, description, notes) &&
      fitsPattern(request.id, id)
    )
  }

const listed = (workflow: Workflow): Listed & { readonly workflow: Workflow } => ({
  id: workflow.id,
  createdAt: microsOf(workflow.createdAt!),
  modifiedAt: microsOf(workflow.modifiedAt!),
  workflow,
})

const orderOf = ({ sortBy }: ListWorkflowsRequest): Order => {
  switch (sortBy.case) {
    case 'sortById':
      return 'id'
    case 'sortByCreatedAt':
      return 'created'
    default:
      return 'modified'
  }
}
