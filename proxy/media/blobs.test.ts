import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BlobMissing, type BlobStore } from './blobs.ts'
import { openDiskBlobs } from './disk.ts'
import { openS3Blobs } from './s3.ts'
import { s3Bucket, s3Key, startS3 } from './s3Testing.ts'

/** A kind of store, as these tests need it. */
interface Kind {
  readonly blobs: BlobStore
  /** Makes all that is stored two hours old. */
  age(): Promise<void>
  close(): Promise<void>
}

const hour = 3_600_000

const onDisk = async (folder: string): Promise<Kind> => ({
  blobs: openDiskBlobs(folder),
  age: async () => {
    const then = new Date(Date.now() - 2 * hour)
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), then, then)
  },
  close: async () => undefined,
})

const inBucket = async (folder: string): Promise<Kind> => {
  Object.assign(process.env, s3Key)
  const { endpoint, objects, close } = await startS3()
  const place = { bucket: s3Bucket, prefix: 'studio/a', endpoint, region: 'us-east-1' }
  return {
    blobs: openS3Blobs(place, { scratch: folder }),
    age: async () => {
      for (const object of objects.values()) object.modifiedAt -= 2 * hour
    },
    close,
  }
}

/** Any server that speaks S3, e.g. MinIO: `S3_TEST_ENDPOINT` with its keys, and an empty bucket `labels`. */
const elsewhere = async (folder: string): Promise<Kind> => {
  const endpoint = process.env.S3_TEST_ENDPOINT
  const prefix = randomBytes(6).toString('hex')
  const place = { bucket: s3Bucket, prefix, endpoint, region: 'us-east-1' }
  return { blobs: openS3Blobs(place, { scratch: folder }), age: async () => undefined, close: async () => undefined }
}

const kinds: [string, (folder: string) => Promise<Kind>, { canAge: boolean }][] = [
  ['on disk', onDisk, { canAge: true }],
  ['in a bucket', inBucket, { canAge: true }],
  ...(process.env.S3_TEST_ENDPOINT
    ? [['in a bucket elsewhere', elsewhere, { canAge: false }] satisfies (typeof kinds)[number]]
    : []),
]

const bytes = Buffer.from('a picture, say')
const hash = createHash('sha256').update(bytes).digest('hex')
const nowhere = 'f'.repeat(64)
const all = async (stream: ReadableStream<Uint8Array>) => Buffer.concat(await Array.fromAsync(stream))

