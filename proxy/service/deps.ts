import type { BlobStore } from '#proxy/media/blobs.ts'
import type { Store } from '#proxy/store/open.ts'
import type { ServerSettings } from './settings.ts'

export type { BlobStore } from '#proxy/media/blobs.ts'

/** decisions §31. Bytes unless said otherwise. */
export interface Limits {
  readonly imagePixels: number
  readonly imageBytes: number
  readonly bodyBytes: number
  /** Of all request bodies being read at one time. */
  readonly bodiesInFlightBytes: number
  readonly maskPixels: number
  readonly maskBytes: number
  /** Masks and the like over this live in blobs instead of in the message. */
  readonly inlineBytes: number
  readonly conceptIdBytes: number
  /** Of one annotation: concepts, all its lists of them together. */
  readonly conceptsEach: number
  /** Of one annotation: points of polygons and key points. */
  readonly pointsEach: number
  /** Of one annotation as JSON: metadata and annotation_info, and text, together. */
  readonly infoBytes: number
  /** Calls of one caller in a second; 0 = no limit. */
  readonly callsPerSecond: number
  /** Annotations, inputs, concepts … in one call. */
  readonly batch: number
  readonly pageSize: number
  /** Ids and the like in one list of a request; in all its lists together twice as many. */
  readonly listLength: number
}

export const defaultLimits: Limits = {
  imagePixels: 500_000_000,
  imageBytes: 200 * 2 ** 20,
  bodyBytes: 128 * 2 ** 20,
  bodiesInFlightBytes: 256 * 2 ** 20,
  maskPixels: 500_000_000,
  maskBytes: 200 * 2 ** 20,
  inlineBytes: 4096,
  conceptIdBytes: 128,
  conceptsEach: 2000,
  pointsEach: 100_000,
  infoBytes: 2 ** 20,
  callsPerSecond: 200,
  batch: 128,
  pageSize: 1000,
  listLength: 10_000,
}

/** As pino's: an object for the fields, then the line. */
export interface Log {
  info(fields: object, line: string): void
  warn(fields: object, line: string): void
  error(fields: object, line: string): void
}

/** What the service needs of the world. */
export interface Deps {
  readonly store: Store
  readonly blobs: BlobStore
  /** Microseconds since 1970. */
  now(): number
  /** 32 hex characters at random. */
  newId(): string
  readonly limits: Limits
  readonly settings: ServerSettings
  readonly log: Log
  /** Where browsers reach this server, without a slash at the end. */
  publicUrl(): string
  /** Signs the addresses of media. */
  readonly mediaKey: Buffer
}
