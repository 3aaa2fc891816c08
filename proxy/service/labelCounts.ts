import { type Apart, apartIn } from '#proxy/store/apart.ts'
import { countLabels, type LabelCounts } from '#proxy/store/labelCounts.ts'
import type { Db } from '#proxy/store/open.ts'
import type { AppInUse } from './access.ts'
import { appSettings } from './appSettings.ts'
import { visibleIn } from './visibility.ts'

/** Where the people of an app label apart, so that of what they made only one set counts. */
export const apartOf = (app: Pick<AppInUse, 'no' | 'message'>, db: Db): Promise<Apart | undefined> =>
  apartIn(db, app.no, appSettings(app.message).review === 'consensus')

/** What people put on these inputs, as lists show it: each photograph once, and of it what the caller may see. */
export const labelsOn = async (app: AppInUse, db: Db, inputIds: readonly string[]): Promise<Map<string, LabelCounts>> =>
  countLabels(db, app.no, inputIds, { apart: await apartOf(app, db), visible: await visibleIn(app, db) })
