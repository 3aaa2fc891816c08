import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { connectTo, startEchoes } from '#bench/apiClients.ts'
import { measureBigInput } from '#bench/apiMemory.ts'
import { measurePages } from '#bench/apiPages.ts'
import { measurePosts } from '#bench/apiPosts.ts'
import { type ApiRow, printApi } from '#bench/apiReport.ts'
import { TestServer } from '#e2e/server.ts'

export interface ApiBench {
  /** Annotations in the app for the pages: a small number, then a large one. */
  readonly counts: readonly [number, number]
  /** Of each thing measured, and how often. */
  readonly ms: number
  readonly repetitions: number
}

/**
 * The annotation API as it is served, in a process of its own, against echoes of the same messages: through our own
 * edge without a service, and through grpc-js. Client and server share the machine. Prints a table with the goal beside
 * each ratio, and keeps the figures as JSON in bench/results.
 */
export const benchApi = async (options: ApiBench): Promise<void> => {
  const echoes = await startEchoes()
  const server = await TestServer.start({ RATE_LIMIT: '0', DEMO: 'auto' })
  const rows: ApiRow[] = []
  const add = (more: readonly ApiRow[]) => {
    rows.push(...more)
    printApi(more)
  }
  try {
    const key = server.credentials('owner').pat
    add(await measurePosts(server.url, key, echoes, options))
    add(await measurePages(connectTo(server.url, key), echoes, options))
  } finally {
    await server.remove()
    echoes.close()
  }
  add(await measureBigInput())
  console.log(`\n${await save(options, rows)}`)
}

const save = async (options: ApiBench, rows: readonly ApiRow[]): Promise<string> => {
  const folder = new URL('./results/', import.meta.url)
  await mkdir(folder, { recursive: true })
  const at = new Date().toISOString()
  const file = new URL(`api-${at.replaceAll(/[:.]/g, '-')}.json`, folder)
  await writeFile(file, JSON.stringify({ at, node: process.version, options, rows }, null, 2))
  return fileURLToPath(file)
}
