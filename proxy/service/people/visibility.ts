import type { RawBuilder } from 'kysely'
import { appSettings } from '#proxy/service/appSettings.ts'
import type { Db } from '#proxy/store/open.ts'
import { visibleTo } from '#proxy/store/taskVisibility.ts'
import type { AppInUse } from './access.ts'

/** What the caller may see of an app's annotations, as a condition on their rows; the owner all (decisions §10). */
export const visibleIn = async (app: AppInUse, db: Db): Promise<RawBuilder<boolean> | undefined> =>
  app.role === 'owner'
    ? undefined
    : visibleTo(db, app.no, app.callerId, { ordersApart: appSettings(app.message).review === 'consensus' })