describe.each(kinds)('blobs %s', (_kind, open, { canAge }) => {
  let folder: string
  let kind: Kind
  let blobs: BlobStore
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'marquee-blobs-'))
    kind = await open(folder)
    blobs = kind.blobs
  })
  afterEach(async () => {
    await kind.close()
    const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'))
    rmSync(folder, { recursive: true })
    expect(left, 'temporary files left behind').toEqual([])
  })

  it('are named by their sha-256 and given back', async () => {
    expect(await blobs.put(bytes)).toEqual({ hash, size: bytes.length })
    expect(Buffer.from(await blobs.get(hash))).toEqual(bytes)
    expect(await blobs.has(hash)).toBe(true)
    expect(await blobs.has(nowhere)).toBe(false)
    expect(await blobs.put(bytes)).toEqual({ hash, size: bytes.length })
    expect(await Array.fromAsync(blobs.list())).toEqual([hash])
  })

  it('have the same name when they come as a stream', async () => {
    async function* parts() {
      yield bytes.subarray(0, 4)
      yield bytes.subarray(4)
    }
    expect(await blobs.put(parts())).toEqual({ hash, size: bytes.length })
    const { stream, size } = await blobs.open(hash)
    expect(size).toBe(bytes.length)
    expect(await all(stream)).toEqual(bytes)
  })

  it('may be large, and come whole or as a stream', async () => {
    const large = randomBytes(18 * 2 ** 20)
    const name = createHash('sha256').update(large).digest('hex')
    async function* parts() {
      for (let at = 0; at < large.length; at += 65_536) yield large.subarray(at, at + 65_536)
    }
    expect(await blobs.put(parts())).toEqual({ hash: name, size: large.length })
    expect(Buffer.from(await blobs.get(name)).equals(large)).toBe(true)
    await blobs.remove(name)
    expect(await blobs.put(large)).toEqual({ hash: name, size: large.length })
    const { stream } = await blobs.open(name, { first: 9_000_000, last: 9_000_099 })
    expect(await all(stream)).toEqual(large.subarray(9_000_000, 9_000_100))
  })

  it('may be empty', async () => {
    const none = createHash('sha256').digest('hex')
    async function* nothing() {}
    expect(await blobs.put(nothing())).toEqual({ hash: none, size: 0 })
    expect(await blobs.get(none)).toHaveLength(0)
    const { stream, size } = await blobs.open(none, { first: 0, last: 4099 })
    expect([size, await all(stream)]).toEqual([0, Buffer.alloc(0)])
  })

  it.each([
    ['in the middle', { first: 2, last: 8 }, 'picture'],
    ['beyond the end', { first: 11, last: 99 }, 'say'],
    ['all of it outside', { first: 50, last: 99 }, ''],
  ])('are read in parts: %s', async (_part, part, text) => {
    await blobs.put(bytes)
    const { stream, size } = await blobs.open(hash, part)
    expect([size, String(await all(stream))]).toEqual([bytes.length, text])
  })

  it('leave nothing of a stream that broke', async () => {
    async function* broken() {
      yield bytes
      throw new Error('gone')
    }
    await expect(blobs.put(broken())).rejects.toThrow('gone')
    expect(await Array.fromAsync(blobs.list())).toEqual([])
  })

  it('that are missing are named, and no name reaches outside', async () => {
    await expect(blobs.get(hash)).rejects.toThrow(BlobMissing)
    await expect(blobs.open(hash)).rejects.toThrow(BlobMissing)
    await expect(blobs.open(hash, { first: 0, last: 9 })).rejects.toThrow(BlobMissing)
    await expect(blobs.get('../../etc/passwd')).rejects.toThrow(BlobMissing)
    await expect(blobs.remove('../secret')).rejects.toThrow(BlobMissing)
    expect(await blobs.has('../secret')).toBe(false)
    await expect(blobs.getDerived(hash, '../x')).rejects.toThrow(RangeError)
    await expect(blobs.putDerived('../x', 'thumbnail', bytes)).rejects.toThrow(RangeError)
  })

  it('keep apart what is derived from them, and can be removed twice', async () => {
    await blobs.put(bytes)
    expect(await blobs.getDerived(hash, 'thumbnail')).toBeUndefined()
    await blobs.putDerived(hash, 'thumbnail', bytes.subarray(0, 3))
    expect(Buffer.from((await blobs.getDerived(hash, 'thumbnail'))!)).toEqual(bytes.subarray(0, 3))
    expect(await Array.fromAsync(blobs.list())).toEqual([hash])
    await blobs.remove(hash)
    await blobs.remove(hash)
    expect(await blobs.has(hash)).toBe(false)
  })

  it('are listed all, however many', async () => {
    const names = await Promise.all(Array.from({ length: 8 }, async (_, i) => (await blobs.put(Buffer.from([i]))).hash))
    expect((await Array.fromAsync(blobs.list())).sort()).toEqual(names.sort())
  })

  const signal = new AbortController().signal

  it('are swept with what is derived from them when they are old and nobody names them', async () => {
    const named = (await blobs.put(Buffer.from('named'))).hash
    await blobs.put(bytes)
    for (const one of [named, hash]) {
      await blobs.putDerived(one, 'thumbnail', bytes)
      await blobs.putDerived(one, 'tiles-0-1-2', bytes)
    }
    const isNamed = async (hashes: readonly string[]) => new Set(hashes.filter((one) => one === named))
    const sweep = (olderThan: number) => blobs.sweep({ olderThan, signal, named: isNamed })
    expect(await sweep(Date.now() - hour)).toEqual({ blobs: 0, bytes: 0 })
    await kind.age()
    expect(await sweep(canAge ? Date.now() - hour : Date.now() + hour)).toEqual({ blobs: 1, bytes: bytes.length })
    expect(await Array.fromAsync(blobs.list())).toEqual([named])
    expect(await blobs.getDerived(hash, 'thumbnail')).toBeUndefined()
    expect(await blobs.getDerived(hash, 'tiles-0-1-2')).toBeUndefined()
    expect(await blobs.getDerived(named, 'thumbnail')).toBeDefined()
  })

  it.runIf(canAge)('that are put again stay: before the sweep, and while it asks for names', async () => {
    const again = (await blobs.put(Buffer.from('again'))).hash
    await blobs.put(bytes)
    await kind.age()
    await blobs.put(bytes)
    const named = async () => {
      await blobs.put(Buffer.from('again'))
      return new Set<string>()
    }
    expect(await blobs.sweep({ olderThan: Date.now() - hour, signal, named })).toEqual({ blobs: 0, bytes: 0 })
    expect((await Array.fromAsync(blobs.list())).sort()).toEqual([again, hash].sort())
  })
})
