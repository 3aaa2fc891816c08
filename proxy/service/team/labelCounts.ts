import { appSettings } from '#proxy/service/appSettings.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { visibleIn } from '#proxy/service/people/visibility.ts'
import { type Apart, apartIn } from '#proxy/store/apart.ts'
import { countLabels, type LabelCounts } from '#proxy/store/labelCounts.ts'
import type { Db } from '#proxy/store/open.ts'

/** Where the people of an app label apart, so that of what they made only one set counts. */
export const apartOf = (app: Pick<AppInUse, 'no' | 'message'>, db: Db): Promise<Apart | undefined> =>
  apartIn(db, app.no, appSettings(app.message).review === 'consensus')

/** What people put on these inputs, as lists show it: each photograph once, and of it what the caller may see. */
export const labelsOn = async (app: AppInUse, db: Db, inputIds: readonly string[]): Promise<Map<string, LabelCounts>> =>
  countLabels(db, app.no, inputIds, { apart: await apartOf(app, db), visible: await visibleIn(app, db) })
