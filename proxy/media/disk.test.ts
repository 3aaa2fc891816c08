import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openDiskBlobs } from './disk.ts'

// What holds of every store is in blobs.test.ts.

const bytes = new TextEncoder().encode('a picture, say')
const hash = createHash('sha256').update(bytes).digest('hex')

describe('a blob on disk', () => {
  let root: string
  let path: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'marquee-blobs-'))
    path = join(root, hash.slice(0, 2), hash.slice(2, 4), hash)
    return () => rmSync(root, { recursive: true })
  })

  it('that is put again is not written again, but new for those who sweep', async () => {
    const blobs = openDiskBlobs(root)
    await blobs.put(bytes)
    const { ino } = statSync(path)
    const old = new Date(Date.now() - 86_400_000)
    utimesSync(path, old, old)
    await blobs.put(bytes)
    expect(statSync(path).ino).toBe(ino)
    expect(statSync(path).mtimeMs).toBeGreaterThan(Date.now() - 60_000)
  })

  it('that is too short is repaired', async () => {
    const blobs = openDiskBlobs(root)
    await blobs.put(bytes)
    writeFileSync(path, 'torn')
    await blobs.put(bytes)
    expect(await blobs.get(hash)).toEqual(Buffer.from(bytes))
  })
})
