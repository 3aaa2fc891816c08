import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, promises as files } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract, type Header, pack } from 'tar-stream'
import { BlobMissing, type BlobStore, isHash } from '#proxy/media/blobs.ts'
import type { Store } from '#proxy/store/open.ts'
import type { BlobTarget } from './restoreTarget.ts'

const DATABASE = 'marquee.db'

/**
 * Writes everything the server keeps into one tar file: a consistent copy of the database, made while it may be in
 * use, and then every blob. Blobs are never changed, so those of the copy are all there.
 * @returns how many blobs it holds
 * @throws Error if `file` exists or the database is not SQLite
 */
export async function writeBackup(store: Store, blobs: BlobStore, file: string): Promise<number> {
  if (existsSync(file)) throw new Error(`${file} exists already: name a new file`)
  const copy = `${file}.database`
  const unfinished = `${file}.unfinished`
  try {
    await files.writeFile(copy, '', { mode: 0o600 }) // it holds password hashes: for the operator's eyes only
    await store.backup(copy)
    const archive = pack()
    const written = pipeline(archive, createWriteStream(unfinished, { mode: 0o600 }))
    const { size } = await files.stat(copy)
    await add(archive, { name: DATABASE, size }, createReadStream(copy))
    let count = 0
    for await (const hash of blobs.list()) {
      const blob = await blobs.open(hash).catch(passOverMissing)
      if (!blob) continue
      await add(archive, { name: `blobs/${hash}`, size: blob.size }, Readable.fromWeb(blob.stream as never))
      count++
    }
    archive.finalize()
    await written
    await files.rename(unfinished, file)
    return count
  } finally {
    await files.rm(copy, { force: true })
    await files.rm(unfinished, { force: true })
  }
}

/** Between the list and now a blob may have been swept away: nobody names it then. */
const passOverMissing = (error: unknown): undefined => {
  if (error instanceof BlobMissing) return undefined
  throw error
}

async function add(archive: ReturnType<typeof pack>, header: Partial<Header> & { name: string }, from: Readable) {
  await new Promise<void>((resolve, reject) => {
    const entry = archive.entry(header, (error) => (error ? reject(error) : resolve()))
    pipeline(from, entry).catch(reject)
  })
}

/** Where a restored backup goes. */
export interface Places {
  readonly database: string
  readonly blobs: BlobTarget
}

/**
 * Reads a backup back. It is unpacked beside its places and checked first, so that a damaged file changes nothing.
 * What is there already is refused, or with `force` moved aside under a new name, never deleted; what is in a bucket is
 * refused in any case.
 * @returns how many blobs it held, and where the earlier data went
 * @throws Error if the file is no backup or damaged, or if there is data already
 */
export async function restoreBackup(
  file: string,
  places: Places,
  { force }: { force: boolean },
): Promise<{ blobs: number; movedAside: string[] }> {
  const { database, blobs } = places
  const blobsTaken = await blobs.isTaken()
  if (blobsTaken && !blobs.moveAside)
    throw new Error(`${blobs.name} holds blobs already, which cannot be moved aside: set BLOB_STORE to an empty prefix`)
  const taken = [...(existsSync(database) ? [database] : []), ...(blobsTaken ? [blobs.name] : [])]
  if (taken.length > 0 && !force)
    throw new Error(`${taken.join(' and ')} exists already: stop the server and add --force to move it aside`)
  const fresh = `${database}.restoring-${process.pid}`
  try {
    await files.mkdir(path.dirname(database), { recursive: true })
    const count = await unpack(file, fresh, blobs.fresh).catch((error: Error) => {
      throw error.message.startsWith(file)
        ? error
        : new Error(`${file} cannot be restored: ${error.message}`, { cause: error })
    })
    const suffix = `.before-restore-${new Date().toISOString().replace(/[:.]/g, '-')}`
    const movedAside = await moveAside([database, ...sidecars(database)], suffix)
    if (blobsTaken && blobs.moveAside) movedAside.push(await blobs.moveAside(suffix))
    await files.rename(fresh, database)
    await blobs.putInPlace()
    return { blobs: count, movedAside }
  } finally {
    await files.rm(fresh, { force: true })
    await blobs.abandon()
  }
}

async function unpack(file: string, freshDatabase: string, blobs: BlobStore): Promise<number> {
  let database = false
  let count = 0
  const archive = extract()
  const reading = pipeline(createReadStream(file), archive)
  reading.catch(() => undefined) // the loop below meets the same error
  for await (const entry of archive) {
    const { name } = entry.header
    const hash = name.startsWith('blobs/') ? name.slice('blobs/'.length) : ''
    if (name === DATABASE) {
      await pipeline(entry, createWriteStream(freshDatabase))
      database = true
    } else if (isHash(hash)) {
      const hashing = createHash('sha256')
      await blobs.put(
        (async function* () {
          for await (const chunk of entry as AsyncIterable<Buffer>) {
            hashing.update(chunk)
            yield chunk
          }
        })(),
      )
      if (hashing.digest('hex') !== hash) throw new Error(`${file} is damaged: blob ${hash} has other bytes`)
      count++
    } else throw new Error(`${file} is no backup of Marquee: it holds ${name}`)
  }
  await reading
  if (!database) throw new Error(`${file} is no backup of Marquee: it holds no ${DATABASE}`)
  return count
}

/** SQLite's write-ahead log belongs to the database it stands beside, and to no other. */
const sidecars = (database: string): string[] => ['-wal', '-shm'].map((suffix) => database + suffix)

const moveAside = (places: readonly string[], suffix: string): Promise<string[]> =>
  Promise.all(
    places
      .filter((place) => existsSync(place))
      .map(async (place) => {
        await files.rename(place, place + suffix)
        return place + suffix
      }),
  )
