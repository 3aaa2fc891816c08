import type { App } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Clients } from './client.ts'
import { ok } from './errors.ts'
import { type AppScope, userAppId } from './scope.ts'

type Described = Pick<App, 'metadata'> | undefined

/** `app.metadata.marquee` (decisions §23), as proxy/service/appSettings.ts reads it where rights depend on it. */
export interface AppSettings {
  /** what Submit does outside of tasks */
  readonly review: 'none' | 'manual' | 'consensus'
  /** ids of those whom the owner lets review outside of tasks */
  readonly reviewers: readonly string[]
  /** people may decide on their own work, in tasks and outside */
  readonly reviewsOwnWork: boolean
  /** vertices of several polygons at the same place move together */
  readonly sharedVertices: boolean
}

/** What is missing or of another shape counts as never set. */
export function settingsOf(app: Described): AppSettings {
  const { review, reviewers, reviewsOwnWork, sharedVertices } = raw(app)
  return {
    review: review === 'manual' || review === 'consensus' ? review : 'none',
    reviewers: Array.isArray(reviewers) ? reviewers.filter((id) => typeof id === 'string') : [],
    reviewsOwnWork: reviewsOwnWork === true,
    sharedVertices: sharedVertices !== false,
  }
}

const raw = (app: Described) => {
  const marquee = app?.metadata?.marquee
  return typeof marquee === 'object' && marquee !== null && !Array.isArray(marquee) ? marquee : {}
}

/** Changes settings as they are on the server now; what else the app's metadata say stays. The owner's right. */
export async function changeSettings(
  clients: Clients,
  scope: AppScope,
  change: (settings: AppSettings) => Partial<AppSettings>,
): Promise<void> {
  const { app } = ok(await clients.api.getApp({ userAppId: userAppId(scope) }))
  const { reviewers, ...rest } = change(settingsOf(app))
  const marquee = { ...raw(app), ...rest, ...(reviewers && { reviewers: [...reviewers] }) }
  ok(
    await clients.api.patchApps({
      userAppId: userAppId(scope),
      action: 'overwrite',
      apps: [{ id: scope.app, metadata: { ...app?.metadata, marquee } }],
    }),
  )
}
