import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { Bucket } from './blobPlace.ts'
import { BlobMissing, type BlobStore, isHash, type Part } from './blobs.ts'
import { contentName, derivedName, openDiskBlobs, received } from './disk.ts'
import { isMissing, openClient, S3Failure } from './s3Client.ts'
import { resumed } from './s3Reading.ts'
import { arrivals, type Listed, sweepS3 } from './s3Sweep.ts'

/** Larger bodies go in parts of this size, four at a time, each of which is tried again by itself. */
const partBytes = 8 * 2 ** 20

/**
 * Blobs as objects under a prefix, by the same names as on disk: `ab/cd/abcd…` and `derived/ab/abcd….<name>`, so that
 * `aws s3 sync` moves a folder into a bucket and back. Of S3 it needs the operations every imitation has: get with a
 * range, head, put, upload in parts, list (version 2) and delete.
 * @param scratch a folder for bodies whose hash is not known yet, and for copies of what is derived: a screen of tiles
 *   asks for the same pack a dozen times
 * @throws S3Failure from every function, when the bucket does not do what it is asked
 */
export function openS3Blobs(place: Bucket, { scratch }: { scratch: string }): BlobStore {
  const client = openClient(place)
  const local = openDiskBlobs(scratch)
  const coming = arrivals()
  const at = (name: string) => ({ Bucket: place.bucket, Key: withPrefix(place.prefix, name) })

  const upload = async (name: string, body: Uint8Array | (() => NodeJS.ReadableStream), failure: string) => {
    const Body = body instanceof Uint8Array ? body : (body() as never)
    const sending = new Upload({ client, params: { ...at(name), Body }, partSize: partBytes })
    await sending.done().catch(S3Failure.of(place, failure))
  }
  const head = (hash: string) =>
    client.send(new HeadObjectCommand(at(contentName(hash)))).catch((error) => {
      if (isMissing(error)) return undefined
      throw S3Failure.from(place, `looking for ${hash}`, error)
    })
  const drop = async (name: string) => {
    await client.send(new DeleteObjectCommand(at(name))).catch(S3Failure.of(place, `removing ${name}`))
  }

  return {
    async put(bytes) {
      if (bytes instanceof Uint8Array) {
        const hash = createHash('sha256').update(bytes).digest('hex')
        // always sent: an object that is there becomes new by it, and one that is torn is mended
        await coming.during(hash, () => upload(contentName(hash), bytes, `storing ${hash}`))
        return { hash, size: bytes.byteLength }
      }
      return received(scratch, bytes, async (file, { hash, size }) => {
        // an empty file has no parts to send
        const body = size === 0 ? new Uint8Array() : () => createReadStream(file)
        await coming.during(hash, () => upload(contentName(hash), body, `storing ${hash}`))
      })
    },
    async get(hash) {
      const { chunks, size } = await opened(client, place, at, hash)
      const bytes = new Uint8Array(size)
      let filled = 0
      for await (const chunk of chunks) {
        bytes.set(chunk, filled)
        filled += chunk.byteLength
      }
      return bytes
    },
    async open(hash, part) {
      const { chunks, size } = await opened(client, place, at, hash, part)
      return {
        stream: Readable.toWeb(Readable.from(chunks, { objectMode: false })) as ReadableStream<Uint8Array>,
        size,
      }
    },
    has: async (hash) => isHash(hash) && (await head(hash)) !== undefined,
    async *list() {
      for await (const { hash, derived } of listed(client, place)) if (derived === undefined) yield hash
    },
    async remove(hash) {
      if (!isHash(hash)) throw new BlobMissing(hash)
      await drop(contentName(hash))
    },
    async sweep(sweeping) {
      // whatever was copied more than a day ago is asked for anew
      await local.sweep({ ...sweeping, named: async () => new Set() })
      return sweepS3(listed(client, place), coming, sweeping, {
        modifiedAt: async (hash) => (await head(hash))?.LastModified?.getTime(),
        removeContent: (hash) => drop(contentName(hash)),
        async removeDerived(hash, name) {
          await local.removeDerived(hash, name)
          await drop(derivedName(hash, name))
        },
      })
    },
    async getDerived(hash, name) {
      const copy = await local.getDerived(hash, name)
      if (copy) return copy
      const answer = await client.send(new GetObjectCommand(at(derivedName(hash, name)))).catch((error) => {
        if (isMissing(error)) return undefined
        throw S3Failure.from(place, `reading ${name} of ${hash}`, error)
      })
      if (!answer) return undefined
      const bytes = Uint8Array.from(
        await answer.Body!.transformToByteArray().catch(S3Failure.of(place, `reading ${name} of ${hash}`)),
      )
      await local.putDerived(hash, name, bytes)
      return bytes
    },
    async putDerived(hash, name, bytes) {
      await upload(derivedName(hash, name), bytes, `storing ${name} of ${hash}`)
      await local.putDerived(hash, name, bytes)
    },
  }
}

const withPrefix = (prefix: string, name: string): string => (prefix === '' ? name : `${prefix}/${name}`)

type At = (name: string) => { Bucket: string; Key: string }

/** `chunks` are all that was asked for, or fail. `size` is that of the whole. @throws BlobMissing */
async function opened(client: S3Client, place: Bucket, at: At, hash: string, part?: Part) {
  if (!isHash(hash)) throw new BlobMissing(hash)
  const object = at(contentName(hash))
  const from = (first: number, last: number | undefined) =>
    client.send(new GetObjectCommand({ ...object, Range: `bytes=${first}-${last ?? ''}` }))
  const failed = (error: unknown): never => {
    throw isMissing(error) ? new BlobMissing(hash, { cause: error }) : S3Failure.from(place, `reading ${hash}`, error)
  }
  const answer = await (part ? from(part.first, part.last) : client.send(new GetObjectCommand(object))).catch(
    async (error) => {
      // nothing of it lies in that part: an empty blob, or a part beyond the end
      if ((error as { name?: string }).name !== 'InvalidRange') return failed(error)
      const { ContentLength } = await client.send(new HeadObjectCommand(object)).catch(failed)
      return { Body: undefined, ContentLength, ContentRange: undefined }
    },
  )
  const whole = /\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1]
  const size = Number(whole ?? answer.ContentLength)
  const first = part?.first ?? 0
  const end = answer.Body ? Math.min(size, (part?.last ?? size) + 1) : first
  const chunks = resumed(
    answer.Body as AsyncIterable<Uint8Array> | undefined,
    { first, end },
    async (next) => (await from(next, end - 1)).Body as AsyncIterable<Uint8Array>,
    failed,
  )
  return { chunks, size }
}

async function* listed(client: S3Client, { bucket, prefix, ...rest }: Bucket): AsyncGenerator<Listed> {
  const start = withPrefix(prefix, '')
  try {
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: start }))
      for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
        const name = Key.slice(start.length)
        const [, hash = '', derived] =
          /^(?:derived\/)?(?:[0-9a-f]{2}\/){1,2}([0-9a-f]{64})(?:\.(.+))?$/.exec(name) ?? []
        const expected = derived === undefined ? contentName(hash) : derivedName(hash, derived)
        if (isHash(hash) && name === expected)
          yield { hash, derived, size: Size, modifiedAt: LastModified?.getTime() ?? Date.now() }
      }
  } catch (error) {
    throw S3Failure.from({ bucket, prefix, ...rest }, 'listing', error)
  }
}
