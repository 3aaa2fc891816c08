import { expect, it } from 'vitest'
import type { UpstreamApi } from './upstream.ts'
import { eachPage } from './upstreamInputs.ts'

/** An upstream with so many inputs, that counts its calls and how many of them run at once. */
const upstreamOf = (count: number, failing = 0) => {
  const seen = { calls: 0, running: 0, atOnce: 0 }
  const ok = async (_method: unknown, { page, perPage }: { page: number; perPage: number }) => {
    seen.calls++
    seen.atOnce = Math.max(seen.atOnce, ++seen.running)
    await new Promise(setImmediate)
    seen.running--
    if (page === failing) throw new Error(`page ${page}`)
    const first = (page - 1) * perPage
    return {
      inputs: Array.from({ length: Math.max(0, Math.min(perPage, count - first)) }, (_, i) => ({ id: `${first + i}` })),
    }
  }
  return { api: { ok } as unknown as UpstreamApi, seen }
}
const app = { userId: 'owner', appId: 'demo' }
const idsOf = async (api: UpstreamApi, most: number): Promise<string[]> =>
  (await Array.fromAsync(eachPage(api, app, most))).flat().map(({ id }) => id)

it('walks every input in the order of the upstream, however many there are', async () => {
  const { api, seen } = upstreamOf(30_500)
  expect(await idsOf(api, 500_000)).toEqual(Array.from({ length: 30_500 }, (_, i) => `${i}`))
  expect(seen.atOnce).toBe(2)
})

it('asks once where there are few, and no more than it may', async () => {
  const few = upstreamOf(3)
  expect(await idsOf(few.api, 500_000)).toHaveLength(3)
  expect(few.seen.calls).toBe(1)
  expect(await idsOf(upstreamOf(30_000).api, 5000)).toHaveLength(5000)
})

it('tells of a page that fails when it comes to it', async () => {
  const { api } = upstreamOf(30_000, 3)
  await expect(idsOf(api, 500_000)).rejects.toThrow('page 3')
})
