import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, expect, it } from 'vitest'
import { openDiskBlobs } from './disk.ts'
import { readFacts } from './images.ts'
import { ensureTiles, readTile } from './tiles.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'marquee-tiles-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const blobs = openDiskBlobs(folder)

it('keeps the 16 bits of a grey picture in its tiles, and makes them once', async () => {
  const [width, height] = [1500, 600]
  const pixels = Uint16Array.from({ length: width * height }, (_, i) => 1000 + 2 * (i % width))
  const png = await sharp(pixels, { raw: { width, height, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer()
  const facts = await readFacts(png)
  expect(facts).toEqual({ width, height, depth: 16, frames: 1, alpha: false, tiles: { side: 512, levels: 3 } })
  const { hash } = await blobs.put(png)
  let read = 0
  const source = () => {
    read++
    return Promise.resolve(new Uint8Array(png))
  }
  await Promise.all([ensureTiles(blobs, hash, facts, source), ensureTiles(blobs, hash, facts, source)])
  await ensureTiles(blobs, hash, facts, source)
  expect(read).toBe(1)
  const last = await readTile(blobs, hash, facts, { level: 0, x: 2, y: 1 })
  const { data, info } = await sharp(last?.bytes).toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer({
    resolveWithObject: true,
  })
  expect([info.width, info.height]).toEqual([1500 - 1024, 600 - 512])
  expect(new Uint16Array(data.buffer, data.byteOffset, 1)[0]).toBe(1000 + 2 * 1024)
  expect(await readTile(blobs, hash, facts, { level: 2, x: 0, y: 0 })).toMatchObject({ type: 'image/png' })
  expect(await readTile(blobs, hash, facts, { level: 0, x: 3, y: 0 })).toBeUndefined()
})

it('cuts a long picture into tiles as it is displayed, oriented', async () => {
  const png = { width: 16, height: 17_000, channels: 3, background: '#123456' } as const
  const jpeg = await sharp({ create: { ...png, height: 17_000 } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  const facts = await readFacts(jpeg)
  expect(facts).toMatchObject({ width: 17_000, height: 16, depth: 8, tiles: { levels: 7 } })
  const { hash } = await blobs.put(jpeg)
  await ensureTiles(blobs, hash, facts, () => Promise.resolve(new Uint8Array(jpeg)))
  const last = await readTile(blobs, hash, facts, { level: 0, x: 33, y: 0 })
  expect(await sharp(last?.bytes).metadata()).toMatchObject({ width: 17_000 - 33 * 512, height: 16 })
})
