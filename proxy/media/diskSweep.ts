import { promises } from 'node:fs'
import { basename, join } from 'node:path'
import { isHash, type Sweeping } from './blobs.ts'

const { readdir, rename, rm, stat } = promises

const hashesAtOnce = 500
/** What a file is called while it is decided whether it goes. */
const dying = '.dying'

/** Of files as `openDiskBlobs` lays them out. */
export async function sweepDisk(
  root: string,
  contentPath: (hash: string) => string,
  { olderThan, signal, named }: Sweeping,
): Promise<{ blobs: number; bytes: number }> {
  const gone = { blobs: 0, bytes: 0 }
  const derived = await derivedByHash(root)
  let old: string[] = []
  const decide = async () => {
    const kept = await named(old)
    for (const hash of old.filter((one) => !kept.has(one))) {
      const bytes = await removeOld(contentPath(hash), olderThan)
      if (bytes === undefined) continue
      gone.blobs++
      gone.bytes += bytes
      for (const path of derived.get(hash) ?? []) await rm(path, { force: true })
      derived.delete(hash)
    }
    old = []
  }
  for await (const path of files(root)) {
    if (signal.aborted) return gone
    const name = basename(path)
    if (name.endsWith(dying)) await comeBack(path)
    if (name.endsWith('.tmp') && (await modifiedAt(path)) < olderThan) await rm(path, { force: true })
    if (isHash(name) && (await modifiedAt(path)) < olderThan) old.push(name)
    if (old.length >= hashesAtOnce) await decide()
  }
  await decide()
  for (const [hash, paths] of derived)
    if (!signal.aborted && (await modifiedAt(contentPath(hash))) === absent)
      for (const path of paths) if ((await modifiedAt(path)) < olderThan) await rm(path, { force: true })
  return gone
}

const absent = Number.POSITIVE_INFINITY

/** ms since 1970; of what is not there {@link absent}. */
const modifiedAt = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => absent,
  )

/**
 * Takes a file out of the way, looks once more whether it is old, and removes it. Whoever stores the same bytes again
 * makes the file new before, and then it is put back, or finds it gone, and writes it.
 * @returns its bytes, or undefined when it stays
 */
async function removeOld(path: string, olderThan: number): Promise<number | undefined> {
  const aside = `${path}${dying}`
  try {
    await rename(path, aside)
    const { mtimeMs, size } = await stat(aside)
    if (mtimeMs < olderThan) {
      await rm(aside)
      return size
    }
    await rename(aside, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return undefined
}

/** What was taken aside by somebody who was cut off is decided about anew the next time. */
async function comeBack(aside: string): Promise<void> {
  const path = aside.slice(0, -dying.length)
  if ((await modifiedAt(path)) === absent) await rename(aside, path).catch(() => undefined)
  else await rm(aside, { force: true })
}

/** Everything but what was derived, and what is being received. */
async function* files(root: string): AsyncGenerator<string> {
  for (const entry of await readdir(root, { withFileTypes: true }).catch(() => []))
    if (entry.isFile()) yield join(root, entry.name)
  for (const outer of await folders(root))
    for (const inner of await folders(join(root, outer)))
      for (const name of await readdir(join(root, outer, inner))) yield join(root, outer, inner, name)
}

async function derivedByHash(root: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const outer of await folders(join(root, 'derived')))
    for (const name of await readdir(join(root, 'derived', outer))) {
      const hash = name.slice(0, 64)
      if (isHash(hash)) found.set(hash, [...(found.get(hash) ?? []), join(root, 'derived', outer, name)])
    }
  return found
}

export async function folders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return entries.filter((entry) => entry.isDirectory() && /^[0-9a-f]{2}$/.test(entry.name)).map((entry) => entry.name)
}
