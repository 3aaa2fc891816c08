import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BlobPlace, openBlobs } from '#proxy/media/blobPlace.ts'
import type { BlobStore } from '#proxy/media/blobs.ts'
import { openDiskBlobs } from '#proxy/media/disk.ts'
import { type S3Server, s3Bucket, s3Key, startS3 } from '#proxy/media/s3Testing.ts'
import { addApp, addInput, addUser } from '#proxy/service/testing.ts'
import { openStore, type Store } from '#proxy/store/open.ts'
import { restoreBackup, writeBackup } from './backup.ts'
import { checkEverything } from './check.ts'
import { blobTarget } from './restoreTarget.ts'

let folder: string
let store: Store
let blobs: BlobStore
const at = (...parts: string[]) => path.join(folder, ...parts)

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'marquee-operate-'))
  store = await openStore({ databaseUrl: at('marquee.db') })
  blobs = openDiskBlobs(at('blobs'))
  await addUser(store, 'ana')
  const app = await addApp(store, 'ana', 'demo')
  await addInput(store, app, 'photo')
  const { hash } = await blobs.put(Buffer.from('the bytes of a picture'))
  await store.write.updateTable('input').set({ original: hash }).execute()
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const restored = { database: '', blobs: '' }
const places = () => {
  Object.assign(restored, { database: at('new', 'marquee.db'), blobs: at('new', 'blobs') })
  return { ...restored, blobs: blobTarget({ kind: 'folder', path: restored.blobs }, folder) }
}
const options = (force = false) => ({ force })

describe('a backup', () => {
  it('brings everything back, and the check finds it in order', async () => {
    expect(await writeBackup(store, blobs, at('backup.tar'))).toBe(1)
    expect(await restoreBackup(at('backup.tar'), places(), options())).toEqual({ blobs: 1, movedAside: [] })
    const again = await openStore({ databaseUrl: restored.database })
    expect(await again.read.selectFrom('input').select('id').execute()).toEqual([{ id: 'photo' }])
    const findings = await checkEverything(again, openDiskBlobs(restored.blobs))
    expect(findings).toEqual({ problems: [], rows: 3, blobs: 1, unused: 0 })
    await again.close()
  })

  it('is for the operator alone to read: it holds password hashes', async () => {
    await writeBackup(store, blobs, at('backup.tar'))
    expect(statSync(at('backup.tar')).mode & 0o777).toBe(0o600)
  })

  it('leaves nothing half-written behind, and never overwrites', async () => {
    await writeBackup(store, blobs, at('backup.tar'))
    await expect(writeBackup(store, blobs, at('backup.tar'))).rejects.toThrow('exists already')
    expect(readdirSync(folder).filter((name) => /database|unfinished/.test(name))).toEqual([])
  })

  it('is not restored over data unless forced, and then the data is moved aside', async () => {
    await writeBackup(store, blobs, at('backup.tar'))
    await restoreBackup(at('backup.tar'), places(), options())
    await expect(restoreBackup(at('backup.tar'), places(), options())).rejects.toThrow('--force')
    const { movedAside } = await restoreBackup(at('backup.tar'), places(), options(true))
    expect(movedAside).toHaveLength(2)
    expect(movedAside.every((place) => existsSync(place))).toBe(true)
  })

  it('that is damaged changes nothing', async () => {
    await writeBackup(store, blobs, at('backup.tar'))
    const bytes = readFileSync(at('backup.tar'))
    bytes.write('XXX', bytes.indexOf('the bytes of a picture'))
    writeFileSync(at('damaged.tar'), bytes)
    writeFileSync(at('other.tar'), 'this is no archive at all')
    for (const name of ['damaged.tar', 'other.tar'])
      await expect(restoreBackup(at(name), places(), options())).rejects.toThrow(name)
    expect(existsSync(restored.database)).toBe(false)
    expect(existsSync(restored.blobs)).toBe(false)
  })
})

describe('a backup of a bucket', () => {
  let s3: S3Server
  let place: BlobPlace
  beforeEach(async () => {
    Object.assign(process.env, s3Key)
    s3 = await startS3()
    place = { kind: 's3', bucket: s3Bucket, prefix: 'a', endpoint: s3.endpoint, region: 'us-east-1' }
    return () => s3.close()
  })
  const restore = (file: string, force = false) =>
    restoreBackup(at(file), { database: at('new', 'marquee.db'), blobs: blobTarget(place, at('new')) }, { force })

  it('is written, and restored into an empty prefix only', async () => {
    const inBucket = openBlobs(place, folder)
    const { hash } = await inBucket.put(Buffer.from('the bytes of a picture'))
    expect(await writeBackup(store, inBucket, at('backup.tar'))).toBe(1)
    await expect(restore('backup.tar', true)).rejects.toThrow('s3://labels/a holds blobs already')
    expect(await inBucket.has(hash)).toBe(true)
    place = { ...place, prefix: 'b' } as BlobPlace
    expect(await restore('backup.tar')).toEqual({ blobs: 1, movedAside: [] })
    const again = await openStore({ databaseUrl: at('new', 'marquee.db') })
    expect((await checkEverything(again, openBlobs(place, at('new')))).problems).toEqual([])
    await again.close()
  })

  it('that is damaged leaves the bucket empty', async () => {
    await writeBackup(store, blobs, at('backup.tar'))
    const bytes = readFileSync(at('backup.tar'))
    bytes.write('XXX', bytes.indexOf('the bytes of a picture'))
    writeFileSync(at('damaged.tar'), bytes)
    await expect(restore('damaged.tar')).rejects.toThrow('damaged')
    expect([...s3.objects.keys()]).toEqual([])
    expect(existsSync(at('new', 'marquee.db'))).toBe(false)
  })
})

describe('the check', () => {
  it('names a missing blob, a changed one and a message that cannot be read', async () => {
    const hash = (await Array.fromAsync(blobs.list()))[0] ?? ''
    const file = at('blobs', hash.slice(0, 2), hash.slice(2, 4), hash)
    writeFileSync(file, 'other bytes')
    expect((await checkEverything(store, blobs)).problems.join()).toContain('other bytes')
    rmSync(file)
    await store.write
      .updateTable('input')
      .set({ message: Uint8Array.of(255, 255, 255) })
      .execute()
    const { problems } = await checkEverything(store, blobs)
    expect(problems.join()).toContain(`blob ${hash} of input photo is missing`)
    expect(problems.join()).toContain('cannot be read as clarifai.api.Input')
  })
  it('names what a dataset version and its export lack', async () => {
    const [app] = await store.read.selectFrom('app').select('no').execute()
    const stamped = { rev: 1, created_at: 1, modified_at: 1, deleted_at: null, deleted_by: null }
    const made = { app: app!.no, ...stamped, message: new Uint8Array() }
    await store.write
      .insertInto('dataset')
      .values({ no: 1, id: 'set', ...made })
      .execute()
    const [snapshot, archive] = ['a', 'b'].map((digit) => digit.repeat(64))
    const version = { no: 1, id: 'v1', dataset: 1, status_code: 0, status_details: '', cut_rev: 0, metrics: null }
    await store.write
      .insertInto('dataset_version')
      .values({ ...version, ...made, snapshot: snapshot! })
      .execute()
    const exported = { version: 1, format: 2, status_code: 0, status_details: '', hash: archive!, size: 1 }
    await store.write.insertInto('dataset_export').values(exported).execute()
    expect((await checkEverything(store, blobs)).problems).toEqual([
      `blob ${snapshot} of dataset version v1 is missing`,
      `blob ${archive} of export of dataset version v1 is missing`,
    ])
  })
})
