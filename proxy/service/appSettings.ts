import { fromBinary } from '@bufbuild/protobuf'
import { type App, AppSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { Person } from '#proxy/service/annotations/annotationAccess.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { isJsonObject } from './jsonObject.ts'

/** `app.metadata.marquee`, as far as rights depend on it (decisions §§8, 9, 23). */
export interface AppSettings {
  readonly reviewers: readonly string[]
  readonly reviewsOwnWork: boolean
  /** What Submit does outside of tasks. */
  readonly review: 'none' | 'manual' | 'consensus'
  /** How much regions of two people must overlap to be the same one, 0 … 1; undefined = not set. */
  readonly overlap: number | undefined
}

/** What is missing or of another shape counts as not set. */
export const appSettings = (message: Uint8Array): AppSettings => settingsOf(fromBinary(AppSchema, message))

export const settingsOf = (app: App | undefined): AppSettings => {
  const metadata = app?.metadata?.marquee
  const settings = isJsonObject(metadata) ? metadata : {}
  const reviewers = Array.isArray(settings.reviewers) ? settings.reviewers : []
  return {
    reviewers: reviewers.filter((id) => typeof id === 'string'),
    reviewsOwnWork: settings.reviewsOwnWork === true,
    review: settings.review === 'manual' || settings.review === 'consensus' ? settings.review : 'none',
    overlap: typeof settings.overlap === 'number' ? settings.overlap : undefined,
  }
}

/** The caller as the rules about annotations see them. */
export const personIn = (app: AppInUse): Person => {
  const settings = appSettings(app.message)
  return {
    id: app.callerId,
    role: app.role,
    reviewer: settings.reviewers.includes(app.callerId),
    reviewsOwnWork: settings.reviewsOwnWork,
  }
}
