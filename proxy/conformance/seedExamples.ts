import { beforeAll, describe, expect, it } from 'vitest'
import type { ApiClient } from './clients.ts'
import { adding } from './seedAdding.ts'
import { changing } from './seedChanging.ts'
import type { SeedExample } from './seedExample.ts'
import { listing } from './seedListing.ts'
import { Bench, PROTOCOLS, type Target } from './target.ts'

/** The page's twenty examples, in its order. */
export const examples: readonly SeedExample[] = [...adding, ...listing, ...changing]

/** The examples over every protocol; the test's name is the page's heading. */
export const seedExamples = (target: () => Target): void => {
  describe.each(PROTOCOLS)('the examples of the seed page, over %s', (protocol) => {
    let client: ApiClient
    let shared: Bench
    beforeAll(async () => {
      client = target().client(protocol)
      shared = await Bench.make(target(), client)
    })

    it.each(examples.map((example) => [example.heading, example] as const))('%s', async (_, example) => {
      const bench = example.fresh ? await Bench.make(target(), client) : shared
      const fill = await example.prepare(bench)
      const answer = await bench.ok(example.method, example.request(fill))
      expect(answer.status.description).toBe('Ok')
      await example.check(bench, answer, fill)
    })
  })
}
