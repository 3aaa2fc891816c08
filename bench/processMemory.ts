import { readFile } from 'node:fs/promises'
import type { Browser } from '@playwright/test'

/**
 * Memory of all the browser's processes that is theirs and not the files they run, MB: heaps, pixels, and what they
 * share with each other counted once. Undefined where the system does not tell (it is Linux's /proc that is read).
 */
export const processMemory = async (browser: Browser): Promise<number | undefined> => {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const sizes = await Promise.all(processInfo.map(({ id }) => memoryOf(id)))
  return sizes.includes(undefined) ? undefined : sizes.reduce<number>((sum, size) => sum + size!, 0)
}

const memoryOf = async (pid: number): Promise<number | undefined> => {
  try {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
    const kB = ['Pss_Anon', 'Pss_Shmem'].map((name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]))
    return kB.every(Number.isFinite) ? (kB[0]! + kB[1]!) / 1024 : undefined
  } catch {
    return undefined
  }
}
