import { createHash, randomBytes } from 'node:crypto'
import { promises } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { BlobMissing, type BlobStore, isHash } from './blobs.ts'
import { folders, sweepDisk } from './diskSweep.ts'

const { mkdir, open, readdir, readFile, rename, rm, stat, utimes } = promises

const derivedWord = /^[a-z][a-z0-9-]*$/

/** Below the root, with slashes. */
export const contentName = (hash: string): string => `${fan(hash, 0)}/${fan(hash, 2)}/${hash}`

/** @throws RangeError for anything that could lie elsewhere */
export const derivedName = (hash: string, name: string): string => {
  if (!isHash(hash) || !derivedWord.test(name)) throw new RangeError(`no derived blob can be named ${hash}.${name}`)
  return `derived/${fan(hash, 0)}/${hash}.${name}`
}

/** A folder that may be a cache of what is derived, too. */
export interface DiskBlobs extends BlobStore {
  /** Succeeds when there is nothing to remove. */
  removeDerived(hash: string, name: string): Promise<void>
}

/**
 * Blobs as files under `root`: `ab/cd/abcd…` for content, `derived/ab/abcd….<name>` for what can be computed again.
 * A file appears under its name only when it is complete and synced (temporary name, fsync, rename, fsync of the
 * folder), so a crash leaves at most a `*.tmp` that nobody reads.
 */
export function openDiskBlobs(root: string): DiskBlobs {
  const contentPath = (hash: string) => join(root, contentName(hash))
  const derivedPath = (hash: string, name: string) => join(root, derivedName(hash, name))

  return {
    async put(bytes) {
      if (bytes instanceof Uint8Array) {
        const hash = createHash('sha256').update(bytes).digest('hex')
        const path = contentPath(hash)
        if (!(await isFile(path, bytes.byteLength)) || !(await touched(path))) await writeDurably(path, bytes)
        return { hash, size: bytes.byteLength }
      }
      return received(root, bytes, async (file, { hash }) => {
        const path = contentPath(hash)
        await mkdir(dirname(path), { recursive: true })
        await rename(file, path)
        await syncFolder(dirname(path))
      })
    },
    async get(hash) {
      return (await readOrUndefined(existing(hash, contentPath))) ?? missing(hash)
    },
    async open(hash, part) {
      const file = await open(existing(hash, contentPath)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') throw new BlobMissing(hash, { cause: error })
        throw error
      })
      const { size } = await file.stat()
      const stream = Readable.toWeb(
        file.createReadStream(part && { start: part.first, end: part.last }),
      ) as ReadableStream<Uint8Array>
      return { stream, size }
    },
    has: async (hash) => isHash(hash) && (await isFile(contentPath(hash))),
    async *list() {
      for (const outer of await folders(root))
        for (const inner of await folders(join(root, outer)))
          for (const name of await readdir(join(root, outer, inner))) if (isHash(name)) yield name
    },
    async remove(hash) {
      await rm(existing(hash, contentPath), { force: true })
    },
    sweep: (sweeping) => sweepDisk(root, contentPath, sweeping),
    getDerived: async (hash, name) => readOrUndefined(derivedPath(hash, name)),
    async putDerived(hash, name, bytes) {
      const path = derivedPath(hash, name)
      await writeDurably(path, bytes)
    },
    async removeDerived(hash, name) {
      await rm(derivedPath(hash, name), { force: true })
    },
  }
}

/** Makes a file new for those who sweep. @returns false when one of them was faster */
async function touched(path: string): Promise<boolean> {
  const now = new Date()
  return utimes(path, now, now).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
}

const fan = (hash: string, from: number) => hash.slice(from, from + 2)

function existing(hash: string, path: (hash: string) => string): string {
  return isHash(hash) ? path(hash) : missing(hash)
}

function missing(hash: string): never {
  throw new BlobMissing(hash)
}

/** With a size, a file of another size (torn by a full disk, cut by hand) counts as absent, so `put` repairs it. */
async function isFile(path: string, size?: number): Promise<boolean> {
  try {
    const found = await stat(path)
    return found.isFile() && (size === undefined || found.size === size)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

async function readOrUndefined(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Writes to a temporary name in the same folder, then renames. */
async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = temporaryName(path)
  try {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/**
 * A body whose hash is known only at its end: written and synced in a temporary file in `root`, then `keep` takes it,
 * who may move the file away. Nothing of it is left, whatever happens.
 */
export async function received(
  root: string,
  chunks: AsyncIterable<Uint8Array>,
  keep: (file: string, blob: { hash: string; size: number }) => Promise<void>,
): Promise<{ hash: string; size: number }> {
  await mkdir(root, { recursive: true })
  const temporary = temporaryName(join(root, 'incoming'))
  const digest = createHash('sha256')
  let size = 0
  try {
    const file = await open(temporary, 'wx')
    try {
      for await (const chunk of chunks) {
        digest.update(chunk)
        size += chunk.byteLength
        await file.writeFile(chunk)
      }
      await file.sync()
    } finally {
      await file.close()
    }
    const blob = { hash: digest.digest('hex'), size }
    await keep(temporary, blob)
    return blob
  } finally {
    await rm(temporary, { force: true })
  }
}

const temporaryName = (path: string) => `${path}.${randomBytes(6).toString('hex')}.tmp`

/** A rename is durable only once its folder is; Windows cannot open folders and needs no such call. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
