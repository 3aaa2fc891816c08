import { existsSync, promises as files } from 'node:fs'
import { type BlobPlace, openBlobs, placeName } from '#proxy/media/blobPlace.ts'
import type { BlobStore } from '#proxy/media/blobs.ts'

/** Where the blobs of a backup go. They are filled in first, and count once they are put in place. */
export interface BlobTarget {
  readonly name: string
  isTaken(): Promise<boolean>
  /** Undefined when what is there cannot be moved aside. @returns its new name */
  readonly moveAside: ((suffix: string) => Promise<string>) | undefined
  readonly fresh: BlobStore
  putInPlace(): Promise<void>
  /** Removes what was filled in and not put in place; harmless after it was. */
  abandon(): Promise<void>
}

export const blobTarget = (place: BlobPlace, dataDir: string): BlobTarget =>
  place.kind === 'folder'
    ? folderTarget(place.path, (path) => openBlobs({ kind: 'folder', path }, dataDir))
    : bucketTarget(placeName(place), openBlobs(place, dataDir))

function folderTarget(path: string, open: (path: string) => BlobStore): BlobTarget {
  const beside = `${path}.restoring-${process.pid}`
  return {
    name: path,
    isTaken: async () => existsSync(path),
    moveAside: async (suffix) => {
      await files.rename(path, path + suffix)
      return path + suffix
    },
    fresh: open(beside),
    putInPlace: async () => {
      if (existsSync(beside)) await files.rename(beside, path)
    },
    abandon: () => files.rm(beside, { recursive: true, force: true }),
  }
}

/** A bucket knows no renaming: the blobs go straight into a prefix that is empty, or not at all. */
function bucketTarget(name: string, blobs: BlobStore): BlobTarget {
  const put = new Set<string>()
  return {
    name,
    isTaken: async () => {
      for await (const _ of blobs.list()) return true
      return false
    },
    moveAside: undefined,
    fresh: {
      ...blobs,
      put: async (bytes) => {
        const blob = await blobs.put(bytes)
        put.add(blob.hash)
        return blob
      },
    },
    putInPlace: async () => put.clear(),
    abandon: async () => {
      for (const hash of put) await blobs.remove(hash)
    },
  }
}
