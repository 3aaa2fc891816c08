import { join } from 'node:path'
import type { BlobStore } from './blobs.ts'
import { openDiskBlobs } from './disk.ts'
import { openS3Blobs } from './s3.ts'

/** Where bytes are kept, as `BLOB_STORE` says. */
export type BlobPlace = { readonly kind: 'folder'; readonly path: string } | ({ readonly kind: 's3' } & Bucket)

export interface Bucket {
  readonly bucket: string
  /** What every key begins with, without slashes at its ends; may be empty. */
  readonly prefix: string
  /** Origin, and path if any, of what is not Amazon's: addressed as `endpoint/bucket/key`. */
  readonly endpoint: string | undefined
  /** Undefined = as the AWS configuration of the machine says. */
  readonly region: string | undefined
}

/** As one writes it. */
export const placeName = (place: BlobPlace): string =>
  place.kind === 'folder' ? place.path : `s3://${[place.bucket, place.prefix].filter((part) => part !== '').join('/')}`

/**
 * @param dataDir absolute; `blob-cache` in it holds copies of what was computed from blobs of a bucket, and what is on
 *   its way there. It may be removed while no server runs.
 */
export const openBlobs = (place: BlobPlace, dataDir: string): BlobStore =>
  place.kind === 'folder' ? openDiskBlobs(place.path) : openS3Blobs(place, { scratch: join(dataDir, 'blob-cache') })
