import { create } from '@bufbuild/protobuf'
import { LicenseType, type Model, Visibility_Gettable } from '#gen/proto/clarifai/api/resources_pb.ts'
import { type ListModelsRequest, MultiModelResponseSchema, type V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { itemsPerPage, pageOf } from '#proxy/service/paging.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { ok } from '#proxy/service/status.ts'
import { microsOf } from '#proxy/service/time.ts'
import { thingsOf, type VersionRow, versionById } from '#proxy/store/models.ts'
import { appsMeant } from './modelApps.ts'
import { fitsPattern, hasWords, inOrder, type Listed, type Order } from './modelListing.ts'
import { modelMessage } from './modelMessages.ts'
import { readableModels } from './modelReading.ts'

/**
 * ListModels, of an app or of all apps of a person. Stars, bookmarks and models picked by staff do not exist here: a
 * filter for them finds nothing. @throws ApiError NOT_IMPLEMENTED for filters that would silently be wider than asked
 */
export const listSomeModels: MethodImpl<typeof V2.method.listModels> = async (request, call, deps) => {
  checkOptions(request)
  const apps = await appsMeant(deps, call, request.userAppId, 'readModels')
  const rows = await thingsOf(
    deps.store.read,
    'model',
    apps.map(({ no }) => no),
  )
  const all = await readableModels(deps.store.read, rows, apps)
  const models = request.modelVersionIds.length > 0 ? await ofVersions(all, request, apps, deps) : all
  const found = inOrder(models.filter(matches(request)).map(listed), orderOf(request), request.sortAscending)
  const { limit, offset } = pageOf(request.page, request.perPage, itemsPerPage, deps.limits.pageSize)
  const page = found.slice(offset, offset + limit).map(({ model }) => model)
  return create(MultiModelResponseSchema, { status: ok(call), models: page })
}

const checkOptions = ({ inputFields, outputFields, minReplicas }: ListModelsRequest): void => {
  const unknown = {
    input_fields: inputFields.length > 0,
    output_fields: outputFields.length > 0,
    min_replicas: minReplicas > 0,
  }
  for (const [name, isSet] of Object.entries(unknown))
    if (isSet) throw new ApiError(StatusCode.NOT_IMPLEMENTED, `${name}: this server does not know these of its models`)
}

/** The models of these versions, each shown with the version that was asked for. */
const ofVersions = async (
  models: readonly Model[],
  request: ListModelsRequest,
  apps: readonly AppInUse[],
  deps: Deps,
) => {
  const db = deps.store.read
  const asked = [...new Set(request.modelVersionIds)]
  const found: { version: VersionRow; app: AppInUse }[] = []
  for (const app of apps)
    for (const id of asked) {
      const version = await versionById(db, 'model', app.no, id)
      if (version?.deleted_at === null) found.push({ version, app })
    }
  const rows = await thingsOf(db, 'model', [...new Set(found.map(({ app }) => app.no))])
  return found.flatMap(({ version, app }) => {
    const row = rows.find(({ no }) => no === version.parent)
    const count = models.find(({ id, appId }) => id === row?.id && appId === app.id)?.versionCount ?? 0
    return row ? [modelMessage(row, app, version, count)] : []
  })
}

const matches =
  (request: ListModelsRequest) =>
  (model: Model): boolean => {
    const { id, name, description, notes, userId } = model
    const has = (wanted: readonly string[], there: readonly string[]) => wanted.every((word) => there.includes(word))
    const same = <T>(wanted: T, there: T, unset: T) => wanted === unset || wanted === there
    const owner = request.userAppId?.userId ? [] : [userId]
    const none = request.featuredOnly || request.starredOnly || request.bookmark
    return (
      !none &&
      same(request.modelTypeId, model.modelTypeId, '') &&
      same(request.license, model.modelVersion?.license ?? '', '') &&
      same(request.creator, model.creator, '') &&
      same(request.source, model.source as number, 0) &&
      same(request.licenseType, model.licenseType, LicenseType.UNKNOWN_LICENSE_TYPE) &&
      same(
        request.visibility?.gettable ?? Visibility_Gettable.UNKNOWN_VISIBILITY,
        model.visibility?.gettable ?? Visibility_Gettable.PRIVATE,
        Visibility_Gettable.UNKNOWN_VISIBILITY,
      ) &&
      (!request.trainedOnly || model.modelVersion !== undefined) &&
      has(request.toolkits, model.toolkits) &&
      has(request.useCases, model.useCases) &&
      has(request.languages, model.languages) &&
      hasWords(request.search, id, name, description, notes, ...owner) &&
      hasWords(request.query, id, name, description) &&
      fitsPattern(request.name, id, name, description, ...(request.filterByUserId ? [userId] : []))
    )
  }

const listed = (model: Model): Listed & { readonly model: Model } => ({
  id: model.id,
  createdAt: microsOf(model.createdAt!),
  modifiedAt: microsOf(model.modifiedAt!),
  model,
})

const orderOf = ({ sortBy }: ListModelsRequest): Order => {
  switch (sortBy.case) {
    case 'sortByName':
      return 'id'
    case 'sortByCreatedAt':
      return 'created'
    default:
      return 'modified'
  }
}
