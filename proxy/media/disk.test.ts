import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BlobMissing } from './blobs.ts'
import { openDiskBlobs } from './disk.ts'

const bytes = new TextEncoder().encode('a picture, say')
const hash = createHash('sha256').update(bytes).digest('hex')

describe('blobs on disk', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'marquee-blobs-'))
    return () => rmSync(root, { recursive: true })
  })
  afterEach(() => {
    const left = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'))
    expect(left, 'temporary files left behind').toEqual([])
  })

  it('names bytes by their sha-256 and gives them back', async () => {
    const blobs = openDiskBlobs(root)
    expect(await blobs.put(bytes)).toEqual({ hash, size: bytes.length })
    expect(await blobs.get(hash)).toEqual(Buffer.from(bytes))
    expect(await blobs.has(hash)).toBe(true)
    expect(await Array.fromAsync(blobs.list())).toEqual([hash])
  })

  it('stores a stream under the same name as the same bytes', async () => {
    const blobs = openDiskBlobs(root)
    async function* parts() {
      yield bytes.subarray(0, 4)
      yield bytes.subarray(4)
    }
    expect(await blobs.put(parts())).toEqual({ hash, size: bytes.length })
    const { stream, size } = await blobs.open(hash)
    expect(size).toBe(bytes.length)
    expect(Buffer.concat(await Array.fromAsync(stream))).toEqual(Buffer.from(bytes))
  })

  it('leaves nothing of a stream that broke', async () => {
    const blobs = openDiskBlobs(root)
    async function* broken() {
      yield bytes
      throw new Error('gone')
    }
    await expect(blobs.put(broken())).rejects.toThrow('gone')
    expect(await Array.fromAsync(blobs.list())).toEqual([])
  })

  it('does not write what is there, and repairs a file that is too short', async () => {
    const blobs = openDiskBlobs(root)
    await blobs.put(bytes)
    const path = join(root, hash.slice(0, 2), hash.slice(2, 4), hash)
    const { mtimeMs, ino } = statSync(path)
    await blobs.put(bytes)
    expect(statSync(path)).toMatchObject({ mtimeMs, ino })
    writeFileSync(path, 'torn')
    await blobs.put(bytes)
    expect(await blobs.get(hash)).toEqual(Buffer.from(bytes))
  })

  it('says which blob is missing, and never turns a name into a path outside', async () => {
    const blobs = openDiskBlobs(root)
    await expect(blobs.get(hash)).rejects.toThrow(BlobMissing)
    await expect(blobs.open(hash)).rejects.toThrow(BlobMissing)
    await expect(blobs.get('../../etc/passwd')).rejects.toThrow(BlobMissing)
    expect(await blobs.has('../secret')).toBe(false)
    expect(() => blobs.getDerived(hash, '../x')).toThrow(RangeError)
  })

  it('keeps what is derived apart from what is stored, and removes blobs', async () => {
    const blobs = openDiskBlobs(root)
    await blobs.put(bytes)
    expect(await blobs.getDerived(hash, 'thumbnail')).toBeUndefined()
    await blobs.putDerived(hash, 'thumbnail', bytes.subarray(0, 3))
    expect(await blobs.getDerived(hash, 'thumbnail')).toEqual(Buffer.from(bytes.subarray(0, 3)))
    expect(await Array.fromAsync(blobs.list())).toEqual([hash])
    await blobs.remove(hash)
    await blobs.remove(hash)
    expect(await blobs.has(hash)).toBe(false)
    expect(existsSync(join(root, 'derived'))).toBe(true)
  })
})
