import type { BlobStore, Part } from '#proxy/media/blobs.ts'

/** A blob as the gateway gives it out, whole or in parts; nothing is opened before it is read. */
export const openedBlob = (hash: string, blobs: BlobStore) => ({
  body: (async function* () {
    yield* (await blobs.open(hash)).stream
  })(),
  part: async (part: Part) => (await blobs.open(hash, part)).stream,
})
