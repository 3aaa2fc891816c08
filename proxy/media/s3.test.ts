import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { BlobMissing, type BlobStore } from './blobs.ts'
import { openS3Blobs } from './s3.ts'
import { checkBucket, S3Failure } from './s3Client.ts'
import { type S3Server, s3Bucket, s3Key, startS3 } from './s3Testing.ts'

// What holds of every store is in blobs.test.ts.

const bytes = randomBytes(300_000)

describe('a bucket', () => {
  let server: S3Server
  let scratch: string
  let blobs: BlobStore
  const place = (bucket = s3Bucket) => ({ bucket, prefix: 'a', endpoint: server.endpoint, region: 'us-east-1' })
  beforeEach(async () => {
    Object.assign(process.env, s3Key)
    scratch = mkdtempSync(join(tmpdir(), 'marquee-s3-'))
    server = await startS3()
    blobs = openS3Blobs(place(), { scratch })
    return async () => {
      await server.close()
      rmSync(scratch, { recursive: true })
    }
  })

  it('keeps blobs by the names they have on disk', async () => {
    const { hash } = await blobs.put(bytes)
    await blobs.putDerived(hash, 'thumbnail', bytes)
    const [one, two] = [hash.slice(0, 2), hash.slice(2, 4)]
    expect([...server.objects.keys()]).toEqual([`a/${one}/${two}/${hash}`, `a/derived/${one}/${hash}.thumbnail`])
  })

  it('is read on from where a connection broke', async () => {
    const { hash } = await blobs.put(bytes)
    server.breaks.push(100_000, 100_000)
    expect(Buffer.from(await blobs.get(hash)).equals(bytes)).toBe(true)
    server.breaks.push(10)
    const { stream } = await blobs.open(hash, { first: 1000, last: 1999 })
    expect(Buffer.concat(await Array.fromAsync(stream)).equals(bytes.subarray(1000, 2000))).toBe(true)
  })

  it('that breaks again and again is given up, with the reason', async () => {
    const { hash } = await blobs.put(bytes)
    server.breaks.push(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    const failure = await blobs.get(hash).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(S3Failure)
    expect((failure as Error).cause).toBeInstanceOf(Error)
  })

  it('is asked again when it stumbles, and what it says in the end is told', async () => {
    server.failures.push(503, 500)
    const { hash } = await blobs.put(bytes)
    expect(await blobs.has(hash)).toBe(true)
    server.failures.push(500, 500, 500, 500)
    await expect(blobs.get(hash)).rejects.toThrow(
      /^s3:\/\/labels at http.*: reading [0-9a-f]{64} failed \(InternalError/,
    )
  })

  it('that is not there is no missing blob', async () => {
    const nowhere = openS3Blobs(place('elsewhere'), { scratch })
    const failure = await nowhere.get('a'.repeat(64)).catch((error: unknown) => error)
    expect(failure).not.toBeInstanceOf(BlobMissing)
    expect(String(failure)).toContain('NoSuchBucket')
  })

  it('keeps no parts of an upload that failed', async () => {
    const large = randomBytes(9 * 2 ** 20)
    server.failures.push(0, 400, 400)
    await expect(blobs.put(large)).rejects.toThrow(S3Failure)
    expect(server.requests.filter((line) => !line.startsWith('DELETE'))).toHaveLength(3)
    expect([server.unfinished.size, server.objects.size]).toEqual([0, 0])
  })

  it('is asked once for what is derived: tiles come in packs', async () => {
    const { hash } = await blobs.put(bytes)
    await blobs.putDerived(hash, 'tiles-0-0-0', bytes)
    rmSync(scratch, { recursive: true })
    server.requests.length = 0
    for (let i = 0; i < 3; i++) expect(await blobs.getDerived(hash, 'tiles-0-0-0')).toHaveLength(bytes.length)
    expect(server.requests).toHaveLength(1)
  })

  it('is checked for all that is needed, and leaves nothing of it', async () => {
    await checkBucket(place())
    expect(server.objects.size).toBe(0)
    await expect(checkBucket(place('elsewhere'))).rejects.toThrow(/listing failed \(NoSuchBucket\)$/)
    process.env.AWS_ACCESS_KEY_ID = 'somebody'
    await expect(checkBucket(place())).rejects.toThrow('InvalidAccessKeyId')
  })
})
