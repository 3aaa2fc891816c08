import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { type Search, SearchSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { checkName } from '#proxy/service/names.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { lockApp, nextRev } from '#proxy/store/apps.ts'
import { addSavedSearch, changeSavedSearch, type SavedSearchRow, savedSearchById } from '#proxy/store/savedSearches.ts'
import { findSavedSearch, withoutMe } from './searchRun.ts'

/** A stored search as it goes out. */
export const savedSearch = (row: SavedSearchRow): Search =>
  Object.assign(fromBinary(SearchSchema, row.message), {
    createdAt: timestampOf(Number(row.created_at)),
    modifiedAt: timestampOf(Number(row.modified_at)),
  })

/** A search to be saved and where it stands in the request. */
export interface Saving {
  readonly search: Search
  readonly path: string
  readonly kind: SavedSearchRow['kind']
}

/**
 * Saves searches that were checked, all or none. @returns them as they are now
 * @throws ApiError SEARCH_INVALID_REQUEST for an id that is none; DATABASE_DUPLICATE_KEY for one that is taken
 */
export const saveSearches = async (items: readonly Saving[], app: AppInUse, deps: Deps): Promise<Search[]> => {
  for (const { search, path } of items)
    if (search.id) checkName(`${path}.id`, search.id, StatusCode.SEARCH_INVALID_REQUEST)
  return deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const saved: Search[] = []
    for (const { search, path, kind } of items) {
      const id = search.id || deps.newId()
      if (await savedSearchById(tx, app.no, id))
        throw new ApiError(StatusCode.DATABASE_DUPLICATE_KEY, `${path}.id: the app has a saved search "${id}" already`)
      const { at } = await nextRev(tx, app.no, deps.now())
      const kept = create(SearchSchema, { ...withoutMe(search, app.callerId), id, applicationId: app.id })
      const row = { app: app.no, id, kind, message: toBinary(SearchSchema, kept), created_at: at, modified_at: at }
      await addSavedSearch(tx, row)
      saved.push(savedSearch(row))
    }
    return saved
  })
}

/**
 * Changes name and query of saved searches that were checked, as far as they are sent, all or none.
 * @returns them as they are now
 * @throws ApiError CONN_DOES_NOT_EXIST
 */
export const patchSavedSearches = async (sent: readonly Search[], app: AppInUse, deps: Deps): Promise<Search[]> =>
  deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    const changed: Search[] = []
    for (const [i, { id, name, query }] of sent.entries()) {
      const row = await findSavedSearch(tx, app.no, id, `searches[${i}].id`)
      const { at } = await nextRev(tx, app.no, deps.now())
      const before = fromBinary(SearchSchema, row.message)
      const after = withoutMe(
        create(SearchSchema, { ...before, ...(name && { name }), ...(query && { query }) }),
        app.callerId,
      )
      const now = { ...row, message: toBinary(SearchSchema, after), modified_at: at }
      await changeSavedSearch(tx, now)
      changed.push(savedSearch(now))
    }
    return changed
  })
