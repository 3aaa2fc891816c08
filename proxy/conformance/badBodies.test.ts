import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer } from '#e2e/server.ts'
import { memoryOf, throwBodies } from './badBodies.ts'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({ RATE_LIMIT: '0' })
}, 60_000)
afterAll(() => server.remove())

it('random and mutated bodies are answered over every protocol, by every method; memory stays small', async () => {
  const { answers, failures } = await throwBodies(server, { bodies: 600, seed: 7 })
  expect(failures).toEqual([])
  expect([...answers.values()].reduce((sum, n) => sum + n, 0)).toBe(600)
  const peak = memoryOf(server.pid ?? 0)
  if (peak !== undefined) expect(peak).toBeLessThan(1.5 * 2 ** 30)
}, 120_000)
