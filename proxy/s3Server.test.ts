import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { s3Key, startS3 } from '#proxy/media/s3Testing.ts'
import { checkEverything } from '#proxy/operate/check.ts'
import { runPurge } from '#proxy/service/inputs/purge.ts'
import { readConfig } from './config.ts'
import { type RunningServer, StartError, startServer } from './server.ts'

// The product with its pictures in a bucket.

const folder = mkdtempSync(join(tmpdir(), 'marquee-s3-server-'))
let s3: Awaited<ReturnType<typeof startS3>>
let server: RunningServer
const settings = (more: Record<string, string> = {}) =>
  readConfig({
    PORT: '0',
    DATA_DIR: folder,
    BLOB_STORE: 's3://labels/studio',
    S3_ENDPOINT: s3.endpoint,
    LOG_LEVEL: 'fatal',
    ...more,
  })

beforeAll(async () => {
  Object.assign(process.env, s3Key)
  s3 = await startS3({ pageSize: 50 })
  server = await startServer(settings())
}, 60_000)
afterAll(async () => {
  await server.close(1000)
  await s3.close()
  rmSync(folder, { recursive: true, force: true })
})

it('takes an image, gives it in parts, and takes it away for good', async () => {
  const { owner } = JSON.parse(readFileSync(join(folder, 'demo-keys.json'), 'utf8')) as { owner: { pat: string } }
  const headers = { authorization: `Key ${owner.pat}`, 'content-type': 'application/json' }
  const inputs = `${server.url}/v2/users/owner/apps/demo/inputs`
  const picture = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#246' } })
    .png()
    .toBuffer()
  const image = { base64: picture.toString('base64') }
  const body = JSON.stringify({ inputs: [{ id: 'mine', data: { image } }] })
  expect((await fetch(inputs, { method: 'POST', headers, body })).status).toBe(200)
  const { input } = await (await fetch(`${inputs}/mine`, { headers })).json()

  const original = `${server.url}/media/owner/demo/mine/original`
  const part = await fetch(original, { headers: { ...headers, range: 'bytes=10-49' } })
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-49/${picture.length}`])
  expect(Buffer.from(await part.arrayBuffer())).toEqual(picture.subarray(10, 50))
  expect(Buffer.from(await (await fetch(input.data.image.url)).arrayBuffer())).toEqual(picture)
  expect((await fetch(`${server.url}/media/owner/demo/mine/thumbnail`, { headers })).status).toBe(200)

  const { hash } = await server.deps.blobs.put(picture)
  const kept = () => [...s3.objects.keys()].filter((key) => key.includes(hash))
  expect(kept().length).toBeGreaterThan(1) // with what was made of it
  expect(await checkEverything(server.deps.store, server.deps.blobs)).toMatchObject({ problems: [], unused: 0 })
  await fetch(inputs, { method: 'DELETE', headers, body: JSON.stringify({ ids: ['mine'] }) })
  for (const object of s3.objects.values()) object.modifiedAt -= 2 * 86_400_000
  const others = s3.objects.size - kept().length
  const inAMonth = { ...server.deps, now: () => server.deps.now() + 31 * 86_400_000_000 }
  expect(await runPurge(inAMonth)).toMatchObject({ inputs: 1, blobs: 1, bytes: picture.length })
  expect(kept()).toEqual([])
  expect(s3.objects.size).toBe(others)
  expect((await fetch(original, { headers })).status).toBe(404)
})

it('does not start without the bucket, and names the setting', async () => {
  const refused = startServer(settings({ BLOB_STORE: 's3://nowhere', DATA_DIR: join(folder, 'other') }))
  await expect(refused).rejects.toThrow(StartError)
  await expect(refused).rejects.toThrow(/^BLOB_STORE: s3:\/\/nowhere at http\S+: listing failed \(NoSuchBucket\)$/)
})
